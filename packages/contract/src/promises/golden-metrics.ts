import { judgement, type MeshPromise } from './promise.ts'

export const goldenMetrics: MeshPromise = {
  id: 'golden-metrics',
  title: { en: 'Golden metrics', es: 'Métricas doradas' },
  claim: {
    en: 'Requests, success rate and latency that the proxies report are those that the services saw.',
    es: 'Las peticiones, el éxito y la latencia que informan los proxies son los que vieron los servicios.',
  },
  off: { en: 'Past the proxies nothing is counted.', es: 'Sin pasar por los proxies no se cuenta nada.' },
  on: {
    en: 'linkerd viz shows the rate, success and latency of this page.',
    es: 'linkerd viz muestra la frecuencia, el éxito y la latencia de esta página.',
  },
  switchOn: 'linkerd viz stat deploy/consumer-v1 --to deploy/provider-v1',
  switchOff: null,
  tryWith: {},
  judge({ counts, seconds }) {
    const { ended, failed } = counts
    return judgement(
      'cannot-tell',
      'This page does not read the proxies’ counters. It saw {rate} calls a second, {success} of them answered well: compare.',
      'Esta página no lee los contadores de los proxies. Vio {rate} llamadas por segundo, {success} bien respondidas: compare.',
      { rate: ended / Math.max(1, seconds), success: { share: ended === 0 ? 0 : 1 - failed / ended } },
    )
  },
}
