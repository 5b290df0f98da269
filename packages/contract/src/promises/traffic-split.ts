import { binomialBounds } from './binomial.ts'
import { judgement, type MeshPromise, tooFew } from './promise.ts'
import { answered } from './traffic.ts'

/** As the weights in k8s/features/traffic-split. */
const SHARE = 0.1
/** Tells 10 % from none and from a third. */
const ENOUGH = 100

export const trafficSplit: MeshPromise = {
  id: 'traffic-split',
  title: { en: 'Traffic split', es: 'Reparto del tráfico' },
  claim: {
    en: 'Of the calls to one Service, 90 in 100 go to version 1 and 10 to version 2, whatever their latency.',
    es: 'De las llamadas a un Service, 90 de cada 100 van a la versión 1 y 10 a la versión 2, sea cual sea su latencia.',
  },
  off: {
    en: 'No v2; or, if version 2 runs without the route, a share that depends on latency.',
    es: 'Ningún v2; o, si la versión 2 está sin la ruta, un reparto que depende de la latencia.',
  },
  on: { en: 'One cell in ten is v2.', es: 'Una celda de cada diez es v2.' },
  switchOn: 'kubectl apply -k k8s/features/traffic-split',
  switchOff: 'kubectl delete -k k8s/features/traffic-split',
  tryWith: { rate: 50 },
  judge(traffic) {
    const n = answered(traffic)
    if (traffic.settings.route === 'v2') {
      return judgement(
        'cannot-tell',
        'The {n} calls carry x-route: v2, so a header route may decide where they go. Send them without it.',
        'Las {n} llamadas llevan x-route: v2, así que puede decidir una ruta por cabecera. Envíelas sin ella.',
        { n },
      )
    }
    const few = tooFew(n, ENOUGH)
    if (few) return few
    const v2 = traffic.counts.byVersion['v2'] ?? 0
    const { least, most } = binomialBounds(n, SHARE)
    const figures = {
      share: { share: v2 / n },
      n,
      promised: { share: SHARE },
      least: { share: least / n },
      most: { share: most / n },
    }
    const en = '{share} of the last {n} calls went to v2; expected {promised}'
    const es = '{share} de las últimas {n} llamadas fue a v2; esperado {promised}'
    return v2 >= least && v2 <= most
      ? judgement('looks-on', `${en}: consistent.`, `${es}: coherente.`, figures)
      : judgement(
          'looks-off',
          `${en}: not consistent (the range is {least} to {most}).`,
          `${es}: no coherente (el rango es de {least} a {most}).`,
          figures,
        )
  },
}
