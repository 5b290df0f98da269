import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { logPipe } from './log-pipe.ts'

/** How a serving process is started. */
export interface ProcessPlan {
  /** Arguments of `node`: flags and the file. */
  args: readonly string[]
  env: Record<string, string>
  /** Answers 200 once the process serves. */
  readyUrl: string
  /** Put before `node`, to run it under a limit. */
  prefix?: readonly string[]
}

/** A process that serves. */
export interface ServingProcess {
  pid: number
  /** Its URL, without a path. */
  url: string
  /** From its start to the end of its first answer, milliseconds. */
  firstAnswerMs: number
  /** How it ended, once it has. */
  ended(): string | undefined
  stop(): Promise<void>
}

const START_DEADLINE_MS = 20_000
const STOP_DEADLINE_MS = 5000
/** Hides the harness's own environment from the measured processes. */
const BASE_ENV = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' }

/** The running processes: an interrupted harness must not leave any behind. */
const running = new Set<ChildProcess>()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const child of running) child.kill('SIGKILL')
    process.exit(signal === 'SIGINT' ? 130 : 143)
  })
}

/** Starts a process with its stdout on a pipe that is emptied, and waits until it answers. */
export async function startProcess({ args, env, readyUrl, prefix = [] }: ProcessPlan): Promise<ServingProcess> {
  const log = await logPipe()
  const [command = '', ...rest] = [...prefix, process.execPath, ...args]
  const startedAt = performance.now()
  const child = spawn(command, rest, { env: { ...BASE_ENV, ...env }, stdio: ['ignore', log.stdout, 'pipe'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  child.on('error', (error) => {
    complaint += error.message
  })
  const ended = () => (isRunning(child) ? undefined : `${child.signalCode ?? child.exitCode} ${complaint}`)
  const stop = async () => {
    await stopChild(child)
    await log.close()
  }
  while (!(await answers(readyUrl))) {
    const late = performance.now() - startedAt > START_DEADLINE_MS
    if (late || !isRunning(child)) {
      await stop()
      throw new Error(`${args.join(' ')} ${late ? 'gave no answer in time' : `ended: ${ended()}`}`)
    }
    await sleep(1)
  }
  return {
    pid: child.pid ?? 0,
    url: new URL(readyUrl).origin,
    firstAnswerMs: performance.now() - startedAt,
    ended,
    stop,
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

/** Waits for an answer with status 200. */
export async function answered(url: string): Promise<void> {
  const startedAt = performance.now()
  while (!(await answers(url))) {
    if (performance.now() - startedAt > START_DEADLINE_MS) throw new Error(`${url} gave no answer in time`)
    await sleep(1)
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(url, { headersTimeout: 2000, bodyTimeout: 2000 })
    await body.dump()
    return statusCode === 200
  } catch {
    return false
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS)
  await exit
  clearTimeout(force)
}
