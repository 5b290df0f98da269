import { ENOUGH_CALLS, judgement, type MeshPromise, tooFew } from './promise.ts'
import { failedAs, sumOf } from './traffic.ts'

export const authorization: MeshPromise = {
  id: 'authorization',
  title: { en: 'Authorization', es: 'Autorización' },
  claim: {
    en: "Only the consumer's ServiceAccount may call the provider; others are refused by the provider's proxy.",
    es: 'Solo la ServiceAccount del consumidor puede llamar al proveedor; el proxy del proveedor rechaza a los demás.',
  },
  off: { en: 'Every caller gets 200.', es: 'Cualquier llamante recibe 200.' },
  on: {
    en: 'This consumer gets 200. On the live page of consumer-stranger every call gets 403 from the mesh.',
    es: 'Este consumidor recibe 200. En la página de consumer-stranger, cada llamada recibe un 403 de la malla.',
  },
  switchOn: 'kubectl apply -k k8s/features/authorization',
  switchOff: 'kubectl delete -k k8s/features/authorization',
  seenBy: 'consumer-stranger',
  tryWith: { rate: 10 },
  judge(traffic) {
    const { ended, byCaller } = traffic.counts
    const few = tooFew(ended)
    if (few) return few
    const refused = failedAs(traffic, /^403 mesh/)
    if (refused / ended >= 0.99) {
      return judgement(
        'looks-on',
        'This caller is refused: {refused} of its last {ended} calls got 403 from the mesh.',
        'La malla rechaza a este llamante: {refused} de sus últimas {ended} llamadas recibieron 403.',
        { refused, ended },
      )
    }
    const others = sumOf(Object.fromEntries(Object.entries(byCaller).filter(([name]) => !isTheConsumer(name))))
    if (refused === 0 && others >= ENOUGH_CALLS) {
      return judgement(
        'looks-off',
        '{others} of {ended} calls were answered without the identity of the consumer.',
        '{others} de {ended} llamadas obtuvieron respuesta sin la identidad del consumidor.',
        { others, ended },
      )
    }
    return judgement(
      'cannot-tell',
      'The policy allows this consumer, so its {ended} calls ({refused} got 403 from the mesh) look the same with and without it. Use the live page of consumer-stranger.',
      'La política admite a este consumidor, así que sus {ended} llamadas ({refused} con 403 de la malla) se ven igual con ella y sin ella. Use la página de consumer-stranger.',
      { ended, refused },
    )
  },
}

/** Whether an identity is that of the ServiceAccount consumer: SERVICEACCOUNT.NAMESPACE.serviceaccount.…, or of Istio. */
const isTheConsumer = (identity: string) => /^consumer\.|^spiffe:.*\/sa\/consumer$/.test(identity)
