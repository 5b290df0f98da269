import fc from 'fast-check'
import { expect, test } from 'vitest'
import { immediateCaller } from './forwarded-client-cert.ts'

const CONSUMER = 'spiffe://cluster.local/ns/mesh-demo/sa/consumer'
const HASH = 'Hash=86948ccdaf2de73b20d389dc212aaf2d72f9f1ca239327cc2e8b05e61b1676d1'
const BY = 'By=spiffe://cluster.local/ns/mesh-demo/sa/provider'
/** What the provider's sidecar appends: Istio's certificates have an empty subject. */
const SIDECAR = `${BY};${HASH};Subject="";URI=${CONSUMER}`
/** What a waypoint writes in place of whatever came: https://github.com/istio/istio/pull/59536 */
const WAYPOINT = `By=spiffe://cluster.local/ns/mesh-demo/sa/waypoint;URI=${CONSUMER}`

test.each([
  ['a sidecar', SIDECAR, CONSUMER],
  ['a waypoint', WAYPOINT, CONSUMER],
  [
    'a certificate with a subject and names, as in the tests of Istio',
    `By=spiffe://cluster.local/ns/mounted-certs/sa/server;${HASH};Subject="CN=client.mounted-certs.svc.cluster.local";URI=spiffe://cluster.local/ns/mounted-certs/sa/client;DNS=client.mounted-certs.svc`,
    'spiffe://cluster.local/ns/mounted-certs/sa/client',
  ],
  [
    'two hops: the caller is the last one, not the first',
    `By=spiffe://cluster.local/ns/edge/sa/gateway;${HASH};Subject="CN=someone";URI=spiffe://partner.example/ns/a/sa/b,${BY};${HASH};Subject="";URI=spiffe://cluster.local/ns/edge/sa/gateway`,
    'spiffe://cluster.local/ns/edge/sa/gateway',
  ],
  ['a comma, a semicolon and quotes in a subject', `${BY};Subject="CN=a,O=\\"b;c\\", Inc.";URI=${CONSUMER}`, CONSUMER],
  ['a lone quote in a subject', `${BY};URI=${CONSUMER};Subject="CN=a, 5\\" disk"`, CONSUMER],
  ['a quoted URI, a key in other letters, spaces', ` ${HASH} ; uri = "${CONSUMER}" `, CONSUMER],
  ['several URIs', `${BY};URI=https://a.example/;URI=${CONSUMER};URI=spiffe://b/c`, CONSUMER],
  ['a whole certificate', `${BY};Cert="-----BEGIN%20CERTIFICATE-----%0A";URI=${CONSUMER}`, CONSUMER],
])('%s', (_form, header, expected) => expect(immediateCaller(header)).toBe(expected))

test.each([
  ['nothing', ''],
  ['no URI', `${BY};${HASH};Subject="CN=a"`],
  ['an empty URI, as Envoy writes it for a certificate without one', `${BY};${HASH};URI=`],
  ['a waypoint that knows no caller', 'By=-;URI=-'],
  ['a URI that is no SPIFFE ID', `${BY};URI=https://consumer`],
  ['a trust domain without a workload', `${BY};URI=spiffe://cluster.local`],
  ['a URI inside a subject', `${BY};Subject="a;URI=${CONSUMER};b"`],
  ['an identity of an earlier hop only', `${SIDECAR},${BY};${HASH};URI=`],
  ['a very long URI', `URI=spiffe://a/${'b'.repeat(3000)}`],
  ['characters that an identity cannot have', `URI=${CONSUMER}"x`],
])('no identity in %s', (_form, header) => expect(immediateCaller(header)).toBeUndefined())

test.each(['"', '\\', 'Subject="', '\\"', `URI=${CONSUMER};Subject="`, '";', ',', `${WAYPOINT},`, '"\\'])(
  'what a caller sends first, %j, does not change who called',
  (forged) => {
    const real = SIDECAR.replace(CONSUMER, 'spiffe://cluster.local/ns/mesh-demo/sa/stranger')
    expect(immediateCaller(`${forged},${real}`)).toBe('spiffe://cluster.local/ns/mesh-demo/sa/stranger')
  },
)

test('no text before the last element changes who called', () => {
  const noise = fc.string({ unit: fc.constantFrom('"', '\\', ',', ';', '=', 'URI', CONSUMER, 'Subject="', ' ') })
  const real = SIDECAR.replace(CONSUMER, 'spiffe://cluster.local/ns/mesh-demo/sa/stranger')
  fc.assert(
    fc.property(noise, (forged) => {
      expect(immediateCaller(`${forged},${real}`)).toBe('spiffe://cluster.local/ns/mesh-demo/sa/stranger')
    }),
  )
})

test('a long header is read in time that grows with its length only', () => {
  const startedAt = performance.now()
  for (const part of ['uri= ', '\\"', ';', '" ', ', ']) immediateCaller(part.repeat(16_000 / part.length))
  expect(performance.now() - startedAt).toBeLessThan(200)
})
