import { type Figure, type Text, withFigures } from '@linkerd-scenario/contract/promises'
import type { Language } from './step.ts'

const TEXTS = {
  welcome: {
    en: 'A tour of Linkerd: fifteen minutes, {count} steps',
    es: 'Una visita a Linkerd: quince minutos, {count} pasos',
  },
  confirm: {
    en: 'The tour will work on the cluster of the context {context}. Go on?',
    es: 'La visita trabajará en el clúster del contexto {context}. ¿Seguir?',
  },
  using: { en: 'Cluster of the context {context}', es: 'Clúster del contexto {context}' },
  noContext: {
    en: 'kubectl has no current context. Choose a cluster (kubectl config use-context NAME), or say --context NAME.',
    es: 'kubectl no tiene un contexto actual. Elija un clúster (kubectl config use-context NOMBRE), o use --context NOMBRE.',
  },
  noTerminal: {
    en: 'The tour asks before each step, and this is no terminal. Say --yes or --dry-run.',
    es: 'La visita pregunta antes de cada paso, y esto no es una terminal. Use --yes o --dry-run.',
  },
  otherContext: {
    en: 'A tour was left in the context {context}. Go on there (--context {context}), or take it back there (--undo --context {context}), or begin anew (--restart).',
    es: 'Quedó una visita a medias en el contexto {context}. Siga allí (--context {context}), deshágala allí (--undo --context {context}), o empiece de nuevo (--restart).',
  },
  resumed: { en: 'Going on with step {step} of {count}.', es: 'Seguimos con el paso {step} de {count}.' },
  step: { en: 'Step {step} of {count}: {title}', es: 'Paso {step} de {count}: {title}' },
  yes: { en: 'Yes', es: 'Sí' },
  no: { en: 'No', es: 'No' },
  question: { en: 'What now? (arrow keys and Enter)', es: '¿Y ahora? (flechas e Intro)' },
  run: { en: 'Run the command', es: 'Ejecutar la orden' },
  goOn: { en: 'Go on', es: 'Seguir' },
  skip: { en: 'Skip this step', es: 'Saltar este paso' },
  again: { en: 'Run it again', es: 'Ejecutarla otra vez' },
  leave: { en: 'Leave, and go on another time', es: 'Salir y seguir en otro momento' },
  asExpected: { en: 'As expected.', es: 'Como se esperaba.' },
  failed: { en: 'The command failed.', es: 'La orden falló.' },
  differs: { en: 'Something else was expected: {line}', es: 'Se esperaba otra cosa: {line}' },
  left: {
    en: 'Left. npm run tour goes on here; npm run tour -- --undo takes back what was done.',
    es: 'Visita interrumpida. npm run tour sigue aquí; npm run tour -- --undo deshace lo hecho.',
  },
  undoing: { en: 'Taking back what the tour did', es: 'Deshacer lo que hizo la visita' },
  undone: { en: 'The cluster is as it was.', es: 'El clúster está como antes.' },
  undoFailed: { en: 'This failed; run it yourself: {command}', es: 'Esto falló; ejecútelo usted: {command}' },
  nothingToUndo: { en: 'There is nothing to take back.', es: 'No hay nada que deshacer.' },
  allAsExpected: { en: 'All steps came out as expected.', es: 'Todos los pasos salieron como se esperaba.' },
  surprises: { en: 'These steps came out otherwise: {steps}.', es: 'Estos pasos salieron de otro modo: {steps}.' },
  end: {
    en: 'Next: docs/guides has one feature in each guide; npm run prove proves them all.',
    es: 'Para seguir: docs/guides tiene una función en cada guía; npm run prove las prueba todas.',
  },
} as const satisfies Record<string, Text>

export type TextName = keyof typeof TEXTS

/** A text of the tour in a language, with its figures. */
export type Say = (name: TextName, figures?: Readonly<Record<string, Figure>>) => string

export const sayIn =
  (language: Language): Say =>
  (name, figures = {}) =>
    withFigures(TEXTS[name], figures)[language]
