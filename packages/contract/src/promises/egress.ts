import { judgement, type MeshPromise, tooFew } from './promise.ts'
import { failedAs } from './traffic.ts'

/** The addresses reserved for documentation (RFC 5737), as in k8s/features/egress. */
const OUTSIDE = /^(192\.0\.2|198\.51\.100|203\.0\.113)\./

export const egress: MeshPromise = {
  id: 'egress',
  title: { en: 'Egress', es: 'Tráfico de salida' },
  claim: {
    en: 'A call to an address outside the cluster is refused at once by the caller’s own proxy.',
    es: 'El propio proxy del llamante rechaza de inmediato una llamada a una dirección fuera del clúster.',
  },
  off: {
    en: 'On the live page of consumer-outside calls fail with 502 or 504 after a few seconds.',
    es: 'En la página de consumer-outside las llamadas fallan con 502 o 504 al cabo de unos segundos.',
  },
  on: {
    en: 'On the live page of consumer-outside every call gets 403 from its own proxy, immediately.',
    es: 'En la página de consumer-outside cada llamada recibe al instante un 403 de su propio proxy.',
  },
  switchOn: 'kubectl apply -k k8s/features/egress',
  switchOff: 'kubectl delete -k k8s/features/egress',
  seenBy: 'consumer-outside',
  tryWith: { rate: 10 },
  judge(traffic) {
    const { provider, counts } = traffic
    if (!OUTSIDE.test(provider)) {
      return judgement(
        'cannot-tell',
        'The {ended} calls of this consumer go to {provider}, inside the cluster. Use the live page of consumer-outside.',
        'Las {ended} llamadas de este consumidor van a {provider}, dentro del clúster. Use la página de consumer-outside.',
        { ended: counts.ended, provider },
      )
    }
    const few = tooFew(counts.ended)
    if (few) return few
    const refused = failedAs(traffic, /^403 mesh outbound/)
    const share = refused / counts.ended
    return judgement(
      share >= 0.99 ? 'looks-on' : share === 0 ? 'looks-off' : 'cannot-tell',
      'The consumer’s own proxy refused {refused} of {ended} calls to {provider}; expected: all.',
      'El propio proxy del consumidor rechazó {refused} de {ended} llamadas a {provider}; esperado: todas.',
      { refused, ended: counts.ended, provider },
    )
  },
}
