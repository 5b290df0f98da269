import type { ServiceProcess } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'

/** Environment of a process that collects its garbage and reports the remaining heap when `heapBytes` asks for it. */
export const GC_ON_SIGNAL: NodeJS.ProcessEnv = {
  NODE_OPTIONS: `--expose-gc --import ${new URL('../fixtures/gc-on-signal.ts', import.meta.url).href}`,
}

/** Bytes of heap in use after a garbage collection, in a process with GC_ON_SIGNAL. */
export async function heapBytes(service: ServiceProcess): Promise<number> {
  const told = () => service.lines.filter((line) => 'heapUsed' in line)
  const before = told().length
  service.signal('SIGUSR2')
  const lines = await until(told, ({ length }) => length > before, { withinMs: 20_000 })
  return Number(lines.at(-1)?.['heapUsed'])
}
