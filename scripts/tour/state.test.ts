import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readState, removeState, stateFile, type TourState, writeState } from './state.ts'

const STATE: TourState = { version: 1, context: 'kind-mesh', position: 3, changed: ['namespace'], surprises: [] }

async function file(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tour-state-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return stateFile({ XDG_STATE_HOME: folder })
}

test('what was written is read, until it is removed', async () => {
  const path = await file()
  expect(await readState(path)).toBeUndefined()
  await writeState(path, STATE)
  expect(await readState(path)).toEqual(STATE)
  await removeState(path)
  expect(await readState(path)).toBeUndefined()
})

test.each(['', '{', '{"version":2}', JSON.stringify({ ...STATE, position: -1 })])(
  'a file with %s is no tour',
  async (text) => {
    const path = await file()
    await writeState(path, STATE)
    await writeFile(path, text)
    expect(await readState(path)).toBeUndefined()
  },
)

test('without XDG_STATE_HOME it lies below the home folder', () => {
  expect(stateFile({})).toMatch(/\.local\/state\/linkerd-scenario\/tour\.json$/)
})
