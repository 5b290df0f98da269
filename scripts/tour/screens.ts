import { setTimeout as sleep } from 'node:timers/promises'
import { confirm, isCancel, log, outro, select } from '@clack/prompts'
import type { Comparison, Decision, Reaction } from './engine.ts'
import { shownCommand, wrapped } from './layout.ts'
import type { Screen } from './run-tour.ts'
import type { Language, Step } from './step.ts'
import type { Say } from './texts.ts'

interface Words {
  say: Say
  language: Language
}

/** Shows the tour in a terminal, and asks before each step. */
export function askingScreen({ say, language }: Words): Screen {
  return {
    announce: (step, number, count) => announce({ say, language }, step, number, count),
    decide: ({ command }) =>
      ask<Decision>(say('question'), [
        { value: 'go', label: say(command === undefined ? 'goOn' : 'run') },
        { value: 'skip', label: say('skip') },
        { value: 'leave', label: say('leave') },
      ]),
    judge: (step, comparison) => Promise.resolve(judge({ say, language }, step, comparison)),
    react: () =>
      ask<Reaction>(say('question'), [
        { value: 'again', label: say('again') },
        { value: 'go', label: say('goOn') },
        { value: 'leave', label: say('leave') },
      ]),
  }
}

/** Shows the tour without asking, with a pause before and after each command, in seconds. */
export function talkingScreen({ say, language }: Words, pace: number): Screen {
  const repeated = new Set<string>()
  return {
    announce: (step, number, count) => announce({ say, language }, step, number, count),
    decide: async () => {
      await sleep(pace * 1000)
      return 'go'
    },
    judge: async (step, comparison) => {
      judge({ say, language }, step, comparison)
      await sleep(pace * 1000)
    },
    // A change of the mesh takes a moment: what differs is run once more. What failed ends the tour.
    react: async ({ id }, comparison) => {
      if (!comparison.fits && comparison.why === 'failed') return 'leave'
      if (repeated.has(id)) return 'go'
      repeated.add(id)
      await sleep(1000)
      return 'again'
    },
  }
}

/** Asks a question with yes and no; Ctrl-C is no. */
export async function askWhether(message: string, say: Say): Promise<boolean> {
  return (await confirm({ message, active: say('yes'), inactive: say('no') })) === true
}

async function ask<Value extends Decision | Reaction>(
  message: string,
  options: { value: Value; label: string }[],
): Promise<Value | 'leave'> {
  const answer = await select<string>({ message, options, showInstructions: false })
  return isCancel(answer) ? 'leave' : (answer as Value)
}

/** Shows the last words. */
export function conclude(text: string): void {
  outro(inFrame(text).replaceAll('\n', `\n${' '.repeat(GUTTER)}`))
}

/** Left of each line stand a bar and two spaces. */
const GUTTER = 3

const inFrame = (text: string) => wrapped(text, (process.stdout.columns ?? 80) - GUTTER)

const tell = (text: string) => log.message(inFrame(text))

function announce({ say, language }: Words, step: Step, number: number, count: number): void {
  log.step(say('step', { step: number, count, title: step.title[language] }))
  tell(step.before[language])
  if (step.command !== undefined) log.message(shownCommand(step.command))
}

function judge({ say, language }: Words, step: Step, comparison: Comparison): void {
  if (comparison.fits) {
    if (step.expected !== undefined) log.success(say('asExpected'))
    tell(step.after[language])
    return
  }
  const { why, line = '' } = comparison
  if (why === 'failed') log.error(say('failed'))
  else log.warn(say('differs', { line }))
  if (step.otherwise !== undefined) tell(step.otherwise[language])
}
