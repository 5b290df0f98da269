import { judgement, type MeshPromise, tooFew } from './promise.ts'
import { answered } from './traffic.ts'

export const mtlsIdentity: MeshPromise = {
  id: 'mtls-identity',
  title: { en: 'Mutual TLS and identity', es: 'TLS mutuo e identidad' },
  claim: {
    en: 'Calls between pods are mutual TLS: the provider learns who calls, and nobody can pretend to be another.',
    es: 'Las llamadas entre pods usan TLS mutuo: el proveedor sabe quién llama, y nadie puede hacerse pasar por otro.',
  },
  off: { en: 'The provider sees no identity.', es: 'El proveedor no ve ninguna identidad.' },
  on: {
    en: 'The provider sees the identity of the consumer on every call.',
    es: 'El proveedor ve la identidad del consumidor en cada llamada.',
  },
  switchOn: 'kubectl apply -k k8s/overlays/demo',
  switchOff: 'kubectl apply -k k8s/overlays/unmeshed',
  tryWith: { rate: 10 },
  judge(traffic) {
    const calls = answered(traffic)
    const few = tooFew(calls)
    if (few) return few
    const { none = 0, ...callers } = traffic.counts.byCaller
    const identities = Object.keys(callers)
    if (none === calls) {
      return judgement(
        'looks-off',
        'None of the last {calls} calls arrived with an identity; expected: all.',
        'Ninguna de las últimas {calls} llamadas llegó con identidad; esperado: todas.',
        { calls },
      )
    }
    if (none > 0) {
      return judgement(
        'cannot-tell',
        'Only {share} of the last {calls} calls arrived with an identity: some pods seem to have no proxy.',
        'Solo {share} de las últimas {calls} llamadas llegó con identidad: parece que algunos pods no tienen proxy.',
        { share: { share: 1 - none / calls }, calls },
      )
    }
    return judgement(
      'looks-on',
      'All of the last {calls} calls arrived with the identity {identity}.',
      'Las últimas {calls} llamadas llegaron todas con la identidad {identity}.',
      { calls, identity: identities.join(', ') },
    )
  },
}
