import { MORE_PODS } from './preparations.ts'
import { judgement, type MeshPromise, tooFew } from './promise.ts'
import { answered, lostCalls } from './traffic.ts'

export const discovery: MeshPromise = {
  id: 'discovery',
  title: { en: 'Discovery', es: 'Descubrimiento' },
  claim: {
    en: 'The caller’s proxy uses new pods, and forgets pods that go, within a connection and without an error.',
    es: 'El proxy del llamante usa los pods nuevos y olvida los que se van, dentro de una conexión y sin errores.',
  },
  off: {
    en: 'A connection stays with the pod it was opened to.',
    es: 'Cada conexión permanece en el pod con el que se abrió.',
  },
  on: {
    en: 'Scale the provider: new pods appear and answer, and no call fails.',
    es: 'Escale el proveedor: los pods nuevos aparecen y responden, y ninguna llamada falla.',
  },
  switchOn: null,
  switchOff: null,
  prepare: MORE_PODS,
  seenBy: 'consumer-unmeshed',
  tryWith: { rate: 50 },
  judge(traffic) {
    const calls = answered(traffic)
    const pods = Object.keys(traffic.counts.byPod).length
    const figures = { calls, pods, lost: lostCalls(traffic) }
    if (!traffic.meshed) {
      return judgement(
        'looks-off',
        'This consumer has no proxy: its connections decide which of the {pods} pods answer its {calls} calls.',
        'Este consumidor no tiene proxy: sus conexiones deciden cuáles de los {pods} pods responden a sus {calls} llamadas.',
        figures,
      )
    }
    const few = tooFew(calls)
    if (few) return few
    if (pods < 2 || figures.lost > 0) {
      return judgement(
        'cannot-tell',
        '{pods} pods answered {calls} calls, and {lost} calls were lost. It takes at least two pods and no loss.',
        '{pods} pods respondieron a {calls} llamadas, y se perdieron {lost}. Hacen falta al menos dos pods y ninguna pérdida.',
        figures,
      )
    }
    return judgement(
      'looks-on',
      '{pods} pods answered {calls} calls through one proxy, and no call was lost.',
      '{pods} pods respondieron a {calls} llamadas a través de un solo proxy, y no se perdió ninguna.',
      figures,
    )
  },
}
