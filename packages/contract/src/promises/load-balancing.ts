import { ONE_POD_IS_SLOW } from './preparations.ts'
import { judgement, type MeshPromise, tooFew } from './promise.ts'
import { meanMs, podsByHealth, shareOf } from './traffic.ts'

const ENOUGH = 100
/** 15 % of three pods, as the prover demands. */
const MOST_OF_FAIR = 0.45

export const loadBalancing: MeshPromise = {
  id: 'load-balancing',
  title: { en: 'Load balancing by latency', es: 'Balanceo por latencia' },
  claim: {
    en: 'The caller’s proxy sends requests where answers come fast: a slow pod gets far less than its share.',
    es: 'El proxy del llamante envía adonde se responde rápido: un pod lento recibe mucho menos que su parte.',
  },
  off: {
    en: 'A slow pod gets as many calls as the others.',
    es: 'Un pod lento recibe tantas llamadas como los demás.',
  },
  on: {
    en: 'A slow pod gets less than half of an even share.',
    es: 'Un pod lento recibe menos de la mitad de lo equitativo.',
  },
  switchOn: null,
  switchOff: null,
  prepare: ONE_POD_IS_SLOW,
  tryWith: { rate: 50 },
  judge(traffic) {
    const pods = podsByHealth(traffic).healthy
    const few = tooFew(
      pods.reduce((sum, { ended }) => sum + ended, 0),
      ENOUGH,
    )
    if (few) return few
    const [slow, ...others] = pods.toSorted((a, b) => meanMs(b) - meanMs(a))
    const quickMs = Math.min(...others.map(meanMs))
    if (slow === undefined || others.length === 0 || meanMs(slow) < Math.max(3 * quickMs, quickMs + 10)) {
      return judgement(
        'cannot-tell',
        'None of the {pods} pods is much slower than the others. Slow one down, with the command below.',
        'Ninguno de los {pods} pods es mucho más lento que los demás. Ralentice uno, con el comando de abajo.',
        { pods: pods.length },
      )
    }
    const { share, ofFair, total } = shareOf(slow, pods)
    const figures = {
      pod: slow.pod,
      ms: meanMs(slow),
      quickMs,
      share: { share },
      total,
      fair: { share: 1 / pods.length },
    }
    const en =
      '{pod} is slow ({ms} ms; the fastest takes {quickMs} ms) and got {share} of the last {total} calls; an even share is {fair}'
    const es =
      '{pod} es lento ({ms} ms; el más rápido tarda {quickMs} ms) y recibió {share} de las últimas {total} llamadas; lo equitativo sería {fair}'
    if (ofFair <= MOST_OF_FAIR) return judgement('looks-on', `${en}.`, `${es}.`, figures)
    return judgement(ofFair >= 0.75 ? 'looks-off' : 'cannot-tell', `${en}.`, `${es}.`, figures)
  },
}
