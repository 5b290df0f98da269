import { join } from 'node:path'
import { intro, log } from '@clack/prompts'
import { exitStatusOf } from './command-line.ts'
import { dryRun } from './tour/dry-run.ts'
import { AT_THE_START, type Progress, undoCommands } from './tour/engine.ts'
import { copyOfContext, currentContext } from './tour/kubeconfig.ts'
import { shownCommand } from './tour/layout.ts'
import { readOptions, type TourOptions } from './tour/options.ts'
import { runTour } from './tour/run-tour.ts'
import { askingScreen, askWhether, conclude, talkingScreen } from './tour/screens.ts'
import { openShell, type Shell } from './tour/shell.ts'
import { readState, removeState, stateFile, writeState } from './tour/state.ts'
import { tourSteps } from './tour/steps.ts'
import { type Say, sayIn } from './tour/texts.ts'

const root = join(import.meta.dirname, '..')
const file = stateFile(process.env)

/** What one tour needs to know. */
interface Setting {
  options: TourOptions
  say: Say
  context: string
  /** What was saved of a tour in this context. */
  saved: Progress | undefined
}

/** Leads through the tour. Returns the exit status: 0 at its end or when it is left, 1 if something came out otherwise. */
async function main(args: readonly string[]): Promise<number> {
  let options: TourOptions
  try {
    options = readOptions(args, process.env)
  } catch (error) {
    return exitStatusOf(error)
  }
  const say = sayIn(options.lang)
  if (options.dryRun) {
    console.log(dryRun(tourSteps(options.port), options.lang, say))
    return 0
  }
  if (!options.yes && !options.undo && !process.stdin.isTTY) return refuse(say('noTerminal'))
  const context = options.context ?? (await currentContext())
  if (context === undefined) return refuse(say('noContext'))
  const saved = options.restart ? undefined : await readState(file)
  if (saved !== undefined && saved.context !== context) return refuse(say('otherContext', { context: saved.context }))
  return inContext({ options, say, context, saved })
}

async function inContext(setting: Setting): Promise<number> {
  const { options, say, context } = setting
  await using kubeconfig = await copyOfContext(context)
  const shell = openShell(root, { KUBECONFIG: kubeconfig.path })
  try {
    if (!options.undo) return await tour(setting, shell)
    if (setting.saved === undefined) {
      log.info(say('nothingToUndo'))
      return 0
    }
    return await undo(setting, shell, setting.saved)
  } finally {
    await shell.close()
  }
}

async function tour({ options, say, context, saved }: Setting, shell: Shell): Promise<number> {
  const steps = tourSteps(options.port)
  intro(say('welcome', { count: steps.length }))
  if (saved !== undefined) {
    log.info(say('using', { context }))
    log.info(say('resumed', { step: saved.position + 1, count: steps.length }))
  } else if (options.yes) log.info(say('using', { context }))
  else if (!(await askWhether(say('confirm', { context }), say))) return 0
  const words = { say, language: options.lang }
  const screen = options.yes ? talkingScreen(words, options.pace) : askingScreen(words)
  const save = (progress: Progress) =>
    writeState(file, {
      version: 1,
      context,
      ...progress,
      changed: [...progress.changed],
      surprises: [...progress.surprises],
    })
  const { progress, isLeft } = await runTour({ steps, screen, shell, save }, saved ?? AT_THE_START)
  if (isLeft) {
    conclude(say('left'))
    return 0
  }
  const { surprises } = progress
  if (surprises.length === 0) log.success(say('allAsExpected'))
  else log.warn(say('surprises', { steps: surprises.join(', ') }))
  const status = await undo({ options, say, context, saved }, shell, progress)
  conclude(say('end'))
  return status || (surprises.length > 0 ? 1 : 0)
}

async function undo({ options, say }: Setting, shell: Shell, progress: Progress): Promise<number> {
  log.step(say('undoing'))
  const failed: string[] = []
  for (const command of undoCommands(tourSteps(options.port), progress)) {
    log.message(shownCommand(command))
    if ((await shell.run(command)).failed) failed.push(command)
  }
  for (const command of failed) log.error(say('undoFailed', { command }))
  if (failed.length > 0) return 1
  await removeState(file)
  log.success(say('undone'))
  return 0
}

function refuse(message: string): number {
  console.error(message)
  return 2
}

process.exitCode = await main(process.argv.slice(2))
