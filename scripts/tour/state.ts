import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

const StateSchema = Type.Object({
  version: Type.Literal(1),
  /** The kubectl context that the tour changes. */
  context: Type.String(),
  position: Type.Integer({ minimum: 0 }),
  changed: Type.Array(Type.String()),
  surprises: Type.Array(Type.String()),
})
export type TourState = Static<typeof StateSchema>

/** Where a tour that was left is kept: the XDG state folder (https://specifications.freedesktop.org/basedir-spec/). */
export function stateFile(env: NodeJS.ProcessEnv): string {
  const folder = env['XDG_STATE_HOME'] || join(homedir(), '.local/state')
  return join(folder, 'linkerd-scenario', 'tour.json')
}

/** The tour that was left; undefined if there is none, or if the file is not one that this version wrote. */
export async function readState(file: string): Promise<TourState | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'))
    return Value.Check(StateSchema, parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

export async function writeState(file: string, state: TourState): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(state, undefined, 2)}\n`)
}

export function removeState(file: string): Promise<void> {
  return rm(file, { force: true })
}
