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
    en: 'A connection stays with the pod that it was opened to.',
    es: 'Una conexión se queda con el pod con el que se abrió.',
  },
  on: {
    en: 'Scale the provider: new pods appear in the picture and answer, and no call fails.',
    es: 'Escale el proveedor: los pods nuevos aparecen y responden, y ninguna llamada falla.',
  },
  switchOn: 'kubectl scale deployment/provider-v1 --replicas=3',
  switchOff: 'kubectl scale deployment/provider-v1 --replicas=1',
  tryWith: { rate: 50 },
  judge(traffic) {
    const calls = answered(traffic)
    const pods = Object.keys(traffic.counts.byPod).length
    const figures = { calls, pods, lost: lostCalls(traffic) }
    if (!traffic.meshed) {
      return judgement(
        'looks-off',
        'No proxy answers beside this consumer: which of the {pods} pods answered its {calls} calls was decided by connection.',
        'Ningún proxy responde junto a este consumidor: cuál de los {pods} pods respondió sus {calls} llamadas lo decidió la conexión.',
        figures,
      )
    }
    const few = tooFew(calls)
    if (few) return few
    if (pods < 2 || figures.lost > 0) {
      return judgement(
        'cannot-tell',
        '{pods} pods answered {calls} calls, and {lost} calls got no answer of a service. It takes two pods and no loss to see it.',
        '{pods} pods respondieron {calls} llamadas, y {lost} quedaron sin respuesta de un servicio. Hacen falta dos pods y ninguna pérdida.',
        figures,
      )
    }
    return judgement(
      'looks-on',
      '{pods} pods answered {calls} calls through one proxy, and none was lost.',
      '{pods} pods respondieron {calls} llamadas a través de un proxy, y no se perdió ninguna.',
      figures,
    )
  },
}
