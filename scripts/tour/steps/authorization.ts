import { PROMISES } from '@linkerd-scenario/contract/promises'
import { IN } from '../namespace.ts'
import type { Step } from '../step.ts'
import { ROUTE_DELAY } from './route-delay.ts'

/** A stranger who gets in, and then does not. */
export function authorization(): Step[] {
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
