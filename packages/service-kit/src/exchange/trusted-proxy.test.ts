import { startConsumer, startProvider } from '@linkerd-scenario/test-kit/in-process'
import request from 'supertest'
import { describe, expect, test } from 'vitest'

const OF_ENVOY = 'spiffe://cluster.local/ns/mesh-demo/sa/consumer'
const XFCC = `By=spiffe://cluster.local/ns/mesh-demo/sa/provider;Hash=ab;Subject="";URI=${OF_ENVOY}`
const OF_LINKERD = 'consumer.mesh-demo.serviceaccount.identity.linkerd.cluster.local'
const linkerds = { 'l5d-client-id': OF_LINKERD }
const envoys = { 'x-forwarded-client-cert': XFCC }

describe.each([
  { trusted: undefined, callers: { neither: null, linkerds: OF_LINKERD, envoys: null, both: OF_LINKERD } },
  { trusted: 'linkerd', callers: { neither: null, linkerds: OF_LINKERD, envoys: null, both: OF_LINKERD } },
  { trusted: 'envoy', callers: { neither: null, linkerds: null, envoys: OF_ENVOY, both: null } },
  { trusted: 'none', callers: { neither: null, linkerds: null, envoys: null, both: null } },
])('with TRUSTED_PROXY=$trusted', ({ trusted, callers }) => {
  const env = trusted === undefined ? {} : { TRUSTED_PROXY: trusted }

  test.each([
    ['neither', {}],
    ['linkerds', linkerds],
    ['envoys', envoys],
    ['both', { ...linkerds, ...envoys }],
  ] as const)('the caller by the headers of %s', async (which, headers) => {
    await using provider = await startProvider({ env })
    const answer = await request(provider.url).get('/').set(headers)
    expect(answer.body).toMatchObject({ hops: [{ caller: callers[which] }] })
    // The log says the same, and says nothing where nobody is known.
    expect(provider.lines.at(-1)?.['caller'] ?? null).toBe(callers[which])
  })
})

test('the headers are shown as they came, whoever is believed', async () => {
  await using provider = await startProvider({ env: { TRUSTED_PROXY: 'envoy' } })
  const answer = await request(provider.url)
    .get('/?headers=true')
    .set({ ...linkerds, ...envoys })
  const shown = (answer.body as { hops: { headers: string[][] }[] }).hops[0]?.headers
  expect(shown).toContainEqual(['l5d-client-id', OF_LINKERD])
  expect(shown).toContainEqual(['x-forwarded-client-cert', XFCC])
})

test('a path that cannot be decoded has a caller by the same rule', async () => {
  await using provider = await startProvider({ env: { TRUSTED_PROXY: 'envoy' } })
  await request(provider.url).get('/%ff').set(linkerds).expect(400)
  expect(provider.lines.at(-1)).not.toHaveProperty('caller')
  await request(provider.url).get('/%ff').set(envoys).expect(400)
  expect(provider.lines.at(-1)).toMatchObject({ caller: OF_ENVOY })
})

test('a service passes the identity of its caller to nobody', async () => {
  await using provider = await startProvider({ env: { TRUSTED_PROXY: 'envoy' } })
  await using consumer = await startConsumer(provider.port, { env: { TRUSTED_PROXY: 'envoy' } })
  const answer = await request(consumer.url).get('/').set(envoys)
  expect(answer.body).toMatchObject({ hops: [{ caller: OF_ENVOY }, { caller: null }] })
})
