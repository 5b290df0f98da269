import { HEADER } from '@linkerd-scenario/contract'
import { callerIs } from '../engine/call-expectations.ts'
import { factIs } from '../engine/fact-expectations.ts'
import type { Feature } from '../engine/feature.ts'
import type { Lab } from '../engine/lab.ts'
import { callsOf, proxyCounted } from '../engine/proxy-expectations.ts'
import { callsIn, callsOut } from './counted.ts'

const FORGERIES = 10

export const mtlsIdentity: Feature = {
  name: 'mtls-identity',
  claim: 'Calls between pods are mutual TLS: the provider learns who calls, and nobody can pretend to be another.',
  needs: [],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1, 'consumer-unmeshed': 1 },
  decides: 'services',
  on: {
    state: 'from a meshed caller',
    steps: (lab) =>
      lab.watch({ caller: 'consumer-v1', provider: 'provider-v1' }, async () => ({
        bursts: { calls: await lab.burst('consumer-v1', { n: 50 }) },
        facts: await forge(lab),
      })),
    expect: [
      callerIs('calls', 'consumer'),
      proxyCounted('caller', callsOut({ tls: 'true' }), callsOf('calls')),
      proxyCounted('provider', callsIn({ tls: 'true' }), callsOf('calls')),
      factIs('forgeriesAnswered', FORGERIES, 'calls with a forged identity are answered', 'services'),
      factIs('forgeriesBelieved', 0, 'no forged identity reaches the provider', 'services'),
    ],
  },
  control: {
    state: 'from a caller without a proxy',
    steps: (lab) =>
      lab.watch({ provider: 'provider-v1' }, async () => ({
        bursts: { calls: await lab.burst('consumer-unmeshed', { n: 50 }) },
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

/**
 * Calls the provider from the pod without a proxy, under the consumer's identity as anyone could write it into the
 * header. In the pod itself: the consumer forwards this header for nobody.
 */
async function forge(lab: Lab) {
  const forged = `consumer.${lab.namespace}.serviceaccount.identity.linkerd.cluster.local`
  const script = `
    const { PROVIDER_HOST, PROVIDER_PORT = '5000' } = process.env
    const seen = { answered: 0, believed: 0 }
    for (let call = 0; call < ${FORGERIES}; call += 1) {
      const answer = await fetch('http://' + PROVIDER_HOST + ':' + PROVIDER_PORT + '/', { headers: { '${HEADER.clientId}': '${forged}' } })
      const { hops } = await answer.json()
      if (hops) seen.answered += 1
      if (hops?.at(-1).caller) seen.believed += 1
    }
    console.log(JSON.stringify(seen))`
  const output = await lab.exec('consumer-unmeshed', ['node', '--input-type=module', '-e', script])
  const { answered, believed } = JSON.parse(output) as { answered: number; believed: number }
  return { forgeriesAnswered: answered, forgeriesBelieved: believed }
}
