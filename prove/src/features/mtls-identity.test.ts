import { answered, refused } from '../../testing/fixtures.ts'
import { sample, verdictCases } from '../../testing/verdict-cases.ts'
import { mtlsIdentity } from './mtls-identity.ts'

const identity = (account: string, domain = 'identity.linkerd.cluster.local') =>
  `${account}.test.serviceaccount.${domain}`
const known = answered(50, { caller: identity('consumer') })
const out = (tls: string, value: number) =>
  sample('request_total', { direction: 'outbound', dst_service: 'provider-svc', tls }, value)
const into = (tls: string, value: number) =>
  sample('request_total', { direction: 'inbound', target_port: '5000', tls }, value)
const facts = { forgeriesAnswered: 10, forgeriesBelieved: 0, forgeryOutcomes: '200: 10' }

verdictCases(
  mtlsIdentity,
  {
    on: {
      bursts: { calls: known },
      facts,
      caller: [out('true', 50)],
      provider: [into('true', 50), into('no_identity', 10)],
    },
    control: { bursts: { calls: answered(50) }, provider: [into('no_identity', 50)] },
  },
  [
    { name: 'no identity is told', on: { bursts: { calls: answered(50) } }, verdict: 'failed', says: /none: 50/ },
    {
      name: "another's identity",
      on: { bursts: { calls: answered(50, { caller: identity('stranger') }) } },
      verdict: 'failed',
      says: /stranger/,
    },
    {
      name: 'an identity of another trust domain',
      on: { bursts: { calls: answered(50, { caller: identity('consumer', 'identity.linkerd.elsewhere') }) } },
      verdict: 'failed',
      says: /elsewhere/,
    },
    {
      name: 'a forged identity is believed',
      on: { facts: { forgeriesBelieved: 1 } },
      verdict: 'failed',
      says: /forged/,
    },
    {
      name: 'forgeries are refused by a policy, and say nothing',
      on: { facts: { forgeriesAnswered: 0, forgeryOutcomes: '403: 10' } },
      verdict: 'failed',
      says: /403: 10/,
    },
    {
      name: 'the proxies speak plain text',
      on: { caller: [out('no_identity', 50)] },
      verdict: 'failed',
      says: /0 counted/,
    },
    { name: 'all is refused', on: { bursts: { calls: refused(50, 403) } }, verdict: 'failed', says: /identity/ },
    {
      name: 'a caller without a proxy has the identity as well',
      control: { bursts: { calls: known } },
      verdict: 'not-proved',
      says: /no identity/,
    },
  ],
)
