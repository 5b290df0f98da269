import { PROMISES } from '@linkerd-scenario/contract/promises'
import type { Step } from './step.ts'

/** The namespace that the tour makes, and removes at the end. */
export const NAMESPACE = 'linkerd-tour'
const IN = `-n ${NAMESPACE}`

const ROUTE_DELAY = {
  en: 'A change of the mesh takes a second to arrive. Was the step before this one run?',
  es: 'Un cambio en la malla tarda un segundo en llegar. ¿Se ejecutó el paso anterior?',
}

/** The steps of the tour, in their order. `port` is the consumer's on this machine; its admin port is the next one. */
export function tourSteps(port: number): Step[] {
  return [...installation(port), ...identity(port), ...retries(port), ...split(port), ...access(), ...ending()]
}

function installation(port: number): Step[] {
  return [
    {
      id: 'namespace',
      title: { en: 'A namespace of its own', es: 'Un namespace propio' },
      before: {
        en: `Everything happens in the namespace ${NAMESPACE}. The last step removes it, and all that is in it.`,
        es: `Todo ocurre en el namespace ${NAMESPACE}. El último paso lo borra, con todo lo que contiene.`,
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

function identity(port: number): Step[] {
  return [
    {
      id: 'call',
      title: PROMISES['mtls-identity'].title,
      before: PROMISES['mtls-identity'].claim,
      command: `curl -s 'localhost:${port}/?in=hello'`,
      expected: [
        `{"message":"I'm version: v1: hello",…"caller":"consumer.${NAMESPACE}.serviceaccount.identity.linkerd.cluster.local"…`,
      ],
      after: {
        en: 'The second hop is the provider’s. Its caller is the identity of the consumer: the two proxies spoke mutual TLS, and nobody configured it.',
        es: 'El segundo salto es el del proveedor. Su caller es la identidad del consumidor: los dos proxies hablaron TLS mutuo, y nadie lo configuró.',
      },
    },
    {
      id: 'live-page',
      title: { en: 'The live page', es: 'La página en vivo' },
      before: {
        en: `Open http://localhost:${port + 1}/ in a browser and start the traffic. Each cell is a call. Leave it open: the next steps change what it shows.`,
        es: `Abra http://localhost:${port + 1}/ en un navegador y arranque el tráfico. Cada celda es una llamada. Déjela abierta: los pasos siguientes cambian lo que muestra.`,
      },
      after: {
        en: 'Under “Expected and observed” it says of each feature whether the traffic looks like it is on.',
        es: 'En “Esperado y observado” dice de cada función si el tráfico parece tenerla activada.',
      },
    },
  ]
}

function retries(port: number): Step[] {
  const burst = `curl -sX POST -H 'x-fault: status;code=503;times=1' 'localhost:${port + 1}/burst?n=100'`
  return [
    {
      id: 'one-provider',
      title: { en: 'One provider', es: 'Un proveedor' },
      before: {
        en: 'A provider counts the attempts that it sees. With a single one, a second attempt meets the pod that saw the first.',
        es: 'Un proveedor cuenta los intentos que ve. Con uno solo, el segundo intento llega al pod que vio el primero.',
      },
      command: `kubectl ${IN} scale deployment/provider-v1 --replicas=1 && kubectl ${IN} rollout status deployment/provider-v1`,
      expected: ['deployment.apps/provider-v1 scaled', '…', 'deployment "provider-v1" successfully rolled out'],
      undo: `kubectl ${IN} scale deployment/provider-v1 --replicas=3`,
      after: {
        en: 'The others have finished what they were doing, and no call was lost.',
        es: 'Los demás terminaron lo que hacían, y no se perdió ninguna llamada.',
      },
    },
    {
      id: 'failing',
      title: { en: 'A failure', es: 'Un fallo' },
      before: {
        en: '100 calls that ask the provider to fail at the first attempt, made from inside the consumer’s pod.',
        es: '100 llamadas que piden al proveedor fallar en el primer intento, hechas desde dentro del pod del consumidor.',
      },
      command: burst,
      expected: ['{"total":100,"byStatus":{"503":100},"byOrigin":{"provider":100},…'],
      after: PROMISES.retries.off,
    },
    {
      id: 'retries-on',
      title: PROMISES.retries.title,
      before: PROMISES.retries.claim,
      command: `kubectl ${IN} apply -k k8s/features/retries`,
      expected: [
        'httproute.gateway.networking.k8s.io/provider-rest created',
        'httproute.gateway.networking.k8s.io/provider-retry created',
      ],
      undo: `kubectl ${IN} delete --ignore-not-found -k k8s/features/retries`,
      after: {
        en: 'A route of the Gateway API with two annotations. No pod was restarted.',
        es: 'Una ruta de Gateway API con dos anotaciones. No se reinició ningún pod.',
      },
    },
    {
      id: 'repaired',
      title: { en: 'The same calls again', es: 'Las mismas llamadas otra vez' },
      before: {
        en: 'The providers still fail at the first attempt. Look at the live page as well.',
        es: 'Los proveedores siguen fallando en el primer intento. Mire también la página en vivo.',
      },
      command: burst,
      expected: ['{"total":100,"byStatus":{"200":100},"byOrigin":{},…"byAttempt":{"2":100},…'],
      after: PROMISES.retries.on,
      otherwise: ROUTE_DELAY,
    },
    {
      id: 'retries-off',
      title: { en: 'Off again', es: 'Desactivar' },
      before: {
        en: 'Two sets of routes for one Service get in each other’s way, so this one goes before the next comes.',
        es: 'Dos conjuntos de rutas para un Service se estorban, así que este se quita antes de poner el siguiente.',
      },
      command: `kubectl ${IN} delete -k k8s/features/retries`,
      expected: [
        'httproute.gateway.networking.k8s.io "provider-rest" deleted…',
        'httproute.gateway.networking.k8s.io "provider-retry" deleted…',
      ],
      undoes: 'retries-on',
      after: { en: 'Failures reach the caller again.', es: 'Los fallos vuelven a llegar al llamante.' },
    },
  ]
}

function split(port: number): Step[] {
  return [
    {
      id: 'split-on',
      title: PROMISES['traffic-split'].title,
      before: PROMISES['traffic-split'].claim,
      command: `kubectl ${IN} apply -k k8s/features/traffic-split && kubectl ${IN} rollout status deployment/provider-v2`,
      expected: [
        '…',
        'deployment.apps/provider-v2 created',
        'httproute.gateway.networking.k8s.io/provider-split created',
        '…',
        'deployment "provider-v2" successfully rolled out',
      ],
      undo: `kubectl ${IN} delete --ignore-not-found -k k8s/features/traffic-split`,
      after: {
        en: 'Version 2 runs beside version 1, and a route has the weights 90 and 10.',
        es: 'La versión 2 corre junto a la versión 1, y una ruta tiene los pesos 90 y 10.',
      },
    },
    {
      id: 'split',
      title: { en: 'A canary', es: 'Un canario' },
      before: {
        en: '1000 calls. The callers still call provider-svc and know nothing of versions.',
        es: '1000 llamadas. Los llamantes siguen llamando a provider-svc y no saben nada de versiones.',
      },
      command: `curl -sX POST 'localhost:${port + 1}/burst?n=1000'`,
      expected: ['{"total":1000,"byStatus":{"200":1000},"byOrigin":{},"byVersion":{…"v2":…},…'],
      after: {
        en: 'Look at byVersion: about 100 calls went to v2. The proxy draws for each call, so the figure differs each time.',
        es: 'Mire byVersion: unas 100 llamadas fueron a v2. El proxy sortea cada llamada, así que la cifra cambia cada vez.',
      },
      otherwise: ROUTE_DELAY,
    },
  ]
}

function access(): Step[] {
  const call = `kubectl ${IN} exec deploy/consumer-stranger -c consumer -- node -e "fetch('http://provider-svc:5000/').then(({ status }) => console.log(status))"`
  return [
    {
      id: 'stranger',
      title: { en: 'A stranger', es: 'Un extraño' },
      before: {
        en: 'A pod with another account calls the provider. It is in the mesh too, so it has an identity, but another one.',
        es: 'Un pod con otra cuenta llama al proveedor. También está en la malla, así que tiene identidad, pero otra.',
      },
      command: call,
      expected: ['200'],
      after: {
        en: 'By default everybody may call everybody.',
        es: 'De fábrica, todos pueden llamar a todos.',
      },
    },
    {
      id: 'authorization-on',
      title: PROMISES.authorization.title,
      before: PROMISES.authorization.claim,
      command: `kubectl ${IN} apply -k k8s/features/authorization`,
      expected: ['…', 'server.policy.linkerd.io/provider-http created'],
      undo: `kubectl ${IN} delete --ignore-not-found -k k8s/features/authorization`,
      after: {
        en: 'Only the account of the consumer may call the provider now.',
        es: 'Ahora solo la cuenta del consumidor puede llamar al proveedor.',
      },
    },
    {
      id: 'refused',
      title: { en: 'The stranger again', es: 'El extraño otra vez' },
      before: { en: 'The same call.', es: 'La misma llamada.' },
      command: call,
      expected: ['403'],
      after: {
        en: 'The provider’s proxy refused it; the provider has not seen it. On the live page the consumer’s calls go on.',
        es: 'Lo rechazó el proxy del proveedor; el proveedor no lo vio. En la página en vivo siguen las llamadas del consumidor.',
      },
      otherwise: ROUTE_DELAY,
    },
  ]
}

function ending(): Step[] {
  return [
    {
      id: 'prove',
      title: { en: 'The proof', es: 'La prueba' },
      before: {
        en: 'What you saw could be chance. The prover repeats it with the feature off, counts what the proxies counted, and gives a verdict. It works in a namespace of its own and takes about a minute.',
        es: 'Lo que vio podría ser casualidad. El comprobador lo repite con la función desactivada, cuenta lo que contaron los proxies y da un veredicto. Trabaja en un namespace propio y tarda alrededor de un minuto.',
      },
      command: 'npm run prove -- --yes retries',
      expected: ['…', 'retries: proved (… s)', '…', '1 of 1 features proved'],
      after: {
        en: 'npm run prove without a name proves all that Linkerd promises here. docs/prove.md says how.',
        es: 'npm run prove sin nombre prueba todo lo que Linkerd promete aquí. docs/prove.md dice cómo.',
      },
    },
  ]
}
