import { judgement, type MeshPromise, tooFew } from './promise.ts'
import { answered } from './traffic.ts'

export const headerRouting: MeshPromise = {
  id: 'header-routing',
  title: { en: 'Routing by header', es: 'Enrutamiento por cabecera' },
  claim: {
    en: 'Calls with x-route: v2 go to version 2, and all others to version 1.',
    es: 'Las llamadas con x-route: v2 van a la versión 2, y todas las demás a la versión 1.',
  },
  off: { en: 'The header makes no difference.', es: 'La cabecera no cambia nada.' },
  on: {
    en: 'With x-route: v2 every cell is v2; without it, v1.',
    es: 'Con x-route: v2, cada celda es v2; sin ella, v1.',
  },
  switchOn: 'kubectl apply -k k8s/features/header-routing',
  switchOff: 'kubectl delete -k k8s/features/header-routing',
  tryWith: { rate: 20, route: 'v2' },
  judge(traffic) {
    const n = answered(traffic)
    const few = tooFew(n)
    if (few) return few
    const { route } = traffic.settings
    const wanted = route === 'v2' ? 'v2' : 'v1'
    const right = traffic.counts.byVersion[wanted] ?? 0
    const figures = { right, n, wanted, header: route === '' ? '(none)' : route }
    if (right < n) {
      return judgement(
        'looks-off',
        '{right} of {n} calls with x-route {header} went to {wanted}; expected: all.',
        '{right} de {n} llamadas con x-route {header} fueron a {wanted}; esperado: todas.',
        figures,
      )
    }
    if (wanted === 'v1') {
      return judgement(
        'cannot-tell',
        'All {n} calls went to v1, as they would without the route. Send them with x-route: v2.',
        'Las {n} llamadas fueron a v1, igual que sin la ruta. Envíelas con x-route: v2.',
        figures,
      )
    }
    return judgement(
      'looks-on',
      'All {n} calls with x-route: v2 went to v2; expected: all.',
      'Las {n} llamadas con x-route: v2 fueron a v2; esperado: todas.',
      figures,
    )
  },
}
