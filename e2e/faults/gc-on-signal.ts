// Loaded into a service by a test, with --expose-gc: at SIGUSR2 it collects what is garbage and tells what is left.
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  globalThis.gc?.()
  process.stdout.write(`${JSON.stringify({ heapUsed: process.memoryUsage().heapUsed })}\n`)
})
