import type { Step } from '../step.ts'

/** The proof of what was seen. */
export function proof(): Step[] {
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
