// Loaded into a service by a test, with --expose-gc: at SIGUSR2 it collects what is garbage and tells what is left.
import { setFlagsFromString } from 'node:v8'

// After some collections V8 forgets the code of the start, megabytes at once: a leak could hide behind that.
setFlagsFromString('--no-flush-bytecode')

process.on('SIGUSR2', () => {
  globalThis.gc?.()
  globalThis.gc?.()
  process.stdout.write(`${JSON.stringify({ heapUsed: process.memoryUsage().heapUsed })}\n`)
})
