import { judgement, type MeshPromise } from './promise.ts'
import { failedAs } from './traffic.ts'

export const perRouteAuthorization: MeshPromise = {
  id: 'per-route-authorization',
  title: { en: 'Authorization by route', es: 'Autorización por ruta' },
  claim: {
    en: "A caller may use one path of the provider and not another: the provider's proxy decides by the route.",
    es: 'Un llamante puede usar una ruta del proveedor y otra no: decide el proxy del proveedor según la ruta.',
  },
  off: { en: 'Every path is answered.', es: 'Todas las rutas responden.' },
  on: {
    en: 'One path is answered, another is refused with 403 by the mesh.',
    es: 'Una ruta responde; otra recibe un 403 de la malla.',
  },
  switchOn: 'kubectl apply -k k8s/features/per-route-authorization',
  switchOff: 'kubectl delete -k k8s/features/per-route-authorization',
  tryWith: {},
  judge(traffic) {
    return judgement(
      'cannot-tell',
      'This page calls one path only ({ended} calls, {refused} of them 403 of the mesh). It takes two to see a difference.',
      'Esta página llama a una sola ruta ({ended} llamadas, {refused} con 403 de la malla). Hacen falta dos para ver la diferencia.',
      { ended: traffic.counts.ended, refused: failedAs(traffic, /^403 mesh/) },
    )
  },
}
