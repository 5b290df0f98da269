import { afterEach, expect, test } from 'vitest'
import type { Behaviour } from '../behaviour.ts'
import { TwoPods } from './two-pods.ts'

const SERVER = `{kind: Server, metadata: {name: provider-http}, spec: {podSelector: {matchLabels: {app: provider}}, port: http, accessPolicy: deny}}`
const ROUTE = (name: string, path: string) =>
  `{kind: HTTPRoute, metadata: {name: ${name}}, spec: {parentRefs: [{kind: Server, name: provider-http}], rules: [{matches: [{path: ${path}}]}]}}`
const POLICY = (kind: string, name: string) =>
  `{kind: AuthorizationPolicy, metadata: {name: allow}, spec: {targetRef: {kind: ${kind}, name: ${name}}, requiredAuthenticationRefs: [{kind: ServiceAccount, name: consumer}]}}`

const open: TwoPods[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((pods) => pods.close()))
})

async function start(behaviour: Partial<Behaviour>, account: string, ...objects: string[]): Promise<TwoPods> {
  const pods = await TwoPods.start(behaviour, account)
  open.push(pods)
  if (objects.length > 0) pods.apply(objects.join('\n---\n'))
  return pods
}

test.each([
  ['a default policy of deny', { defaultInboundPolicy: 'deny' } as const, []],
  ['a Server that denies', {}, [SERVER]],
])('%s: 403 by the provider’s proxy, without a body, a reason or a responder', async (_, behaviour, objects) => {
  const pods = await start(behaviour, 'consumer', ...objects)
  for (const answer of [await pods.call(), await pods.callUnmeshed()]) {
    expect([answer.status, answer.body, answer.headers['content-length']]).toEqual([403, '', '0'])
    expect(answer.headers).not.toHaveProperty('l5d-proxy-error')
    expect(answer.headers).not.toHaveProperty('x-responder')
  }
  // A refused request does not count as one that the proxy passed on.
  expect(pods.provider.text()).not.toMatch(/^request_total/m)
})

test.each([
  ['the whole Server', 'consumer', POLICY('Server', 'provider-http'), '/other', 200],
  ['one route', 'consumer', POLICY('HTTPRoute', 'message'), '/', 200],
  ['one route, another path', 'consumer', POLICY('HTTPRoute', 'message'), '/other', 403],
  ['one route, another caller', 'stranger', POLICY('HTTPRoute', 'message'), '/', 403],
])('a policy for %s: %s gets %s %s', async (_, account, policy, path, status) => {
  const routes = [ROUTE('message', '{type: Exact, value: /}'), ROUTE('rest', '{type: PathPrefix, value: /}')]
  const pods = await start({}, account, SERVER, ...routes, policy)
  expect((await pods.call(`${path}?in=x`)).status).toBe(status)
})

test('a path that no route of the Server matches is 404', async () => {
  const pods = await start({}, 'consumer', SERVER, ROUTE('api', '{type: PathPrefix, value: /api}'))
  expect((await pods.call('/apis')).status).toBe(404)
})

test('the caller’s proxy gives its own reasons, and takes those of others away', async () => {
  const pods = await start({}, 'consumer')
  expect((await pods.call()).headers).not.toHaveProperty('l5d-proxy-error')
  pods.apply(
    '{kind: HTTPRoute, metadata: {name: t}, spec: {parentRefs: [{kind: Service, name: provider-svc}], rules: [{matches: [{method: POST}], backendRefs: [{name: provider-svc}]}]}}',
  )
  const { status, headers, body } = await pods.call()
  expect([status, body, headers['l5d-proxy-error']]).toEqual([404, '', 'no route found for request'])
})

test('an opaque port: no identity, no route, no reason; the policy of a Server breaks the connection', async () => {
  const pods = await start(
    {},
    'consumer',
    '{kind: Service, metadata: {name: provider-svc, annotations: {config.linkerd.io/opaque-ports: "4444,5000"}}}',
  )
  expect(await pods.call()).toMatchObject({ status: 200, body: 'none' })
  expect(pods.caller.text()).not.toMatch(/^(request_total|outbound_http_route)/m)
  pods.apply(SERVER)
  await expect(pods.call()).rejects.toThrow(/socket hang up|ECONNRESET/)
  pods.apply(POLICY('Server', 'provider-http'))
  expect((await pods.call()).status).toBe(200)
})

test('identities end in the trust domain of the mesh', async () => {
  const pods = await start({ trustDomain: 'mesh.example' }, 'consumer')
  expect((await pods.call()).body).toBe('consumer.ns.serviceaccount.identity.linkerd.mesh.example')
  expect(pods.caller.text()).toContain('server_id="provider.ns.serviceaccount.identity.linkerd.mesh.example"')
})
