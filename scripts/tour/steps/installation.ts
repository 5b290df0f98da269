import { PROMISES } from '@linkerd-scenario/contract/promises'
import { IN, NAMESPACE } from '../namespace.ts'
import type { Step } from '../step.ts'

/** The services in a namespace of their own. */
const SERVICES: readonly Step[] = [
  {
    id: 'namespace',
    title: { en: 'A namespace of its own', es: 'Un namespace propio' },
    before: {
      en: `Everything happens in the namespace ${NAMESPACE}. The end of the tour removes it, and all that is in it.`,
      es: `Todo ocurre en el namespace ${NAMESPACE}. El final de la visita lo borra, con todo lo que contiene.`,
    },
    command: `kubectl create namespace ${NAMESPACE}`,
    expected: [`namespace/${NAMESPACE} created`],
    undo: `kubectl delete namespace ${NAMESPACE}`,
    after: {
      en: 'Nothing outside of it will be changed.',
      es: 'No se cambiará nada fuera de él.',
    },
    otherwise: {
      en: `If it is there from an earlier tour, leave, and remove it: kubectl delete namespace ${NAMESPACE}`,
      es: `Si quedó de otra visita, salga y bórrelo: kubectl delete namespace ${NAMESPACE}`,
    },
  },
  {
    id: 'services',
    title: { en: 'Two services', es: 'Dos servicios' },
    before: {
      en: 'One consumer, three providers, and some more callers. Their manifests ask Linkerd for a proxy and for nothing else.',
      es: 'Un consumidor, tres proveedores y algunos llamantes más. Sus manifiestos piden a Linkerd un proxy y nada más.',
    },
    command: `kubectl ${IN} apply -k k8s/overlays/demo`,
    expected: ['…', 'service/provider-svc created', '…', 'deployment.apps/consumer-v1 created', '…'],
    after: { en: 'The cluster starts their pods now.', es: 'El clúster arranca ahora sus pods.' },
  },
  {
    id: 'ready',
    title: { en: 'Waiting for the pods', es: 'Esperar a los pods' },
    before: { en: 'This takes up to a minute.', es: 'Esto tarda hasta un minuto.' },
    command: `kubectl ${IN} rollout status deployment/provider-v1 --timeout=120s && kubectl ${IN} rollout status deployment/consumer-v1 --timeout=120s`,
    expected: [
      '…',
      'deployment "provider-v1" successfully rolled out',
      '…',
      'deployment "consumer-v1" successfully rolled out',
    ],
    after: { en: 'Both answer their probes.', es: 'Ambos responden a sus sondas.' },
    otherwise: {
      en: `kubectl ${IN} get events says why. Most often the nodes do not have the images: docs/images.md.`,
      es: `kubectl ${IN} get events dice por qué. Lo más común es que los nodos no tengan las imágenes: docs/images.md.`,
    },
  },
  {
    id: 'injection',
    title: PROMISES.injection.title,
    before: PROMISES.injection.claim,
    command: `kubectl ${IN} get pods -l app=provider`,
    expected: [
      'NAME…READY…STATUS…',
      'provider-v1-…2/2 …Running…',
      'provider-v1-…2/2 …Running…',
      'provider-v1-…2/2 …Running…',
    ],
    after: {
      en: '2/2: two containers in each pod, the service and the proxy that Linkerd added.',
      es: '2/2: dos contenedores en cada pod, el servicio y el proxy que añadió Linkerd.',
    },
    otherwise: {
      en: '1/1 means that there is no proxy: Linkerd is not installed, or its injector was away. linkerd check says which.',
      es: '1/1 significa que no hay proxy: Linkerd no está instalado, o su inyector no estaba. linkerd check dice cuál.',
    },
  },
]

/** A namespace with the services, and a way to call them. */
export function installation(port: number): Step[] {
  return [
    ...SERVICES,
    {
      id: 'forward',
      title: { en: 'A way to the consumer', es: 'Un camino hasta el consumidor' },
      before: {
        en: `A port-forward to the consumer keeps running in the background: port ${port} for calls, ${port + 1} for its admin port.`,
        es: `Un port-forward al consumidor queda en segundo plano: el puerto ${port} para llamadas, el ${port + 1} para su puerto de administración.`,
      },
      command: `kubectl ${IN} port-forward deploy/consumer-v1 ${port}:6000 ${port + 1}:6001`,
      expected: [`Forwarding from 127.0.0.1:${port} -> 6000`, '…'],
      keepsRunning: true,
      after: {
        en: 'Your calls enter the pod beside its proxy. The call from the consumer to the provider goes through both proxies.',
        es: 'Sus llamadas entran en el pod al lado de su proxy. La llamada del consumidor al proveedor pasa por ambos proxies.',
      },
      otherwise: {
        en: `If the port is taken: npm run tour -- --port ${port + 100}`,
        es: `Si el puerto está ocupado: npm run tour -- --port ${port + 100}`,
      },
    },
  ]
}
