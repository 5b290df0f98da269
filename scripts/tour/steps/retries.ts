import { PROMISES } from '@linkerd-scenario/contract/promises'
import { IN } from '../namespace.ts'
import type { Step } from '../step.ts'
import { ROUTE_DELAY } from './route-delay.ts'

const ONE_PROVIDER: Step = {
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
}

const RETRIES_ON: Step = {
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
}

const RETRIES_OFF: Step = {
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
}

/** The same calls without retries, with them, and without again. */
export function retries(port: number): Step[] {
  const burst = `curl -sX POST -H 'x-fault: status;code=503;times=1' 'localhost:${port + 1}/burst?n=100'`
  return [
    ONE_PROVIDER,
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
    RETRIES_ON,
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
    RETRIES_OFF,
  ]
}
