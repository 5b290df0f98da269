import { isIPv6 } from 'node:net'

interface Addresses {
  port: number
  api: string
  admin: string
}

/** The addresses of the services, from their environment. */
export function addresses(env: NodeJS.ProcessEnv): { provider: Addresses; consumer: Addresses } {
  return { provider: at(env['PROVIDER_PORT'], 5000, env), consumer: at(env['CONSUMER_PORT'], 6000, env) }
}

function at(variable: string | undefined, fallback: number, env: NodeJS.ProcessEnv): Addresses {
  const port = Number(variable || fallback)
  const given = env['HOST'] ?? 'localhost'
  const host = ['', '::', '0.0.0.0'].includes(given) ? 'localhost' : isIPv6(given) ? `[${given}]` : given
  return { port, api: `http://${host}:${port}`, admin: `http://${host}:${port + 1}` }
}

/** Why the services cannot use the ports in `env`; undefined if they can. */
export function portObjection(env: NodeJS.ProcessEnv): string | undefined {
  if (env['ADMIN_PORT'])
    return 'ADMIN_PORT is one port, but these are two services: unset it, and each takes its own port + 1.'
  const [provider, consumer] = [addresses(env).provider.port, addresses(env).consumer.port]
  if (provider === 0 || consumer === 0)
    return 'PROVIDER_PORT and CONSUMER_PORT are 0: name ports, so that one finds the other.'
  // If a value is not a number, the services have their own message.
  if (!(Math.abs(provider - consumer) <= 1)) return undefined
  return `PROVIDER_PORT ${provider} and CONSUMER_PORT ${consumer} are too close: each service takes the next port too, for its admin server.`
}

/** What to try when both services are ready. */
export function welcome(env: NodeJS.ProcessEnv): string {
  const { provider, consumer } = addresses(env)
  const lines = inColumns([
    [`curl '${consumer.api}/?in=hello'`, 'the consumer asks the provider'],
    [`curl '${provider.api}/?in=hello'`, 'the provider only'],
    [`curl -X POST '${consumer.admin}/burst?n=200'`, '200 calls, and their totals'],
    [`open ${consumer.admin}/`, 'the live page: start traffic, break something, watch'],
    [`open ${consumer.admin}/info`, 'also /metrics and /openapi.json'],
  ])
  return `
Both services are ready. Try:

${lines.join('\n')}

Ctrl-C stops both.
`
}

function inColumns(rows: readonly [command: string, text: string][]): string[] {
  const width = Math.max(...rows.map(([command]) => command.length))
  return rows.map(([command, text]) => `  ${command.padEnd(width)}   ${text}`)
}
