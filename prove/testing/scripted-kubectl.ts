import { Kubectl, type Launcher, type Output } from '../src/cluster/kubectl.ts'
import { systemClock } from '../src/cluster/pace.ts'

export type Script = (line: string, input: string | undefined) => Partial<Output> | Promise<Partial<Output>>

/** For tests: a kubectl with scripted answers, and the commands that it received. */
export function scriptedKubectl(script: Script, signal = new AbortController().signal) {
  const commands: string[] = []
  const launcher: Launcher = {
    run: async (args, input) => {
      const line = args.join(' ')
      commands.push(line)
      return { code: 0, stdout: '', stderr: '', ...(await script(line, input)) }
    },
    // A watch: the items of the list that the script answers, and no change.
    start: (args) => {
      const line = args.filter((arg) => !arg.startsWith('--')).join(' ')
      commands.push(args.join(' '))
      const { stdout } = script(line, undefined) as Partial<Output>
      const { items } = JSON.parse(stdout ?? '') as { items: object[] }
      const { promise: ended, resolve } = Promise.withResolvers<string>()
      const tell = (listener: (line: string) => void) => {
        for (const object of items) listener(JSON.stringify({ type: 'ADDED', object }))
      }
      return { onLine: tell, ended, stop: () => resolve('') }
    },
  }
  const clock = { ...systemClock, sleep: async () => signal.throwIfAborted() }
  const kubectl = new Kubectl({
    launcher,
    context: undefined,
    clock,
    timeoutMs: 1000,
    signal,
    onCommand: () => undefined,
  })
  return { kubectl, commands }
}
