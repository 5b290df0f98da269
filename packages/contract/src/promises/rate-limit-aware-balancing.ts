import { ONE_POD_REFUSES } from './preparations.ts'
import { judgement, type MeshPromise } from './promise.ts'
import { failedAs, podsByHealth, shareOf } from './traffic.ts'

const ENOUGH = 100

export const rateLimitAwareBalancing: MeshPromise = {
  id: 'rate-limit-aware-balancing',
  title: { en: 'Rate-limit-aware balancing', es: 'Balanceo que respeta los límites de tasa' },
  claim: {
    en: 'A pod that answers 429 with Retry-After at once gets few calls: its quick refusals do not attract more.',
    es: 'Un pod que responde 429 con Retry-After al instante recibe pocas llamadas: sus rechazos rápidos no atraen más.',
  },
  off: {
    en: 'The pod that refuses calls gets most of them, because it answers fastest.',
    es: 'El pod que rechaza recibe la mayoría de las llamadas, por ser el más rápido.',
  },
  on: {
    en: 'The pod that refuses calls gets far less than its share.',
    es: 'El pod que rechaza recibe mucho menos de lo que le correspondería.',
  },
  switchOn: 'kubectl apply -k k8s/overlays/rate-limit-aware-balancing',
  switchOff: 'kubectl apply -k k8s/overlays/demo',
  prepare: ONE_POD_REFUSES,
  tryWith: { rate: 50 },
  judge(traffic) {
    const { failing, healthy } = podsByHealth(traffic)
    const [refusing] = failing.toSorted((a, b) => b.ended - a.ended)
    const pods = [...failing, ...healthy]
    const refused = failedAs(traffic, /^429 provider/)
    if (refusing === undefined || healthy.length === 0 || refused === 0) {
      return judgement(
        'cannot-tell',
        '{refused} calls got 429 from a provider, and {failing} of {pods} pods refuse calls. It takes one pod that refuses and one that does not.',
        '{refused} llamadas recibieron 429 de un proveedor, y {failing} de {pods} pods rechazan llamadas. Hace falta un pod que rechace y otro que no.',
        { refused, failing: failing.length, pods: traffic.pods.length },
      )
    }
    const { share, ofFair, total } = shareOf(refusing, pods)
    const figures = { pod: refusing.pod, share: { share }, total, fair: { share: 1 / pods.length } }
    const verdict =
      total < ENOUGH ? 'cannot-tell' : ofFair <= 0.5 ? 'looks-on' : ofFair >= 0.9 ? 'looks-off' : 'cannot-tell'
    return judgement(
      verdict,
      '{pod} answers 429 and got {share} of the last {total} calls; an even share is {fair}.',
      '{pod} responde 429 y recibió {share} de las últimas {total} llamadas; lo equitativo sería {fair}.',
      figures,
    )
  },
}
