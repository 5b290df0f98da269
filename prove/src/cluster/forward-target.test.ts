import { expect, test } from 'vitest'
import { targetOf, targetOfPod } from './forward-target.ts'
import type { Pod } from './test-namespace.ts'

const pod = (name: string, proxyPort?: number): Pod => ({
  name,
  uid: name,
  ready: true,
  adminPort: 5001,
  images: [],
  proxy: proxyPort === undefined ? undefined : { ready: true, restarts: 0, adminPort: proxyPort },
  mesh: undefined,
})
const workloads = {
  byWorkload: new Map([
    ['provider-v1', [pod('provider-v1-b', 4191), pod('provider-v1-a', 4191)]],
    ['consumer-unmeshed', [pod('consumer-unmeshed-a')]],
    ['provider-v2', []],
  ]),
  labelsOf: (workload: string) => ({ name: workload }),
}

test('of several pods one is found by its place among the names, the only one of a workload needs none', () => {
  expect(targetOfPod(workloads, 'provider-v1-b')).toEqual({
    workload: 'provider-v1',
    labels: { name: 'provider-v1' },
    index: 1,
    ports: [5001, 4191],
  })
  expect(targetOfPod(workloads, 'consumer-unmeshed-a')).toMatchObject({ index: undefined, ports: [5001] })
})

test('where any pod will do, it is not said which; what is not known has no target', () => {
  expect(targetOf(workloads, 'provider-v1')).toMatchObject({ index: undefined, ports: [5001, 4191] })
  expect(targetOf(workloads, 'provider-v2')).toBeUndefined()
  expect(targetOfPod(workloads, 'provider-v1-c')).toBeUndefined()
})
