import { PROMISES } from '@linkerd-scenario/contract/promises'
import { IN } from '../namespace.ts'
import type { Step } from '../step.ts'
import { ROUTE_DELAY } from './route-delay.ts'

/** A second version that gets one call in ten. */
export function trafficSplit(port: number): Step[] {
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
