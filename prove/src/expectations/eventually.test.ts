import { expect, test } from 'vitest'
import { eventually } from './eventually.ts'
import type { Expectation } from './expectation.ts'
import { factsOnly } from './observation.ts'

const isReady: Expectation = {
  name: 'isReady',
  says: 'it is ready',
  witness: 'cluster',
  judge: ({ facts }) => ({ holds: facts['ready'] === true, seen: String(facts['ready']) }),
}

function scripted(answers: boolean[]) {
  let nowMs = 0
  let asked = 0
  return {
    options: {
      times: 3,
      deadlineMs: 1000,
      intervalMs: 100,
      clock: {
        now: () => nowMs,
        sleep: async (ms: number) => {
          nowMs += ms
        },
      },
      signal: new AbortController().signal,
    },
    observe: async () => {
      const ready = answers[Math.min(asked, answers.length - 1)] ?? false
      asked += 1
      return factsOnly({ ready })
    },
  }
}

test('three in a row are needed: a failure in between restarts the count', async () => {
  const { observe, options } = scripted([false, true, true, false, true, true, true])
  expect(await eventually(observe, [isReady], options)).toMatchObject({ converged: true, observations: 7 })
})

test('at the deadline the last observation is returned with what was seen', async () => {
  const { observe, options } = scripted([false])
  const ended = await eventually(observe, [isReady], options)
  expect(ended).toMatchObject({ converged: false, waitedMs: 1000 })
  expect(ended.findings).toEqual([
    { name: 'isReady', says: 'it is ready', witness: 'cluster', holds: false, seen: 'false' },
  ])
})

test('a series that began before the deadline may end after it', async () => {
  const { observe, options } = scripted([...Array.from({ length: 40 }, () => false), true, true, true])
  expect(await eventually(observe, [isReady], options)).toMatchObject({ converged: true, waitedMs: 1200 })
})

test('nothing to expect never converges: a gate must not pass on nothing', async () => {
  const { observe, options } = scripted([true])
  expect((await eventually(observe, [], options)).converged).toBe(false)
})
