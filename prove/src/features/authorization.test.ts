import { answered, refused } from '../../testing/fixtures.ts'
import { ended, failed, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { authorization } from './authorization.ts'

const counted = (denied: number, allowed: number) => [
  sample('inbound_http_authz_deny_total', { srv_name: 'provider-http', target_port: '5000' }, denied),
  sample('inbound_http_authz_allow_total', { authz_name: 'provider-from-consumer', target_port: '5000' }, allowed),
]
const all = { consumer: answered(40), stranger: answered(40), unmeshed: answered(40) }
const one = { consumer: answered(40), stranger: refused(40, 403), unmeshed: refused(40, 403) }

verdictCases(
  authorization,
  { on: { bursts: one, provider: counted(80, 40) }, control: { bursts: all, provider: [] } },
  [
    { name: 'everybody is let in', on: { bursts: all }, verdict: 'failed', says: /stranger fails with 403/ },
    { name: 'nobody is let in', on: { bursts: { consumer: refused(40, 403) } }, verdict: 'failed', says: /consumer/ },
    {
      name: 'a refusal that the service made',
      on: { bursts: { stranger: failed(40, 403) } },
      verdict: 'failed',
      says: /made by provider: 40/,
    },
    {
      name: "a refusal by the caller's own proxy",
      on: { bursts: { unmeshed: ended(40, 403) } },
      verdict: 'failed',
      says: /reasons given by a proxy: 40/,
    },
    { name: 'denials counted double', on: { provider: counted(160, 40) }, verdict: 'failed', says: /160 counted/ },
    {
      name: 'a default policy of deny refuses all without the policy as well',
      control: { bursts: { consumer: refused(40, 403), stranger: refused(40, 403), unmeshed: refused(40, 403) } },
      verdict: 'not-proved',
      says: /every call of consumer is answered 200/,
    },
  ],
)
