import type { Text } from '@linkerd-scenario/contract/promises'

export const LANGUAGES = ['en', 'es'] as const
export type Language = (typeof LANGUAGES)[number]

/** One step of the tour. Texts may be several sentences. */
export interface Step {
  id: string
  title: Text
  /** What is going to happen. */
  before: Text
  /** The command of bash that the step runs; undefined where there is something to look at instead. */
  command?: string
  /** What the command prints, as in the guides: `…` stands for what differs. */
  expected?: readonly string[]
  /** The command keeps running in the background until the tour is left. */
  keepsRunning?: boolean
  /** What the outcome means. */
  after: Text
  /** What may be the reason if something else came. */
  otherwise?: Text
  /** The command that takes back what this one did. */
  undo?: string
  /** The step whose `undo` this step's command is. */
  undoes?: string
}
