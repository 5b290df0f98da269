import { once } from 'node:events'
import { connect } from 'node:net'
import { type InProcessService, startConsumer } from '@linkerd-scenario/test-kit/in-process'
import { misbehavingUpstream } from '@linkerd-scenario/test-kit/misbehaving-upstream'
import { RawConnection } from '@linkerd-scenario/test-kit/raw-http'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'

const GET = 'GET /?in=x HTTP/1.1\r\nHost: x\r\n\r\n'
const CONNECT = 'CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere\r\n\r\n'
const NOTHING = 'GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n'

/** How many requests have ended so far: each writes one line when it ends. */
function endedIn({ lines }: InProcessService): number {
  return lines.filter((line) => 'duration_ms' in line).length
}

// When Node takes CONNECT for the end of HTTP on a connection, it drops the responses that are still queued.
test.each([
  ['CONNECT', CONNECT],
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

test('a connection that was refused while Node had paused reading is still closed', async () => {
  await using upstream = await misbehavingUpstream(() => {})
  await using consumer = await startConsumer(upstream.port)
  const { httpServers } = consumer.servers.api
  await using connection = new RawConnection(consumer.port)
  // The first response never ends. The answers behind it wait, and are more than Node buffers before it pauses.
  connection.socket.end(`${GET}${NOTHING.repeat(400)}nonsense\r\n\r\n`)
  await until(
    () => consumer.lines,
    ({ length }) => length > 0,
  )
  await until(
    () => httpServers.countConnections(),
    (n) => n === 0,
  )
  await connection.closed
  expect(connection.answers.map(({ status }) => status)).toEqual([400])
})

test('a connection that CONNECT has ended is closed, though its caller leaves it open', async () => {
  await using upstream = await misbehavingUpstream(() => {})
  await using consumer = await startConsumer(upstream.port)
  const { httpServers } = consumer.servers.api
  const socket = connect({ port: consumer.port, host: '127.0.0.1', allowHalfOpen: true }).resume()
  socket.write(GET + CONNECT)
  await once(socket, 'end')
  await until(
    () => httpServers.countConnections(),
    (n) => n === 0,
  )
  socket.destroy()
})

test('a request that gets its turn just when CONNECT ends the connection is counted once', async () => {
  await using upstream = await misbehavingUpstream(() => {})
  await using consumer = await startConsumer(upstream.port)
  const count = consumer.runtime.requests.public
  await using connection = new RawConnection(consumer.port)
  // The first answer is written, but not sent yet.
  connection.send(NOTHING + GET + CONNECT)
  await connection.closed
  await until(
    () => count.active,
    (n) => n <= 0,
  )
  await until(upstream.open, (n) => n === 0)
  expect([count.active, endedIn(consumer)]).toEqual([0, 2])
})

test('a request with an expectation that waited for its turn when CONNECT came ends as well', async () => {
  await using upstream = await misbehavingUpstream(() => {})
  await using consumer = await startConsumer(upstream.port)
  const count = consumer.runtime.requests.public
  await using connection = new RawConnection(consumer.port)
  connection.send(GET + NOTHING.replace('Host', 'Expect: x\r\nHost') + CONNECT)
  await connection.closed
  await until(
    () => endedIn(consumer),
    (n) => n === 2,
  )
  expect(count.active).toBe(0)
})
