import { expect, test } from 'vitest'
import { startConsumer } from '../in-process.ts'
import { misbehavingUpstream } from '../misbehaving-upstream.ts'
import { RawConnection } from '../raw-http.ts'
import { until } from '../until.ts'

const GET = 'GET /?in=x HTTP/1.1\r\nHost: x\r\n\r\n'

// Node lets go of the responses that wait for their turn when it takes CONNECT for the end of HTTP on a connection.
test.each([
  ['CONNECT', 'CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere\r\n\r\n'],
  ['no HTTP', 'nonsense\r\n\r\n'],
  ['half a request', 'GET / HT'],
])('requests that were pipelined before %s end with their connection, and so do their calls', async (_what, last) => {
  await using upstream = await misbehavingUpstream(() => {})
  await using consumer = await startConsumer(upstream.port)
  const active = async () => {
    const text = await (await fetch(`${consumer.adminUrl}/metrics`)).text()
    return Number(/^http_server_active_requests (\d+)$/m.exec(text)?.[1])
  }
  await using connection = new RawConnection(consumer.port)
  connection.send(GET.repeat(8))
  await until(active, (n) => n === 8)
  connection.socket.end(last)
  await connection.closed
  await until(active, (n) => n === 0)
  await until(upstream.open, (n) => n === 0)
  expect(consumer.lines.filter(({ msg }) => msg !== 'refused before it was a request')).toHaveLength(8)
})
