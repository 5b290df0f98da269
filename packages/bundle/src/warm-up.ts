// Runs a service for a moment to fill Node's compile cache, so that the image starts faster.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'

const [compileCache = '', ...command] = process.argv.slice(2)
const portVariable = process.env['SERVICE'] === 'consumer' ? 'CONSUMER_PORT' : 'PROVIDER_PORT'

const hop = { service: 'provider', version: 'v1', pod: 'warm-up', caller: null, attempt: 1, status: 200, durationMs: 1 }
const upstream = createServer((_request, response) => {
  response.setHeader('x-responder', 'provider/v1/warm-up').setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ message: 'warm-up', hops: [hop] }))
}).listen(0, '127.0.0.1')
await once(upstream, 'listening')
const { port } = upstream.address() as AddressInfo
const child = spawn(process.execPath, command, {
  // PROVIDER_PORT is the provider's own port, and for the consumer the port to call.
  env: { PROVIDER_PORT: String(port), [portVariable]: '0', NODE_COMPILE_CACHE: compileCache },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const exit = once(child, 'exit') as Promise<[status: number | null]>
for await (const line of createInterface({ input: child.stdout })) {
  const entry = JSON.parse(line) as { msg: string; 'server.port'?: number; 'admin.port'?: number }
  if (entry.msg !== 'listening') continue
  try {
    await answersAsTheyMust(entry['server.port'], entry['admin.port'])
  } finally {
    child.kill('SIGTERM')
  }
}
upstream.close()
upstream.closeAllConnections()
const [status] = await exit
process.exitCode = status ?? 1

// Only code that has run is in the cache, so these calls run an answer, a refusal and a probe.
async function answersAsTheyMust(servicePort = 0, adminPort = 0): Promise<void> {
  const service = `http://127.0.0.1:${servicePort}`
  const calls = [
    [`${service}/?in=warm-up`, 200],
    [`${service}/unknown`, 404],
    [`http://127.0.0.1:${adminPort}/readyz`, 200],
  ] as const
  for (const [url, status] of calls) {
    const answer = await fetch(url)
    const text = await answer.text()
    if (answer.status !== status) throw new Error(`${url} answered ${answer.status}: ${text}`)
  }
}
