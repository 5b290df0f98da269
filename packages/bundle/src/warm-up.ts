// Runs a service for a moment, so that Node leaves the code that it compiled in a folder: the image then starts sooner.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'

const [portVariable = '', compileCache = '', ...command] = process.argv.slice(2)

const upstream = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1')
await once(upstream, 'listening')
const { port } = upstream.address() as AddressInfo
const service = spawn(process.execPath, command, {
  // The provider takes its port from the variable that tells the consumer where its provider is.
  env: { PROVIDER_PORT: String(port), [portVariable]: '0', HOST: '127.0.0.1', NODE_COMPILE_CACHE: compileCache },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const exit = once(service, 'exit') as Promise<[status: number | null]>
for await (const line of createInterface({ input: service.stdout })) {
  const entry = JSON.parse(line) as { msg: string; 'server.port'?: number; 'admin.port'?: number }
  if (entry.msg !== 'listening') continue
  await fetch(`http://127.0.0.1:${entry['server.port']}/?in=warm-up`)
  await fetch(`http://127.0.0.1:${entry['admin.port']}/readyz`)
  service.kill('SIGTERM')
}
upstream.close()
upstream.closeAllConnections()
const [status] = await exit
process.exitCode = status ?? 1
