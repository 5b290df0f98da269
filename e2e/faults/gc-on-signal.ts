// Loaded into a service by a test, with --expose-gc: at SIGUSR2 it collects garbage and reports the remaining heap.
import { setFlagsFromString } from 'node:v8'

// After some collections V8 drops the start-up code, megabytes at once: that could hide a leak.
setFlagsFromString('--no-flush-bytecode')

process.on('SIGUSR2', () => {
  globalThis.gc?.()
  globalThis.gc?.()
  process.stdout.write(`${JSON.stringify({ heapUsed: process.memoryUsage().heapUsed })}\n`)
})
