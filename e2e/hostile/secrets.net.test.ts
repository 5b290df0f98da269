import { rawExchange } from '@linkerd-scenario/test-kit/raw-http'
import { ServiceProcess, spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'

const CANARY = 'canary-5f1e7c'
/** Variables that a pod may well have, and that do not belong to the services. */
const ENV = {
  AWS_SECRET_ACCESS_KEY: CANARY,
  DATABASE_URL: `postgres://u:${CANARY}@db/x`,
  NPM_TOKEN: CANARY,
  PROVIDER_PASSWORD: CANARY,
  CONSUMER_SECRET: CANARY,
  LOG_LEVEL: 'trace',
}
const CREDENTIALS = [
  `Authorization: Bearer ${CANARY}`,
  `Proxy-Authorization: Basic ${CANARY}`,
  `Cookie: session=${CANARY}`,
  `Set-Cookie: session=${CANARY}`,
]
const head = (method: string, target: string, more: readonly string[] = []) =>
  `${[`${method} ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...CREDENTIALS, ...more].join('\r\n')}\r\n\r\n`

const REQUESTS = [
  head('GET', '/?headers=true&in=x'),
  head('GET', `/?in=x&token=${CANARY}&__proto__[${CANARY}]=1`),
  head('GET', '/nothing?headers=true'),
  head('DELETE', '/?headers=true'),
  head('GET', '/', ['Content-Encoding: gzip']),
  head('GET', '/', ['X-Fault: status;code=500']),
  head('POST', '/', ['Content-Type: application/json', `Content-Length: ${CANARY.length}`]) + CANARY,
  head('POST', '/', ['Content-Type: text/html', `Content-Length: ${CANARY.length}`]) + CANARY,
  `${head('GET', '/').slice(0, -4)}\r\nX-Broken: \0\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: localhost\r\n${CREDENTIALS.join('\r\n')}\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
  ...['/livez', '/readyz', '/info', '/metrics', '/faults', '/openapi.json'].map((path) => head('GET', path)),
  head('PUT', '/faults', ['Content-Type: text/plain', `Content-Length: ${CANARY.length}`]) + CANARY,
  head('POST', '/burst?n=2&detail=true'),
]

test('no secret of the environment or of a header is in an answer, a log line or a metric of either service', async () => {
  await using provider = await spawnProvider(ENV)
  await using consumer = await spawnConsumer(provider.port, ENV)
  let answered = ''
  for (const { port, adminPort } of [provider, consumer]) {
    for (const at of [port, adminPort]) {
      for (const bytes of REQUESTS) {
        const answers = await rawExchange(at, bytes)
        expect(answers.length, bytes).toBeGreaterThan(0)
        answered += answers.map(({ headers, body }) => JSON.stringify(headers) + body).join('\n')
      }
    }
  }
  // The provider is gone: the consumer's answer now comes from a different error.
  provider.signal('SIGKILL')
  await provider.ended
  for (const bytes of REQUESTS) answered += (await rawExchange(consumer.port, bytes)).map(({ body }) => body).join('\n')
  answered += await (await fetch(`${consumer.adminUrl}/metrics`)).text()
  consumer.signal('SIGTERM')
  await consumer.ended

  // The test did look at something: masked headers, errors, metrics, and log lines with both.
  expect(answered).toContain('["Authorization","***"]')
  expect(answered).toContain('UPSTREAM_UNREACHABLE')
  expect(answered).toContain('http_server_request_duration_seconds')
  const logged = provider.stdout + provider.stderr + consumer.stdout + consumer.stderr
  expect(provider.lines.length + consumer.lines.length).toBeGreaterThan(3 * REQUESTS.length)
  expect(answered).not.toContain(CANARY)
  expect(logged).not.toContain(CANARY)
})

test('a refused start does not print the values of other variables', async () => {
  await using consumer = new ServiceProcess('services/consumer/src/server.ts', { ...ENV, CONSUMER_PORT: 'x' })
  expect((await consumer.ended).code).toBe(78)
  await until(
    () => consumer.stderr,
    (text) => text.includes('CONSUMER_PORT is "x"'),
  )
  expect(consumer.stdout + consumer.stderr).not.toContain(CANARY)
})
