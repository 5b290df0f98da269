import { judgement, type MeshPromise } from './promise.ts'
import { lostCalls, slowerThan } from './traffic.ts'

export const slowRequests: MeshPromise = {
  id: 'slow-requests',
  title: { en: 'Slow requests in a rollout', es: 'Peticiones lentas en un despliegue' },
  claim: {
    en: 'Requests that take longer than the steps of a rollout survive it, on both sides, and a scale-down to one.',
    es: 'Las peticiones que duran más que los pasos de un despliegue lo sobreviven, en ambos lados, y una reducción a uno.',
  },
  off: { en: 'Slow calls are cut when their pod goes.', es: 'Las llamadas lentas se cortan cuando se va su pod.' },
  on: {
    en: 'Slow calls get their answers although pods go.',
    es: 'Las llamadas lentas reciben respuesta aunque se vayan pods.',
  },
  switchOn: 'kubectl rollout restart deployment/provider-v1',
  switchOff: null,
  tryWith: { rate: 10, fault: 'delay;ms=3000' },
  judge(traffic) {
    const gone = traffic.pods.filter((pod) => pod.gone).length
    const slow = slowerThan(traffic, 1000)
    const figures = { gone, slow, lost: lostCalls(traffic) }
    if (gone === 0 || slow < 20) {
      return judgement(
        'cannot-tell',
        '{slow} calls took longer than a second, and {gone} pods went meanwhile. It takes 20, and one pod that goes.',
        '{slow} llamadas tardaron más de un segundo, y se fueron {gone} pods. Hacen falta 20, y un pod que se vaya.',
        figures,
      )
    }
    return judgement(
      figures.lost === 0 ? 'looks-on' : 'looks-off',
      '{gone} pods went under {slow} calls of more than a second, and {lost} calls were lost; promised: none.',
      'Se fueron {gone} pods con {slow} llamadas de más de un segundo, y se perdieron {lost}; prometido: ninguna.',
      figures,
    )
  },
}
