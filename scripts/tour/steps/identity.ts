import { PROMISES } from '@linkerd-scenario/contract/promises'
import { NAMESPACE } from '../namespace.ts'
import type { Step } from '../step.ts'

/** A call, the identity of its caller, and the page to watch from now on. */
export function identity(port: number): Step[] {
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
