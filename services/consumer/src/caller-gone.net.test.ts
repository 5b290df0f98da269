import { type InProcessService, startConsumer } from '@linkerd-scenario/test-kit/in-process'
import { misbehavingUpstream, providerAnswer } from '@linkerd-scenario/test-kit/misbehaving-upstream'
import { RawConnection } from '@linkerd-scenario/test-kit/raw-http'
import { until } from '@linkerd-scenario/test-kit/until'
import request from 'supertest'
import { describe, expect, test } from 'vitest'

const get = 'GET /?in=x HTTP/1.1\r\nHost: x\r\nX-Request-Id: abc\r\n\r\n'
const post =
  'POST / HTTP/1.1\r\nHost: x\r\nX-Request-Id: abc\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"in":"x"}'

async function metrics({ adminUrl }: InProcessService): Promise<string> {
  return (await request(adminUrl).get('/metrics')).text
}

describe('a caller that leaves', () => {
  test.each([
    ['GET', get],
    ['POST', post],
  ])('has its upstream call cancelled, and counts as gone, not as a failure: %s', async (method, bytes) => {
    await using upstream = await misbehavingUpstream(() => {})
    await using consumer = await startConsumer(upstream.port)
    const caller = new RawConnection(consumer.port)
    caller.send(bytes)
    await until(upstream.open, (open) => open === 1)
    const leftAt = performance.now()
    caller.socket.destroy()
    await until(upstream.open, (open) => open === 0)
    expect(performance.now() - leftAt).toBeLessThan(1000)

    const lines = await until(
      () => consumer.lines,
      ({ length }) => length > 0,
    )
    expect(lines).toEqual([
      expect.objectContaining({
        msg: 'the caller left',
        'error.type': 'CALLER_GONE',
        request_id: 'abc',
        level: 'info',
      }),
    ])
    expect(lines[0]).not.toHaveProperty('http.response.status_code')
    const text = await metrics(consumer)
    const labels = `http_request_method="${method}",http_route="/",http_response_status_code="",error_type="CALLER_GONE",origin=""`
    expect(text).toContain(`http_server_request_duration_seconds_count{${labels}} 1`)
    expect(text).toMatch(/^http_client_request_duration_seconds_count\{.*error_type="CALLER_GONE",origin=""\} 1$/m)
    expect(text).not.toMatch(/status_code="5/)
    expect(text).toMatch(/^http_server_active_requests 0$/m)
  })

  test('while its call waits for a connection never reaches the upstream', async () => {
    const seen: string[] = []
    const held: (() => void)[] = []
    await using upstream = await misbehavingUpstream((socket, received) => {
      seen.push(received)
      held.push(() => socket.write(providerAnswer()))
    })
    await using consumer = await startConsumer(upstream.port, { env: { UPSTREAM_CONNECTIONS: '1' } })
    await using first = new RawConnection(consumer.port)
    first.send(get)
    await until(
      () => held.length,
      (n) => n === 1,
    )
    const leaving = new RawConnection(consumer.port)
    leaving.send(get.replace('in=x', 'in=left'))
    await until(
      () => metrics(consumer),
      (text) => text.includes('http_server_active_requests 2'),
    )
    await leaving[Symbol.asyncDispose]()
    await until(
      () => metrics(consumer),
      (text) => text.includes('http_server_active_requests 1'),
    )
    held[0]?.()
    await until(
      () => first.answers.length,
      (n) => n === 1,
    )
    first.send(get.replace('in=x', 'in=next'))
    await until(
      () => held.length,
      (n) => n === 2,
    )
    expect(seen.map((text) => /in=(\w+)/.exec(text)?.[1])).toEqual(['x', 'next'])
  })

  test('in the middle of its body is logged once, as gone', async () => {
    await using upstream = await misbehavingUpstream(() => {})
    await using consumer = await startConsumer(upstream.port)
    const caller = new RawConnection(consumer.port)
    caller.send(post.slice(0, -3))
    await until(
      () => metrics(consumer),
      (text) => text.includes('http_server_active_requests 1'),
    )
    caller.socket.resetAndDestroy()
    await until(
      () => metrics(consumer),
      (text) => text.includes('http_server_active_requests 0'),
    )
    expect(consumer.lines.map(({ msg, level }) => ({ msg, level }))).toEqual([
      { msg: 'the caller left', level: 'info' },
    ])
    expect(upstream.accepted()).toBe(0)
    expect(await metrics(consumer)).not.toMatch(/status_code="5/)
  })

  test('with pipelined requests has all of them ended and counted', async () => {
    await using upstream = await misbehavingUpstream(() => {})
    await using consumer = await startConsumer(upstream.port)
    const caller = new RawConnection(consumer.port)
    caller.send(get.repeat(15))
    await until(
      () => metrics(consumer),
      (text) => text.includes('http_server_active_requests 15'),
    )
    await caller[Symbol.asyncDispose]()
    await until(
      () => metrics(consumer),
      (text) => text.includes('http_server_active_requests 0'),
    )
    await until(upstream.open, (open) => open === 0)
    expect(consumer.lines.filter(({ msg }) => msg === 'the caller left')).toHaveLength(15)
  })
})
