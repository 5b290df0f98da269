import { undoCommands } from './engine.ts'
import type { Language, Step } from './step.ts'
import type { Say } from './texts.ts'

/** All steps with their commands and what they are expected to print. */
export function dryRun(steps: readonly Step[], language: Language, say: Say): string {
  const parts = steps.map((step, index) => {
    const heading = say('step', { step: index + 1, count: steps.length, title: step.title[language] })
    const command =
      step.command === undefined ? [] : ['', `  $ ${step.command}`, ...(step.expected ?? []).map(indented)]
    return [heading, '', step.before[language], ...command, '', step.after[language], ''].join('\n')
  })
  const changed = steps.map(({ id }) => id).filter((id) => steps.every(({ undoes }) => undoes !== id))
  const undo = undoCommands(steps, { position: steps.length, changed, surprises: [] })
  return [...parts, say('undoing'), '', ...undo.map((command) => `  $ ${command}`), ''].join('\n')
}

const indented = (line: string) => `  ${line}`
