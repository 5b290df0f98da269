import { Command } from 'commander'
import { exitStatusOf, parse } from './command-line.ts'
import { Child } from './start/child.ts'
import { LIVE_PAGE_FOLDER, prepareLivePage } from './start/live-page.ts'
import { addresses, portObjection, welcome } from './start/texts.ts'
import { whenReady } from './start/when-ready.ts'

const PARENT_WATCH_MS = 500

const startCommand = new Command('npm start --')
  .description('Runs both services on this machine.')
  .option('--faults', 'faults can be asked for, by the header x-fault and on the admin ports')
  .option('--watch', 'restart a service when one of its files changes (npm run dev)')
  .addHelpText('after', '\nThe environment configures the services: see docs/configuration.md.')

/** Starts both services on this machine, shows their logs, and stops both on Ctrl-C. */
async function main(): Promise<number> {
  let options: { watch?: true; faults?: true }
  try {
    options = parse(startCommand, process.argv.slice(2))
  } catch (error) {
    return exitStatusOf(error)
  }
  const env = serviceEnvironment(options)
  const objection = portObjection(env)
  if (objection !== undefined) {
    console.error(objection)
    return 2
  }
  return await runServices(env, options.watch ?? false)
}

function serviceEnvironment(options: { faults?: true }): NodeJS.ProcessEnv {
  return {
    // Not reachable from the network.
    HOST: 'localhost',
    LIVE_PAGE_DIR: LIVE_PAGE_FOLDER,
    ...process.env,
    ...(options.faults ? { FAULT_INJECTION: 'enabled' } : {}),
  }
}

/** Runs both services until they end or a signal comes. Returns 0 if both ended with 0. */
async function runServices(env: NodeJS.ProcessEnv, watch: boolean): Promise<number> {
  const startedAt = new Date()
  // Runs while the services start: they look for the page only on request.
  const livePage = prepareLivePage()
  const children = ['provider', 'consumer'].map((service) => new Child(service, { env, watch }))
  const stopped = stopOnSignal(children)
  const firstEnd = Promise.race(children.map((child) => child.ended))
  const { provider, consumer } = addresses(env)
  const start = await Promise.race([
    Promise.all([whenReady([provider.admin, consumer.admin], startedAt), livePage]).then(() => 'ready' as const),
    firstEnd.then(() => 'ended' as const),
    stopped.then(() => 'stopped' as const),
  ])
  if (start === 'ready') {
    console.error(welcome(env))
    // A user may kill one of them to see what the other does, so the other continues.
    await Promise.race([stopped, Promise.all(children.map((child) => child.ended))])
  }
  for (const child of children) child.stop()
  const statuses = await Promise.all(children.map((child) => child.ended))
  return statuses.every((status) => status === 0) ? 0 : 1
}

/**
 * Resolves at the first SIGINT or SIGTERM, or when npm has gone. A second signal, once the children had time to stop,
 * kills them.
 */
function stopOnSignal(children: readonly Child[]): Promise<void> {
  // The terminal sends Ctrl-C, and npm passes it on as well: signals within this time count as one.
  const ONE_PRESS_MS = 500
  return new Promise((resolve) => {
    let firstAt: number | undefined
    const handle = () => {
      firstAt ??= performance.now()
      resolve()
      if (performance.now() - firstAt > ONE_PRESS_MS) for (const child of children) child.kill()
    }
    process.on('SIGINT', handle).on('SIGTERM', handle)
    // npm passes SIGTERM only to its shell, which ends without telling us.
    const { ppid } = process
    if (process.env['npm_lifecycle_event'])
      setInterval(() => {
        if (process.ppid !== ppid) resolve()
      }, PARENT_WATCH_MS).unref()
  })
}

process.exitCode = await main()
