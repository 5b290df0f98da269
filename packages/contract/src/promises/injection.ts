import { judgement, type MeshPromise, tooFew } from './promise.ts'
import { answered } from './traffic.ts'

export const injection: MeshPromise = {
  id: 'injection',
  title: { en: 'Proxy injection', es: 'Inyección del proxy' },
  claim: {
    en: 'Each pod that asks for it gets a proxy, and the proxy carries its traffic.',
    es: 'Cada pod que lo pide recibe un proxy, y el proxy lleva su tráfico.',
  },
  off: {
    en: 'The consumer has no proxy, and no call has an identity.',
    es: 'El consumidor no tiene proxy, y ninguna llamada lleva identidad.',
  },
  on: {
    en: 'Both pods have a proxy: calls arrive with the identity of the consumer.',
    es: 'Ambos pods tienen un proxy: las llamadas llegan con la identidad del consumidor.',
  },
  switchOn: 'kubectl apply -k k8s/overlays/demo',
  switchOff: 'kubectl apply -k k8s/overlays/unmeshed',
  tryWith: { rate: 10 },
  judge(traffic) {
    const calls = answered(traffic)
    const identified = calls - (traffic.counts.byCaller['none'] ?? 0)
    if (!traffic.meshed) {
      return judgement(
        'looks-off',
        'This consumer has no proxy; its {calls} answered calls went out directly.',
        'Este consumidor no tiene proxy; sus {calls} llamadas respondidas salieron directamente.',
        { calls },
      )
    }
    const few = tooFew(calls)
    if (few) return few
    if (identified === 0) {
      return judgement(
        'looks-off',
        'The consumer has a proxy, but the provider saw no identity in {calls} calls: the provider seems to have no proxy.',
        'El consumidor tiene un proxy, pero el proveedor no vio ninguna identidad en {calls} llamadas: parece que el proveedor no tiene proxy.',
        { calls },
      )
    }
    return judgement(
      'looks-on',
      'This consumer has a proxy, and {identified} of {calls} calls arrived with its identity.',
      'Este consumidor tiene un proxy, y {identified} de {calls} llamadas llegaron con su identidad.',
      { identified, calls },
    )
  },
}
