import { ENOUGH_CALLS, judgement, type MeshPromise } from './promise.ts'
import { failedAs, sumOf } from './traffic.ts'

/** One call and the retries of retry.linkerd.io/limit in k8s/features/retries. */
const MOST_ATTEMPTS = 3

export const retries: MeshPromise = {
  id: 'retries',
  title: { en: 'Retries', es: 'Reintentos' },
  claim: {
    en: 'A call that fails with 503 is sent again by the caller’s proxy, as often as the route allows and no more.',
    es: 'El proxy del llamante repite una llamada que falla con 503, tantas veces como permite la ruta y ninguna más.',
  },
  off: {
    en: 'Every call gets 503 from the provider, on attempt 1.',
    es: 'Cada llamada recibe un 503 del proveedor, en el intento 1.',
  },
  on: { en: 'Every call succeeds, on attempt 2.', es: 'Cada llamada tiene éxito, en el intento 2.' },
  switchOn: 'kubectl apply -k k8s/features/retries',
  switchOff: 'kubectl delete -k k8s/features/retries',
  tryWith: { rate: 20, fault: 'status;code=503;times=1' },
  judge(traffic) {
    const attempts = Object.entries(traffic.counts.byAttempt).map(([attempt, calls]) => ({
      attempt: Number(attempt),
      calls,
    }))
    const calls = sumOf(traffic.counts.byAttempt)
    const repeated = attempts.filter(({ attempt }) => attempt > 1).reduce((sum, one) => sum + one.calls, 0)
    const most = Math.max(0, ...attempts.map(({ attempt }) => attempt).filter(Number.isFinite))
    const failed = failedAs(traffic, /^5\d\d provider/)
    if (most > MOST_ATTEMPTS) {
      return judgement(
        'cannot-tell',
        'A provider saw attempt {most} of one call; the route allows {allowed}. Something else is retrying too.',
        'Un proveedor vio el intento {most} de una llamada; la ruta permite {allowed}. Hay algo más que también reintenta.',
        { most, allowed: MOST_ATTEMPTS },
      )
    }
    if (repeated > 0) {
      return judgement(
        'looks-on',
        '{share} of the last {calls} answers came on a second or third attempt, and {failed} calls still failed with 5xx.',
        '{share} de las últimas {calls} respuestas llegó en un segundo o tercer intento, y {failed} llamadas acabaron en 5xx.',
        { share: { share: repeated / calls }, calls, failed },
      )
    }
    if (failed >= ENOUGH_CALLS) {
      return judgement(
        'looks-off',
        '{failed} of the last {calls} answers were 5xx from the provider, and none was retried.',
        '{failed} de las últimas {calls} respuestas fueron 5xx del proveedor, y ninguna se reintentó.',
        { failed, calls },
      )
    }
    return judgement(
      'cannot-tell',
      '{failed} of the last {calls} answers were 5xx from the provider: too few to tell.',
      '{failed} de las últimas {calls} respuestas fueron 5xx del proveedor: demasiado pocas para saberlo.',
      { failed, calls },
    )
  },
}
