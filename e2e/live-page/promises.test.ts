import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PROMISES } from '@linkerd-scenario/contract/promises'
import { expect, test } from 'vitest'
import { FEATURES } from '../../prove/src/features/index.ts'
import { root } from '../repository/tools.ts'

test('every feature of the prover has a promise with its claim, in its order', () => {
  expect(FEATURES.length).toBeGreaterThan(10)
  const promises = Object.values(PROMISES).filter(({ id }) => FEATURES.some(({ name }) => name === id))
  const told = promises.map(({ id, claim }) => ({ id, claim: claim.en })).toSorted(byId)
  expect(told).toEqual(FEATURES.map(({ name, claim }) => ({ id: name, claim })).toSorted(byId))
})

const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id)

const switched = Object.values(PROMISES).filter(({ id }) => existsSync(join(root, 'k8s/features', id)))

test.each(switched)('$id is switched as the README of its folder says', async ({ id, switchOn, switchOff }) => {
  const readme = await readFile(join(root, 'k8s/features', id, 'README.md'), 'utf8')
  expect(readme).toContain(`\`${switchOn}\``)
  expect(readme).toContain(`\`${switchOff}\``)
})
