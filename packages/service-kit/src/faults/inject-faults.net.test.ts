import { BODY, lengthOf, MESSAGE, raw, startFaultedService } from '@linkerd-scenario/test-kit/faulted-service'
import { expect, test, vi } from 'vitest'

test('without a fault the service answers', async () => {
  await using service = await startFaultedService()
  const { port, injected } = service
  const answer = await raw(port, undefined)
  expect(answer.error).toBeUndefined()
  expect(answer.body).toEqual(Buffer.from(BODY))
  expect(injected).toEqual([])
})

test('reset is a real RST before any byte, also to a POST', async () => {
  await using service = await startFaultedService()
  const { port, injected, handled, cut } = service
  for (const request of [{}, { method: 'POST', body: '{"in":"a"}' }]) {
    expect(await raw(port, 'reset', request)).toMatchObject({ head: '', error: 'ECONNRESET' })
  }
  expect(injected).toEqual([{ kind: 'reset' }, { kind: 'reset' }])
  expect([handled(), cut()]).toEqual([0, 2])
})

test('close ends the connection with a FIN, without a byte', async () => {
  await using service = await startFaultedService()
  const { port, handled } = service
  for (const request of [{}, { method: 'POST', body: '{"in":"a"}' }]) {
    expect(await raw(port, 'close', request)).toMatchObject({ head: '', error: undefined })
  }
  expect(handled()).toBe(0)
})

test('status answers its code through the error handler', async () => {
  await using service = await startFaultedService()
  const { port, injected, handled } = service
  expect((await raw(port, 'status;code=429;retry-after=3')).head).toMatch(/^HTTP\/1.1 429 /)
  expect(injected).toEqual([{ kind: 'status', code: 429, 'retry-after': 3 }])
  expect(handled()).toBe(0)
})

test.each([0, 10, BODY.length, 5000])('truncate announces the whole body, sends %d bytes and closes', async (bytes) => {
  await using service = await startFaultedService()
  const { port, injected } = service
  const whole = Buffer.from(BODY)
  const answer = await raw(port, `truncate;bytes=${bytes}`)
  expect(answer.error).toBeUndefined()
  expect(answer.head).toMatch(/^HTTP\/1.1 200 /)
  expect(lengthOf(answer)).toBe(whole.length)
  expect(answer.body).toEqual(whole.subarray(0, bytes))
  expect(injected).toEqual([{ kind: 'truncate', bytes }])
})

test('a client of the platform sees the truncated answer as a failure', async () => {
  await using service = await startFaultedService()
  const { port } = service
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-fault': 'truncate;bytes=5' } })
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow('terminated')
})

test('size fills the answer up to its bytes, and it is the same JSON', async () => {
  await using service = await startFaultedService()
  const { port } = service
  for (const bytes of [100, 100_000, 10 * 1024 * 1024]) {
    const answer = await raw(port, `size;bytes=${bytes}`)
    expect(lengthOf(answer)).toBe(bytes)
    expect(answer.body).toHaveLength(bytes)
    expect(JSON.parse(answer.body.toString())).toEqual(MESSAGE)
  }
  const small = await raw(port, 'size;bytes=1')
  expect(lengthOf(small)).toBe(Buffer.byteLength(BODY))
})

test('size and truncate shape one answer together', async () => {
  await using service = await startFaultedService()
  const { port } = service
  const answer = await raw(port, 'truncate;bytes=150000, size;bytes=200000')
  expect([lengthOf(answer), answer.body.length]).toEqual([200_000, 150_000])
})

test('HEAD tells the true length and is not cut', async () => {
  await using service = await startFaultedService()
  const { port, injected } = service
  const answer = await raw(port, 'truncate;bytes=1', { method: 'HEAD' })
  expect([lengthOf(answer), answer.body.length]).toEqual([Buffer.byteLength(BODY), 0])
  expect(injected).toEqual([])
})

test('delay waits, then the service answers; several delays add up', async () => {
  await using service = await startFaultedService()
  const { port, injected } = service
  const answer = await raw(port, 'delay;ms=150, delay;ms=100;max=150')
  expect(answer.head).toMatch(/^HTTP\/1.1 200 /)
  expect(answer.ms).toBeGreaterThanOrEqual(249)
  expect(answer.ms).toBeLessThan(1500)
  expect(injected).toHaveLength(2)
})

test('a delay comes before the fault that ends the request', async () => {
  await using service = await startFaultedService()
  const { port } = service
  const answer = await raw(port, 'reset, delay;ms=200')
  expect(answer).toMatchObject({ head: '', error: 'ECONNRESET' })
  expect(answer.ms).toBeGreaterThanOrEqual(199)
})

test('a header that is not a list of faults is 400 with the position, and no part of it is applied', async () => {
  await using service = await startFaultedService()
  const { port, injected, handled } = service
  const answer = await raw(port, 'status;code=503, explode')
  expect(answer.head).toMatch(/^HTTP\/1.1 400 /)
  expect(answer.body.toString()).toContain('At position 17')
  expect(injected).toEqual([])
  expect(handled()).toBe(0)
})

test('several x-fault lines are one list', async () => {
  await using service = await startFaultedService()
  const { port } = service
  const answer = await raw(port, 'delay;ms=1\r\nx-fault: status;code=418')
  expect(answer.head).toMatch(/^HTTP\/1.1 418 /)
})

test('routes outside the scope have no faults', async () => {
  await using service = await startFaultedService({ variable: 'reset' })
  const { port } = service
  expect((await raw(port, 'reset', { path: '/livez' })).head).toMatch(/^HTTP\/1.1 200 /)
  expect(await raw(port, undefined)).toMatchObject({ error: 'ECONNRESET' })
})

test('where faults are not enabled the header is not even read', async () => {
  await using service = await startFaultedService({ enabled: false })
  const { port, store } = service
  const plan = vi.spyOn(store, 'plan')
  for (const fault of ['reset', 'no list;;']) {
    expect((await raw(port, fault)).head).toMatch(/^HTTP\/1.1 200 /)
  }
  expect(plan).not.toHaveBeenCalled()
})
