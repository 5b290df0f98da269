import { judgement, type MeshPromise } from './promise.ts'
import { failedAs } from './traffic.ts'

export const perRouteAuthorization: MeshPromise = {
  id: 'per-route-authorization',
  title: { en: 'Authorization by route', es: 'Autorización por ruta' },
  claim: {
    en: "A caller may use one path of the provider and not another: the provider's proxy decides by the route.",
    es: 'Un llamante puede usar una ruta del proveedor y otra no: decide el proxy del proveedor según la ruta.',
  },
  off: { en: 'The provider itself answers on every path.', es: 'El propio proveedor responde en todas las rutas.' },
  on: {
    en: 'The provider answers on /, and the mesh refuses any other path with 403.',
    es: 'El proveedor responde en /, y la malla rechaza cualquier otra ruta con 403.',
  },
  switchOn: 'kubectl apply -k k8s/features/per-route-authorization',
  switchOff: 'kubectl delete -k k8s/features/per-route-authorization',
  instead:
    'kubectl exec deploy/consumer-v1 -c consumer -- node -e "fetch(\'http://provider-svc:5000/other\').then(({ status }) => console.log(status))"',
  tryWith: {},
  judge(traffic) {
    return judgement(
      'cannot-tell',
      'This page only calls / ({ended} calls; {refused} got 403 from the mesh). Call another path with the command below: it prints 404 when off and 403 when on. Or run the prover.',
      'Esta página solo llama a / ({ended} llamadas; {refused} con 403 de la malla). Llame a otra ruta con el comando de abajo: imprime 404 si está desactivado y 403 si está activado. O ejecute el comprobador.',
      { ended: traffic.counts.ended, refused: failedAs(traffic, /^403 mesh/) },
    )
  },
}
