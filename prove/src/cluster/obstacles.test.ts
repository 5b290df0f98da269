import { expect, test } from 'vitest'
import type { Condition, DeploymentObject, PodObject } from './kubernetes-types.ts'
import { isScalingUp, obstacleOf } from './obstacles.ts'

const pod = (status: PodObject['status']): PodObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'provider-v1-a' },
  spec: { containers: [{ name: 'provider', image: 'provider:1.0' }] },
  status,
})
const waiting = (reason: string, restartCount = 3) =>
  pod({ containerStatuses: [{ name: 'provider', ready: false, restartCount, state: { waiting: { reason } } }] })
const deployment = (...conditions: Condition[]): DeploymentObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'provider-v1' },
  spec: { selector: { matchLabels: {} }, template: { metadata: { name: '' }, spec: { containers: [] } } },
  status: { conditions },
})
const refusedWith = (message: string) =>
  obstacleOf([deployment({ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message })], [])

test('an image that cannot be pulled, and a service that ends at once, are certain', () => {
  expect(obstacleOf([], [waiting('ContainerCreating')])).toBeUndefined()
  const image = obstacleOf([], [waiting('ImagePullBackOff')])
  expect(image).toMatchObject({ isCertain: true })
  expect(image?.reason).toMatch(/provider:1\.0.*--registry/)
  expect(obstacleOf([], [waiting('CrashLoopBackOff')])?.reason).toContain('kubectl logs')
  expect(obstacleOf([], [waiting('CrashLoopBackOff', 1)])).toBeUndefined()
})

test.each([
  ['pods "a" is forbidden: exceeded quota: small, requested: cpu=1', /exceeded quota: small.*Raise the quota/, false],
  ['admission webhook "guard.example" denied the request: no', /denied the request.*webhook that the message/, false],
  ['pods "a" is forbidden: violates PodSecurity "restricted"', /PodSecurity "restricted".*security level/, false],
  ['pods "a" is forbidden: by somebody', /by somebody.*policy that the message names/, false],
  ['unable to create new content in namespace prove-1 because it is being terminated', /deleted the namespace/, true],
])('refused pods name who refuses them: %s', (message, words, isCertain) => {
  expect(refusedWith(message)?.reason).toMatch(words)
  expect(refusedWith(message)?.isCertain).toBe(isCertain)
})

test('a pod that fits on no node is an obstacle, unless an autoscaler has answered', () => {
  const message = '0/1 nodes are available: 1 node(s) were unschedulable.'
  const scheduled: Condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }
  expect(obstacleOf([], [pod({ conditions: [scheduled] })])?.reason).toContain(message)
  expect(obstacleOf([], [pod({ conditions: [{ ...scheduled, status: 'True' }] })])).toBeUndefined()
  expect(isScalingUp([{ reason: 'TriggeredScaleUp', metadata: {} }])).toBe(true)
  expect(isScalingUp([{ reason: 'FailedScheduling', metadata: {} }])).toBe(false)
})
