import { judgement, type MeshPromise } from './promise.ts'

export const goldenMetrics: MeshPromise = {
  id: 'golden-metrics',
  title: { en: 'Golden metrics', es: 'Métricas básicas (golden metrics)' },
  claim: {
    en: 'Requests, success rate and latency that the proxies report are those that the services saw.',
    es: 'Las peticiones, el éxito y la latencia que informan los proxies son los que vieron los servicios.',
  },
  off: {
    en: 'Traffic that bypasses the proxies is not counted.',
    es: 'El tráfico que no pasa por los proxies no se cuenta.',
  },
  on: {
    en: 'linkerd viz shows the same rate, success rate and latency as this page.',
    es: 'linkerd viz muestra la misma tasa, el mismo éxito y la misma latencia que esta página.',
  },
  switchOn: null,
  switchOff: null,
  instead: 'linkerd viz stat deploy/consumer-v1 --to deploy/provider-v1',
  tryWith: {},
  judge({ counts, seconds }) {
    const { ended, failed } = counts
    return judgement(
      'cannot-tell',
      'This page does not read the proxies’ metrics. It saw {rate} calls per second, of which {success} succeeded: compare that with the output of linkerd viz, or run the prover.',
      'Esta página no lee las métricas de los proxies. Vio {rate} llamadas por segundo, {success} con éxito: compárelo con lo que muestra linkerd viz, o ejecute el comprobador.',
      { rate: ended / Math.max(1, seconds), success: { share: ended === 0 ? 0 : 1 - failed / ended } },
    )
  },
}
