import { expect, test } from 'vitest'
import type { ProviderAnswer } from './provider-answer.ts'
import { makerOf } from './read-answer.ts'

interface Recorded {
  status: number
  headers: ProviderAnswer['headers']
  body: string
}

// A caller behind a sidecar sees `server: envoy` on every answer, and the time of the upstream on each that came from
// further on: the answers in Istio's samples/extauthz/README.md, a refusal by the sidecar of the other side among them.
const ownSidecar = { server: 'envoy', 'content-type': 'text/plain' }
const fromFurtherOn = { ...ownSidecar, 'x-envoy-upstream-service-time': '44' }
const waypoint = { server: 'istio-envoy', 'content-type': 'text/plain' }
const provider = { ...fromFurtherOn, 'x-responder': 'provider/v1/a' }

const RECORDED: Record<string, Recorded & { maker: object }> = {
  'no pod is behind the Service': {
    status: 503,
    headers: ownSidecar,
    body: 'no healthy upstream',
    maker: { proxy: 'outbound', proxyError: 'no healthy upstream' },
  },
  'the pod refuses the connection': {
    status: 503,
    headers: ownSidecar,
    body: 'upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure, transport failure reason: delayed connect error: Connection refused',
    maker: {
      proxy: 'outbound',
      proxyError: expect.stringContaining('reset reason: remote connection failure') as string,
    },
  },
  'the circuit breaker of connections is full': {
    status: 503,
    headers: { ...ownSidecar, 'x-envoy-overloaded': 'true' },
    body: 'upstream connect error or disconnect/reset before headers. reset reason: overflow',
    maker: { proxy: 'outbound', proxyError: expect.stringContaining('overflow') as string },
  },
  'the timeout of a route': {
    status: 504,
    headers: ownSidecar,
    body: 'upstream request timeout',
    maker: { proxy: 'outbound', proxyError: 'upstream request timeout' },
  },
  'no route matches': { status: 404, headers: ownSidecar, body: '', maker: { proxy: 'outbound' } },
  'the sidecar of the provider refuses the caller': {
    status: 403,
    headers: fromFurtherOn,
    body: 'RBAC: access denied',
    maker: { proxy: 'inbound', proxyError: 'RBAC: access denied' },
  },
  'the sidecar of the provider limits the rate': {
    status: 429,
    headers: fromFurtherOn,
    body: 'local_rate_limited',
    maker: { proxy: 'inbound', proxyError: 'local_rate_limited' },
  },
  'the waypoint refuses the caller': {
    status: 403,
    headers: waypoint,
    body: 'RBAC: access denied',
    maker: { proxy: 'inbound', proxyError: 'RBAC: access denied' },
  },
  'another program': {
    status: 200,
    headers: { ...fromFurtherOn, 'content-type': 'text/html' },
    body: '<h1>It works!</h1>',
    maker: { proxy: 'inbound' },
  },
}

test.each(Object.entries(RECORDED))('%s: which proxy made the answer, and what it said', (_name, recorded) => {
  expect(makerOf(recorded, 'envoy')).toEqual({ origin: 'mesh', ...recorded.maker })
})

test("a provider's answer through two sidecars is the provider's, whatever its body says", () => {
  expect(makerOf({ status: 503, headers: provider, body: 'no healthy upstream' }, 'envoy')).toEqual({
    origin: 'provider',
  })
})

test('without a proxy beside the caller none of them is the caller’s own', () => {
  for (const { maker: _maker, ...recorded } of Object.values(RECORDED))
    expect(makerOf(recorded, 'none')).toMatchObject({ origin: 'mesh', proxy: 'inbound' })
})

test('behind Linkerd, the headers and texts of Envoy say nothing, and behind Envoy those of Linkerd', () => {
  for (const { maker: _maker, ...recorded } of Object.values(RECORDED))
    expect(makerOf(recorded, 'linkerd')).toEqual({ origin: 'mesh', proxy: 'inbound' })
  const forged = { 'l5d-proxy-error': 'forged' }
  const refusal = { status: 503, headers: { ...provider, ...forged }, body: '' }
  expect(makerOf(refusal, 'envoy')).toEqual({ origin: 'provider' })
  expect(makerOf(refusal, 'none')).toEqual({ origin: 'provider' })
})

test('a text of Envoy is passed on in part only, if it is long', () => {
  const body = `no healthy upstream${'x'.repeat(10_000)}`
  expect(makerOf({ status: 503, headers: ownSidecar, body }, 'envoy').proxyError).toHaveLength(300)
})
