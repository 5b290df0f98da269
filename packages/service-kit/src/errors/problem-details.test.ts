import { startProvider } from '@linkerd-scenario/test-kit/in-process'
import { expect, test } from 'vitest'

/** A provider with a route that fails as a bug would. */
function startBroken() {
  return startProvider({
    extend: (api) => {
      api.get('/bug', async () => {
        throw new Error('secret')
      })
    },
  })
}

test('a bug is answered 500 without its message, and logged once with it', async () => {
  await using provider = await startBroken()
  const answer = await fetch(`${provider.url}/bug?headers=true`, { headers: { 'x-request-id': 'b1', cookie: 'c=1' } })
  const text = await answer.text()
  expect([answer.status, text.includes('secret')]).toEqual([500, false])
  expect(JSON.parse(text)).toMatchObject({
    hops: [{ status: 500, headers: expect.arrayContaining([['cookie', '***']]) as unknown }],
  })
  const logged = provider.lines.filter(({ msg }) => msg === 'the service failed')
  expect(logged).toEqual([
    expect.objectContaining({ request_id: 'b1', err: expect.objectContaining({ message: 'secret' }) as unknown }),
  ])
})

test('a path with other methods is 405 with Allow; a path with none is 404', async () => {
  await using provider = await startBroken()
  const wrong = await fetch(`${provider.url}/bug`, { method: 'DELETE' })
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  const unknown = await fetch(`${provider.url}/nothing?x=1`, { method: 'DELETE' })
  expect([unknown.status, unknown.headers.get('allow')]).toEqual([404, null])
  expect(await unknown.json()).toMatchObject({ detail: 'provider has nothing at /nothing' })
})
