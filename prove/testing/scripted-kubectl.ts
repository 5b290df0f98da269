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
    start: () => {
      throw new Error('not in this test')
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
