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
    en: 'No proxy beside the consumer, and no identity on any call.',
    es: 'Ningún proxy junto al consumidor, y ninguna identidad en las llamadas.',
  },
  on: {
    en: 'Both pods have a proxy: the calls arrive with the identity of the consumer.',
    es: 'Ambos pods tienen un proxy: las llamadas llegan con la identidad del consumidor.',
  },
  switchOn: 'kubectl apply -k k8s',
  switchOff: 'kubectl apply -k k8s/overlays/unmeshed',
  tryWith: { rate: 10 },
  judge(traffic) {
    const calls = answered(traffic)
    const identified = calls - (traffic.counts.byCaller['none'] ?? 0)
    if (!traffic.meshed) {
      return judgement(
        'looks-off',
        'No proxy answers beside this consumer; its {calls} answered calls went out directly.',
        'Ningún proxy responde junto a este consumidor; sus {calls} llamadas respondidas salieron directamente.',
        { calls },
      )
    }
    const few = tooFew(calls)
    if (few) return few
    if (identified === 0) {
      return judgement(
        'looks-off',
        'The consumer has a proxy, but the provider saw no identity in {calls} calls: it seems to have none.',
        'El consumidor tiene un proxy, pero el proveedor no vio identidad en {calls} llamadas: parece que no tiene.',
        { calls },
      )
    }
    return judgement(
      'looks-on',
      'A proxy answers beside this consumer, and {identified} of {calls} calls arrived with its identity.',
      'Un proxy responde junto a este consumidor, y {identified} de {calls} llamadas llegaron con su identidad.',
      { identified, calls },
    )
  },
}
