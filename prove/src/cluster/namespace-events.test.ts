import { expect, test } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { NamespaceEvents } from './namespace-events.ts'
import { CLUSTER_PACE, systemClock } from './pace.ts'

const event = (type: string, reason: string, second: number) => ({
  type,
  reason,
  message: `message of ${reason}`,
  metadata: { name: reason, creationTimestamp: `2026-01-01T00:00:0${second}Z` },
})
const obstacle = (isCertain: boolean) => ({ reason: 'no room', isCertain })

function eventsOn(items: readonly object[] | undefined, signal = new AbortController().signal) {
  const list = items === undefined ? { code: 1, stderr: 'forbidden' } : { stdout: JSON.stringify({ items }) }
  const { kubectl, commands } = scriptedKubectl(() => list)
  const access = { kubectl, namespace: 'test', clock: systemClock, pace: CLUSTER_PACE, signal }
  return { events: new NamespaceEvents(access), commands }
}

test('of all events the last warning is told, and no watch starts before somebody asks', async () => {
  const { events, commands } = eventsOn([
    event('Warning', 'FailedMount', 1),
    event('Warning', 'FailedScheduling', 2),
    event('Normal', 'Pulled', 3),
  ])
  expect(commands).toEqual([])
  expect(await events.lastWarning()).toBe('FailedScheduling: message of FailedScheduling')
  await events.close()
})

test('an autoscaler removes an obstacle, unless that is certain', async () => {
  const { events } = eventsOn([event('Normal', 'TriggeredScaleUp', 1)])
  expect(await events.willRemove(obstacle(false))).toBe(true)
  expect(await events.willRemove(obstacle(true))).toBe(false)
  const without = eventsOn([event('Normal', 'Pulled', 1)])
  expect(await without.events.willRemove(obstacle(false))).toBe(false)
  await Promise.all([events.close(), without.events.close()])
})

test('events that nobody may read are none, but an interrupt is one', async () => {
  const { events } = eventsOn(undefined)
  expect(await events.lastWarning()).toBeUndefined()
  expect(await events.willRemove(obstacle(false))).toBe(false)
  const interrupted = eventsOn([], AbortSignal.abort(new Error('Ctrl-C')))
  await expect(interrupted.events.lastWarning()).rejects.toThrow('Ctrl-C')
})
