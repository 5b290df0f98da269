import { ONE_POD_FAILS } from './preparations.ts'
import { judgement, type MeshPromise } from './promise.ts'
import { failedAs, podsByHealth, shareOf } from './traffic.ts'

/** The calls that trip the breaker, those in flight meanwhile, and probes. */
const MOST_FAILURES = 30
const ENOUGH = 100

export const circuitBreaking: MeshPromise = {
  id: 'circuit-breaking',
  title: { en: 'Circuit breaking', es: 'Cortacircuitos' },
  claim: {
    en: 'A pod that fails again and again is taken out by the caller’s proxy, and comes back once it is healed.',
    es: 'El proxy del llamante retira un pod que falla una y otra vez, y este vuelve cuando se ha recuperado.',
  },
  off: {
    en: 'A failing pod keeps getting, and failing, its share of the calls.',
    es: 'Un pod que falla sigue recibiendo su parte de las llamadas, y fallándolas.',
  },
  on: {
    en: 'After a few failures the failing pod only gets an occasional probe.',
    es: 'Tras unos pocos fallos, el pod solo recibe una prueba de vez en cuando.',
  },
  switchOn: 'kubectl apply -k k8s/overlays/circuit-breaking',
  switchOff: 'kubectl apply -k k8s/overlays/demo',
  prepare: ONE_POD_FAILS,
  tryWith: { rate: 50 },
  judge(traffic) {
    const { failing, healthy } = podsByHealth(traffic)
    const [sick] = failing.toSorted((a, b) => b.ended - a.ended)
    const pods = [...failing, ...healthy]
    if (sick === undefined || healthy.length === 0 || failedAs(traffic, /^5\d\d provider/) === 0) {
      return judgement(
        'cannot-tell',
        '{failing} of {pods} pods fail. Make exactly one pod fail, with the command below.',
        'Fallan {failing} de {pods} pods. Haga fallar exactamente uno, con el comando de abajo.',
        { failing: failing.length, pods: traffic.pods.length },
      )
    }
    const { share, ofFair, total } = shareOf(sick, pods)
    const figures = { pod: sick.pod, failed: sick.failed, share: { share }, total, fair: { share: 1 / pods.length } }
    const en = '{pod} fails, and got {share} of the last {total} calls ({failed} failures); an even share is {fair}'
    const es =
      '{pod} falla y recibió {share} de las últimas {total} llamadas ({failed} fallos); lo equitativo sería {fair}'
    if (total >= ENOUGH && ofFair <= 0.1) {
      return judgement('looks-on', `${en}: it has been taken out.`, `${es}: ha sido retirado.`, figures)
    }
    if (sick.ended > MOST_FAILURES && ofFair > 0.25) {
      return judgement('looks-off', `${en}: it has not been taken out.`, `${es}: no ha sido retirado.`, figures)
    }
    return judgement('cannot-tell', `${en}: too early to tell.`, `${es}: aún es pronto para saberlo.`, figures)
  },
}
