import { HEADER } from '@linkerd-scenario/contract'
import { PROMISES } from '@linkerd-scenario/contract/promises'
import { identityOf } from '../cluster/mesh-facts.ts'
import type { TestNamespace } from '../cluster/test-namespace.ts'
import { callerIs } from '../expectations/call-expectations.ts'
import { factIs } from '../expectations/fact-expectations.ts'
import type { Fact } from '../expectations/observation.ts'
import { callsOf, proxyCounted } from '../expectations/proxy-expectations.ts'
import { counts } from '../expectations/wording.ts'
import type { Feature } from '../feature.ts'
import { callsIn, callsOut } from './proxy-metrics.ts'

const FORGERIES = 10

export const mtlsIdentity: Feature = {
  name: 'mtls-identity',
  claim: PROMISES['mtls-identity'].claim.en,
  needs: [],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1, 'consumer-unmeshed': 1 },
  decides: 'services',
  on: {
    state: 'from a meshed caller',
    steps: (namespace) =>
      namespace.observe({ caller: 'consumer-v1', provider: 'provider-v1' }, async () => ({
        bursts: { calls: await namespace.burst('consumer-v1', { n: 50 }) },
        facts: await forge(namespace),
      })),
    expect: [
      callerIs('calls', 'consumer'),
      proxyCounted('caller', callsOut({ tls: 'true' }), callsOf('calls')),
      proxyCounted('provider', callsIn({ tls: 'true' }), callsOf('calls')),
      factIs(
        'forgeriesAnswered',
        FORGERIES,
        'calls with a forged identity are answered',
        'services',
        'forgeryOutcomes',
      ),
      factIs('forgeriesBelieved', 0, 'no forged identity reaches the provider', 'services'),
    ],
  },
  control: {
    state: 'from a caller without a proxy',
    steps: (namespace) =>
      namespace.observe({ provider: 'provider-v1' }, async () => ({
        bursts: { calls: await namespace.burst('consumer-unmeshed', { n: 50 }) },
      })),
    expect: [
      callerIs('calls', null),
      proxyCounted('provider', callsIn({ tls: 'no_identity' }), callsOf('calls')),
      proxyCounted('provider', callsIn({ tls: 'true' }), 0),
    ],
  },
  hints: [
    'The certificates of the control plane have run out: `linkerd check --proxy -n NAMESPACE`.',
    'The port is skipped or opaque: `linkerd diagnostics policy -n NAMESPACE svc/provider-svc 5000`.',
  ],
}

interface Forgeries {
  answered: number
  believed: number
  /** Calls by status, or by the error that ended the call. */
  outcomes: Record<string, number>
}

/**
 * Calls the provider from the pod without a proxy, with a forged identity header that names the consumer. Runs inside
 * that pod, because the consumer does not forward this header.
 */
async function forge(namespace: TestNamespace): Promise<Record<string, Fact>> {
  const forged = identityOf('consumer', namespace.name, await namespace.mesh())
  const script = `
    const { PROVIDER_HOST, PROVIDER_PORT = '5000' } = process.env
    const seen = { answered: 0, believed: 0, outcomes: {} }
    for (let call = 0; call < ${FORGERIES}; call += 1) {
      const { outcome, hops } = await send()
      seen.outcomes[outcome] = (seen.outcomes[outcome] ?? 0) + 1
      if (hops.length > 0) seen.answered += 1
      if (hops.at(-1)?.caller) seen.believed += 1
    }
    console.log(JSON.stringify(seen))
    async function send() {
      try {
        const answer = await fetch('http://' + PROVIDER_HOST + ':' + PROVIDER_PORT + '/', { headers: { '${HEADER.clientId}': '${forged}' } })
        const text = await answer.text()
        return { outcome: String(answer.status), hops: hopsIn(text) }
      } catch (error) {
        return { outcome: String(error?.cause?.code ?? error), hops: [] }
      }
    }
    function hopsIn(text) {
      try {
        const { hops } = JSON.parse(text)
        return Array.isArray(hops) ? hops : []
      } catch {
        return []
      }
    }`
  const output = await namespace.exec('consumer-unmeshed', ['node', '--input-type=module', '-e', script])
  return forgeryFacts(output)
}

/** Parses the script's output. Anything other than its JSON is also a fact: no forged call was answered. */
function forgeryFacts(output: string): Record<string, Fact> {
  try {
    const { answered, believed, outcomes } = JSON.parse(output) as Forgeries
    return { forgeriesAnswered: answered, forgeriesBelieved: believed, forgeryOutcomes: counts(outcomes) }
  } catch {
    return { forgeriesAnswered: 0, forgeriesBelieved: 0, forgeryOutcomes: `the pod printed ${output.slice(0, 200)}` }
  }
}
