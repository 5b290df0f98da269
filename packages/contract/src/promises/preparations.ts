import type { Preparation } from './promise.ts'

const providerPods = '$(kubectl get pods -l app=provider -o name)'

/** The command that applies a fault to one pod of the provider, from inside: its admin port is in no Service. */
const setFault = (pod: string, fault: string): string =>
  `kubectl exec ${pod} -c provider -- node -e "fetch('http://localhost:5001/faults', { method: 'PUT', body: '${fault}' }).then((answer) => answer.text()).then(console.log)"`

/** kubectl takes one of the pods of a Deployment. */
const onePod = 'deploy/provider-v1'

/** A new process has no faults. */
const restart = 'kubectl rollout restart deployment/provider-v1'

export const ONE_POD_FAILS: Preparation = {
  what: { en: 'Make one pod fail', es: 'Hacer fallar un pod' },
  command: setFault(onePod, 'status;code=503'),
  undo: restart,
}

export const ONE_POD_IS_SLOW: Preparation = {
  what: { en: 'Make one pod slow', es: 'Ralentizar un pod' },
  command: setFault(onePod, 'delay;ms=100'),
  undo: restart,
}

export const ONE_POD_REFUSES: Preparation = {
  what: { en: 'Make one pod refuse calls, and quickly', es: 'Hacer que un pod rechace llamadas, y rápido' },
  command: `for pod in ${providerPods}; do ${setFault('$pod', 'delay;ms=40')}; done; ${setFault(onePod, 'status;code=429;retry-after=5')}`,
  undo: restart,
}

export const MORE_PODS: Preparation = {
  what: { en: 'Add pods', es: 'Añadir pods' },
  command: 'kubectl scale deployment/provider-v1 --replicas=5',
  undo: 'kubectl scale deployment/provider-v1 --replicas=3',
}

export const RESTART: Preparation = {
  what: { en: 'Restart the pods while calls are made', es: 'Reiniciar los pods mientras hay llamadas' },
  command: restart,
  undo: null,
}
