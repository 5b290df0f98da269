import { ENOUGH_CALLS, judgement, type MeshPromise, tooFew } from './promise.ts'
import { failedAs } from './traffic.ts'

/** As identity.requestsPerSecond in k8s/features/rate-limiting; each pod counts for itself. */
const PER_SECOND = 10

export const rateLimiting: MeshPromise = {
  id: 'rate-limiting',
  title: { en: 'Rate limiting', es: 'Límite de tasa' },
  claim: {
    en: 'The provider’s proxy admits as many calls a second of one caller as the policy says, and refuses the rest.',
    es: 'El proxy del proveedor admite por segundo tantas llamadas de un llamante como dice la política y rechaza el resto.',
  },
  off: { en: 'No call gets 429.', es: 'Ninguna llamada recibe 429.' },
  on: {
    en: 'Each provider pod admits 10 calls per second; the rest get 429 from the mesh.',
    es: 'Cada pod del proveedor admite 10 llamadas por segundo; el resto recibe un 429 de la malla.',
  },
  switchOn: 'kubectl apply -k k8s/features/rate-limiting',
  switchOff: 'kubectl delete -k k8s/features/rate-limiting',
  tryWith: { rate: 50 },
  judge(traffic) {
    const { counts, seconds } = traffic
    const few = tooFew(counts.ended)
    if (few) return few
    const pods = Math.max(1, Object.keys(counts.byPod).length)
    const refused = failedAs(traffic, /^429 mesh/)
    const admitted = (counts.ended - refused) / seconds
    const promised = PER_SECOND * pods
    const figures = { refused, ended: counts.ended, admitted, promised, pods, sent: counts.ended / seconds }
    if (refused >= ENOUGH_CALLS / 4) return judgeAdmitted(figures, seconds)
    // The limiter also admits one second's worth of calls at the start.
    if (refused === 0 && figures.sent > 1.5 * promised) {
      return judgement(
        'looks-off',
        'All {sent} calls per second were admitted; expected: {promised} (10 per pod, pods: {pods}).',
        'Se admitieron las {sent} llamadas por segundo; esperado: {promised} (10 por pod, pods: {pods}).',
        figures,
      )
    }
    return judgement(
      'cannot-tell',
      '{sent} calls per second were sent and {refused} calls refused; the limit is {promised} per second. Send more than that.',
      'Se enviaron {sent} llamadas por segundo y se rechazaron {refused} llamadas; el límite es {promised} por segundo. Envíe más.',
      figures,
    )
  },
}

function judgeAdmitted(
  figures: Record<'admitted' | 'promised' | 'pods' | 'refused' | 'ended' | 'sent', number>,
  seconds: number,
) {
  const { admitted, promised, pods } = figures
  const most = 1.1 * promised + promised / seconds
  // One of several pods may have been sent less than it admits.
  const least = pods === 1 ? 0.85 * promised : 0
  const en =
    '{admitted} calls per second were admitted, and {refused} of {ended} calls got 429; expected: {promised} per second'
  const es =
    'Se admitieron {admitted} llamadas por segundo, y {refused} de {ended} recibieron 429; esperado: {promised} por segundo'
  return admitted >= least && admitted <= most
    ? judgement('looks-on', `${en}: consistent.`, `${es}: coherente.`, figures)
    : judgement('cannot-tell', `${en}: perhaps another limit applies.`, `${es}: quizá se aplique otro límite.`, figures)
}
