import { RESTART } from './preparations.ts'
import { judgement, type MeshPromise, tooFew } from './promise.ts'
import { lostCalls } from './traffic.ts'

const ENOUGH = 100

export const rollout: MeshPromise = {
  id: 'rollout',
  title: { en: 'Rollout without loss', es: 'Despliegue sin pérdidas' },
  claim: {
    en: 'Consumer and provider are restarted under constant traffic, and not one call fails.',
    es: 'Consumidor y proveedor se reinician bajo tráfico constante, y no falla ni una llamada.',
  },
  off: {
    en: 'Pods that are killed lose their calls in flight.',
    es: 'Los pods que mueren de golpe pierden sus llamadas en curso.',
  },
  on: {
    en: 'Pods are replaced, and no call fails.',
    es: 'Los pods se reemplazan y no falla ninguna llamada.',
  },
  switchOn: null,
  switchOff: null,
  prepare: RESTART,
  // Slow enough that each pod has calls in flight when it stops.
  tryWith: { rate: 50, fault: 'delay;ms=200' },
  judge(traffic) {
    const { ended } = traffic.counts
    const came = traffic.pods.filter((pod) => pod.came).length
    const gone = traffic.pods.filter((pod) => pod.gone).length
    const figures = { ended, came, gone, lost: lostCalls(traffic) }
    if (came === 0 || gone === 0) {
      return judgement(
        'cannot-tell',
        'During the last {ended} calls, {gone} pods left and {came} joined: there was no rollout.',
        'Durante las últimas {ended} llamadas desaparecieron {gone} pods y aparecieron {came}: no hubo despliegue.',
        figures,
      )
    }
    const few = tooFew(ended, ENOUGH)
    if (few) return few
    return judgement(
      figures.lost === 0 ? 'looks-on' : 'looks-off',
      '{gone} pods left and {came} joined, and {lost} of {ended} calls were lost; expected: none.',
      'Desaparecieron {gone} pods y aparecieron {came}, y se perdieron {lost} de {ended} llamadas; esperado: ninguna.',
      figures,
    )
  },
}
