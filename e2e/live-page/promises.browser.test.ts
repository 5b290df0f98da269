import { type MeshPromise, PROMISES, type PromiseId } from '@linkerd-scenario/contract/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from './browser.ts'
import { PageInMesh, sendSuitable, verdict, verdictFromNow } from './page-in-mesh.ts'

// The tests of this file share one mesh and go from one to three pods of the provider, and back to one.
let mesh: PageInMesh
beforeAll(async () => {
  mesh = await PageInMesh.start()
}, 120_000)
afterAll(() => mesh[Symbol.asyncDispose](), 60_000)

const promiseOf = (id: PromiseId): MeshPromise => PROMISES[id]

const given = <Value>(value: Value | null | undefined): Value => {
  if (value === null || value === undefined) throw new Error('The promise does not have it')
  return value
}

const run = (command: string | null | undefined): Promise<string> => mesh.run(given(command))

/** Switches a promise on and off again with its own commands, which must leave the cluster as it was. */
async function offOnOff(id: PromiseId, page: Page, whileOn: () => Promise<void> = async () => {}): Promise<void> {
  const { switchOn, switchOff } = promiseOf(id)
  const before = sorted(mesh.applied)
  await verdictFromNow(page, id, 'looks-off')
  await run(switchOn)
  expect(sorted(mesh.applied)).not.toEqual(before)
  await verdictFromNow(page, id, 'looks-on')
  await whileOn()
  await run(switchOff)
  expect(sorted(mesh.applied)).toEqual(before)
  await verdictFromNow(page, id, 'looks-off')
}

const sorted = (objects: readonly object[]) => objects.map((object) => JSON.stringify(object)).toSorted()

interface Case {
  of: readonly PromiseId[]
  see: () => Promise<void>
}

const SWITCHED: Case[] = (['retries', 'timeouts', 'rate-limiting', 'traffic-split', 'header-routing'] as const).map(
  (id) => ({
    of: [id],
    see: async () => {
      const page = await mesh.pageOf('consumer-v1')
      await sendSuitable(page, id)
      await offOnOff(id, page)
    },
  }),
)

/** What the page says once it has seen the pods that a restart replaces: it cannot see others come before. */
const STEADY = /\d{2,} calls took longer than a second, and 0 pods left/

const CASES: Case[] = [
  {
    of: ['injection', 'mtls-identity'],
    see: async () => {
      const { switchOn, switchOff } = promiseOf('injection')
      const sees = async (wanted: 'looks-on' | 'looks-off') => {
        const page = await mesh.pageOf('consumer-v1')
        await sendSuitable(page, 'injection')
        await verdictFromNow(page, 'injection', wanted)
        await verdict(page, 'mtls-identity', wanted)
      }
      await sees('looks-on')
      await run(switchOff)
      await mesh.rolledOut('provider-v1', 'consumer-v1')
      await sees('looks-off')
      await run(switchOn)
      await mesh.rolledOut('provider-v1', 'consumer-v1')
      await sees('looks-on')
    },
  },
  ...SWITCHED,
  {
    of: ['golden-metrics'],
    see: async () => {
      const page = await mesh.pageOf('consumer-v1')
      const row = page.locator('[data-promise="golden-metrics"]')
      await sendSuitable(page, 'retries')
      await verdictFromNow(page, 'golden-metrics', 'cannot-tell')
      await eventually(() => row.locator('.why').textContent()).toMatch(
        /It saw [\d.]+ calls per second, of which 0\s% /,
      )
      await sendSuitable(page, 'injection')
      await verdictFromNow(page, 'golden-metrics', 'cannot-tell')
      await eventually(() => row.locator('.why').textContent()).toMatch(/, of which 100\s% succeeded/)
    },
  },
  {
    of: ['per-route-authorization'],
    see: async () => {
      const { instead, switchOn, switchOff } = promiseOf('per-route-authorization')
      const page = await mesh.pageOf('consumer-v1')
      const row = page.locator('[data-promise="per-route-authorization"]')
      expect(await row.locator('.verdict').textContent()).toBe('not visible here')
      expect(await run(instead)).toBe('404')
      await run(switchOn)
      expect(await run(instead)).toBe('403')
      await run(switchOff)
      expect(await run(instead)).toBe('404')
    },
  },
  {
    of: ['authorization'],
    see: async () => {
      const page = await mesh.pageOf(given(PROMISES.authorization.seenBy))
      await sendSuitable(page, 'authorization')
      await offOnOff('authorization', page, async () => {
        await eventually(() => page.locator('.hero .detail').textContent()).toContain('403 from the provider’s proxy')
      })
    },
  },
  {
    of: ['egress'],
    see: async () => {
      const page = await mesh.pageOf(given(PROMISES.egress.seenBy))
      await sendSuitable(page, 'egress')
      await offOnOff('egress', page)
    },
  },
  {
    of: ['discovery'],
    see: async () => {
      const { prepare, seenBy } = PROMISES.discovery
      const page = await mesh.pageOf('consumer-v1')
      await sendSuitable(page, 'discovery')
      await verdictFromNow(page, 'discovery', 'cannot-tell')
      await run(prepare?.command)
      await verdict(page, 'discovery', 'looks-on')
      await run(prepare?.undo)
      await mesh.rolledOut('provider-v1')
      const other = await mesh.pageOf(given(seenBy))
      await sendSuitable(other, 'discovery')
      await verdictFromNow(other, 'discovery', 'looks-off')
    },
  },
  {
    of: ['circuit-breaking'],
    see: async () => {
      const { prepare } = PROMISES['circuit-breaking']
      await mesh.scale('provider-v1', 3)
      const page = await mesh.pageOf('consumer-v1')
      await run(prepare?.command)
      await sendSuitable(page, 'circuit-breaking')
      await offOnOff('circuit-breaking', page)
      await run(prepare?.undo)
      await mesh.rolledOut('provider-v1')
    },
  },
  {
    of: ['load-balancing'],
    see: async () => {
      const page = await mesh.pageOf('consumer-v1')
      await run(PROMISES['load-balancing'].prepare?.command)
      await sendSuitable(page, 'load-balancing')
      await verdictFromNow(page, 'load-balancing', 'looks-on')
      mesh.behaviour.balancing = 'random'
      await verdictFromNow(page, 'load-balancing', 'looks-off')
      mesh.behaviour.balancing = 'latency'
      await verdictFromNow(page, 'load-balancing', 'looks-on')
    },
  },
  {
    of: ['rate-limit-aware-balancing'],
    see: async () => {
      const page = await mesh.pageOf('consumer-v1')
      await run(PROMISES['rate-limit-aware-balancing'].prepare?.command)
      await sendSuitable(page, 'rate-limit-aware-balancing')
      await offOnOff('rate-limit-aware-balancing', page)
    },
  },
  {
    of: ['rollout', 'slow-requests'],
    see: async () => {
      await mesh.scale('provider-v1', 1)
      const page = await mesh.pageOf('consumer-v1')
      await sendSuitable(page, 'slow-requests')
      const restarted = async (wanted: 'looks-on' | 'looks-off') => {
        await verdictFromNow(page, 'slow-requests', 'cannot-tell', STEADY)
        await run(PROMISES.rollout.prepare?.command)
        await verdict(page, 'slow-requests', wanted)
        await verdict(page, 'rollout', wanted)
      }
      await restarted('looks-on')
      mesh.killPodsAtOnce('provider-v1')
      await mesh.rolledOut('provider-v1')
      await restarted('looks-off')
    },
  },
]

/** In every run; the others belong to `npm run test:browser:all`. */
const ALWAYS: ReadonlySet<PromiseId> = new Set([
  'injection',
  'retries',
  'traffic-split',
  'per-route-authorization',
  'authorization',
  'circuit-breaking',
])
const isAll = process.env['MODE'] === 'all'

test.each(CASES.filter(({ of }) => isAll || of.some((id) => ALWAYS.has(id))))(
  '$of: the page sees it on and off',
  async ({ see }) => {
    await see()
    expect(mesh.trouble).toEqual([])
  },
)

test('no promise is left out', () => {
  expect(CASES.flatMap(({ of }) => of).toSorted()).toEqual(Object.keys(PROMISES).toSorted())
})

if (isAll) {
  test('no command of a promise is left out', () => {
    const commands = Object.values<MeshPromise>(PROMISES).flatMap(({ id, instead, prepare, switchOn, switchOff }) =>
      // This one runs a program of Linkerd.
      id === 'golden-metrics' ? [] : [instead, prepare?.command, prepare?.undo, switchOn, switchOff],
    )
    expect(commands.filter((command) => command && !mesh.ran.has(command))).toEqual([])
  })
}
