import { RESTART } from './preparations.ts'
import { judgement, type MeshPromise } from './promise.ts'
import { lostCalls, slowerThan } from './traffic.ts'

export const slowRequests: MeshPromise = {
  id: 'slow-requests',
  title: { en: 'Slow requests during a rollout', es: 'Peticiones lentas durante un despliegue' },
  claim: {
    en: 'Requests that take longer than the steps of a rollout survive it, on both sides, and a scale-down to one.',
    es: 'Las peticiones que duran más que los pasos de un despliegue lo sobreviven, en ambos lados, y una reducción a uno.',
  },
  off: {
    en: 'Slow calls are cut off when their pod stops.',
    es: 'Las llamadas lentas se cortan cuando se detiene su pod.',
  },
  on: {
    en: 'Slow calls get their answers even though pods stop.',
    es: 'Las llamadas lentas reciben respuesta aunque se detengan pods.',
  },
  switchOn: null,
  switchOff: null,
  prepare: RESTART,
  tryWith: { rate: 10, fault: 'delay;ms=3000' },
  judge(traffic) {
    const gone = traffic.pods.filter((pod) => pod.gone).length
    const slow = slowerThan(traffic, 1000)
    const figures = { gone, slow, lost: lostCalls(traffic) }
    if (gone === 0 || slow < 20) {
      return judgement(
        'cannot-tell',
        '{slow} calls took longer than a second, and {gone} pods left meanwhile. It takes at least 20 slow calls and one pod that leaves.',
        '{slow} llamadas tardaron más de un segundo, y mientras tanto desaparecieron {gone} pods. Hacen falta al menos 20 llamadas lentas y un pod que desaparezca.',
        figures,
      )
    }
    return judgement(
      figures.lost === 0 ? 'looks-on' : 'looks-off',
      '{gone} pods left during {slow} calls of more than a second, and {lost} calls were lost; expected: none.',
      'Desaparecieron {gone} pods durante {slow} llamadas de más de un segundo, y se perdieron {lost} llamadas; esperado: ninguna.',
      figures,
    )
  },
}
