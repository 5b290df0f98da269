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
    en: 'Every call is a 503 of the provider, at attempt 1.',
    es: 'Cada llamada es un 503 del proveedor, en el intento 1.',
  },
  on: { en: 'Every call succeeds, at attempt 2.', es: 'Cada llamada tiene éxito, en el intento 2.' },
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
        'A provider saw attempt {most} of one call; the route allows {allowed}. Something else repeats calls as well.',
        'Un proveedor vio el intento {most} de una llamada; la ruta permite {allowed}. Algo más repite llamadas.',
        { most, allowed: MOST_ATTEMPTS },
      )
    }
    if (repeated > 0) {
      return judgement(
        'looks-on',
        '{share} of the last {calls} answers came at a second or third attempt, and {failed} calls failed with 5xx in the end.',
        '{share} de las últimas {calls} respuestas llegó en un segundo o tercer intento, y {failed} llamadas acabaron en 5xx.',
        { share: { share: repeated / calls }, calls, failed },
      )
    }
    if (failed >= ENOUGH_CALLS) {
      return judgement(
        'looks-off',
        '{failed} of the last {calls} answers were 5xx of the provider, and none of them was tried again.',
        '{failed} de las últimas {calls} respuestas fueron 5xx del proveedor, y ninguna se volvió a intentar.',
        { failed, calls },
      )
    }
    return judgement(
      'cannot-tell',
      '{failed} of the last {calls} answers were 5xx of the provider: too few to be retried.',
      '{failed} de las últimas {calls} respuestas fueron 5xx del proveedor: demasiado pocas para reintentarse.',
      { failed, calls },
    )
  },
}
