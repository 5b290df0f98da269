import { expect, test } from 'vitest'
import { ByHand, type Target } from './by-hand.ts'
import type { AdminRequest } from './curl.ts'
import { NamedFiles } from './named-files.ts'

const consumer: Target = { workload: 'consumer-v1', labels: {}, index: undefined, ports: [6001, 4191] }
const provider = (index: number): Target => ({
  workload: 'provider-v1',
  labels: { app: 'provider', version: 'v1' },
  index,
  ports: [5001],
})
const burst = (n: number): AdminRequest => ({ method: 'POST', path: `/burst?n=${n}`, headers: {} })
const CALL = `curl -sS -w '\\n' -X POST`
const FORWARD = 'kubectl -n prove-1 port-forward deployment/consumer-v1 16001:6001 14191:4191 > /dev/null & sleep 2'

function made() {
  const files = new NamedFiles()
  return { files, byHand: new ByHand({ namespace: 'prove-1', lane: 'prove-1-2', files }) }
}

test('a feature: the state, its calls with their headers, and a forward that is started once', () => {
  const { byHand, files } = made()
  byHand.scaled({ 'consumer-v1': 1, 'provider-v1': 1, 'provider-v2': 0 })
  byHand.settled(['consumer-v1'])
  byHand.says('On: with the route')
  byHand.applied('features-retries', 'kind: HTTPRoute', [])
  byHand.called(consumer, 6001, { ...burst(60), headers: { 'x-fault': 'status;code=503' } })
  byHand.says('Control: without the route')
  byHand.deleted('features-retries-off-removes', 'kind: HTTPRoute')
  byHand.called(consumer, 6001, burst(60))
  byHand.says('Afterwards')
  expect(byHand.take()).toEqual([
    'kubectl -n prove-1 scale deployment/consumer-v1 deployment/provider-v1 --replicas=1',
    'kubectl -n prove-1 scale deployment/provider-v2 --replicas=0',
    'kubectl -n prove-1 rollout status deployment/consumer-v1',
    '# On: with the route',
    'kubectl -n prove-1 apply -f features-retries.yaml',
    FORWARD,
    `${CALL} -H 'x-fault: status;code=503' 'http://127.0.0.1:16001/burst?n=60'`,
    '# Control: without the route',
    'kubectl -n prove-1 delete --ignore-not-found -f features-retries.yaml',
    `${CALL} 'http://127.0.0.1:16001/burst?n=60'`,
    'kill $(jobs -p)',
  ])
  expect(files.texts).toEqual({ 'features-retries.yaml': 'kind: HTTPRoute' })
  expect(byHand.take()).toEqual([])
})

test('one pod of several is found by its place, and a new pod gets a new forward', () => {
  const { byHand } = made()
  const faults: AdminRequest = {
    method: 'PUT',
    path: '/faults',
    headers: { 'content-type': 'text/plain' },
    body: 'status;code=503',
  }
  byHand.called(provider(1), 5001, faults)
  byHand.applied('off', 'kind: Deployment', ['provider-v1'])
  byHand.called(provider(1), 5001, { method: 'DELETE', path: '/faults', headers: {} })
  const pod = '$(kubectl -n prove-1 get pods -l app=provider,version=v1 -o name | sed -n 2p)'
  expect(byHand.take()).toEqual([
    `kubectl -n prove-1 port-forward ${pod} 15001:5001 > /dev/null & sleep 2`,
    `curl -sS -w '\\n' -X PUT -H 'content-type: text/plain' --data-raw 'status;code=503' http://127.0.0.1:15001/faults`,
    'kubectl -n prove-1 apply -f off.yaml',
    `kubectl -n prove-1 port-forward ${pod} 15002:5001 > /dev/null & sleep 2`,
    `curl -sS -w '\\n' -X DELETE http://127.0.0.1:15002/faults`,
    'kill $(jobs -p)',
  ])
})

test('the looks of a wait are a loop, with the forward before it; so are calls that are repeated', () => {
  const { byHand } = made()
  byHand.waits()
  byHand.observes()
  byHand.called(consumer, 6001, burst(5))
  byHand.observes()
  byHand.called(consumer, 6001, burst(5))
  byHand.called(consumer, 6001, burst(40))
  byHand.waited()
  for (let call = 0; call < 3; call += 1) byHand.called(consumer, 6001, burst(20))
  expect(byHand.take()).toEqual([
    FORWARD,
    [
      '# Until the mesh acts so; the run looked 2 times',
      'for look in $(seq 2); do',
      `  ${CALL} 'http://127.0.0.1:16001/burst?n=5'`,
      `  ${CALL} 'http://127.0.0.1:16001/burst?n=40'`,
      '  sleep 1',
      'done',
    ].join('\n'),
    '# Measured',
    `for call in $(seq 3); do ${CALL} 'http://127.0.0.1:16001/burst?n=20'; sleep 1; done`,
    'kill $(jobs -p)',
  ])
})

test('an observation that broke off is left out, its forward is not', () => {
  const { byHand } = made()
  const brokeOff = byHand.observes()
  byHand.called(consumer, 6001, burst(60))
  brokeOff()
  byHand.observes()
  byHand.called(consumer, 6001, burst(60))
  expect(byHand.take()).toEqual([FORWARD, `${CALL} 'http://127.0.0.1:16001/burst?n=60'`, 'kill $(jobs -p)'])
})

test('calls go on until what happens meanwhile has ended', () => {
  const { byHand } = made()
  const quick = byHand.goesOn(consumer, 6001, burst(100), { burstS: 1, burstsAtOnce: 1 })
  const slow = byHand.goesOn(consumer, 6001, burst(8), { burstS: 2, burstsAtOnce: 4 })
  byHand.scaled({ 'provider-v1': 1 })
  quick()
  slow()
  expect(byHand.take().slice(1, -1)).toEqual([
    `touch going-1; while [ -e going-1 ]; do ${CALL} 'http://127.0.0.1:16001/burst?n=100'; done & calls1=$!`,
    `touch going-2; { while [ -e going-2 ]; do ${CALL} 'http://127.0.0.1:16001/burst?n=8' & sleep 2; done; wait; } & calls2=$!`,
    'sleep 2',
    'kubectl -n prove-1 scale deployment/provider-v1 --replicas=1',
    'rm going-1; wait $calls1',
    'rm going-2; wait $calls2',
  ])
})

test('the proxies are read before and after; a command in a pod names the namespace that all commands name', () => {
  const { byHand } = made()
  const again = byHand.counts('caller', consumer, 4191)
  byHand.ran('consumer-unmeshed', 'consumer', ['node', '-e', "'consumer.prove-1-2'"])
  again()
  expect(byHand.take().slice(1, -1)).toEqual([
    `curl -sS -w '\\n' http://127.0.0.1:14191/metrics > caller-before.txt`,
    `kubectl -n prove-1 exec deployment/consumer-unmeshed -c consumer -- node -e ''\\''consumer.prove-1'\\'''`,
    `sleep 1; curl -sS -w '\\n' http://127.0.0.1:14191/metrics | diff caller-before.txt - | grep -E '^[<>] (request_total|response_total|response_latency_ms_(sum|count)|(in|out)bound_http_\\w+_total)[{ ]'`,
  ])
})

test('a workload of which one pod has a proxy and another has none is reached at all ports of both', () => {
  const { byHand } = made()
  byHand.called({ ...consumer, ports: [6001] }, 6001, burst(1))
  byHand.counts('caller', consumer, 4191)
  byHand.called(consumer, 6001, burst(2))
  expect(byHand.take().filter((line) => line.includes('port-forward'))).toEqual([
    'kubectl -n prove-1 port-forward deployment/consumer-v1 16001:6001 > /dev/null & sleep 2',
    'kubectl -n prove-1 port-forward deployment/consumer-v1 16002:6001 14191:4191 > /dev/null & sleep 2',
  ])
})
