import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../repository/tools.ts'

/** Where a command of a guide runs. */
export type Place =
  /** Here and now; the next command waits for its end. */
  | 'this terminal'
  /** In a terminal of its own, where it runs until the guide ends. */
  | 'another terminal'
  /** Only where there is a real mesh; the stand-in mesh has no `linkerd`. */
  | 'real mesh'
  /** In no test: it needs more than one cluster with Linkerd, or changes what is installed there. */
  | 'not tested'

/** A command of a guide, with the output that the guide shows below it. */
export interface GuideCommand {
  file: string
  /** Of the command in its file, from 1. */
  line: number
  section: string
  command: string
  /** The expected lines; none where the guide shows no output. */
  expected: readonly string[]
  place: Place
}

/** A guide as it stands in its file. */
export interface Guide {
  /** Path from the repository root. */
  file: string
  title: string
  /** The headings of the second level. */
  sections: readonly string[]
  commands: readonly GuideCommand[]
  /** Words outside of code blocks. */
  words: number
  text: string
}

/** The page that lists the guides. Its first section prepares the cluster for all of them, its last removes everything. */
export const INDEX = 'docs/guides/README.md'

/** The guides in the order in which the index lists them. */
export async function readGuides(): Promise<Guide[]> {
  const files = (await readdir(join(root, 'docs/guides'))).filter(
    (name) => name.endsWith('.md') && name !== 'README.md',
  )
  const { text } = await readGuide(INDEX)
  const position = (name: string) => text.indexOf(`](${name})`)
  return Promise.all(
    files.toSorted((a, b) => position(a) - position(b)).map((name) => readGuide(`docs/guides/${name}`)),
  )
}

export async function readGuide(file: string): Promise<Guide> {
  return parseGuide(file, await readFile(join(root, file), 'utf8'))
}

/** Reads a guide. Throws if a block of commands is not closed or begins with something that is no command. */
export function parseGuide(file: string, text: string): Guide {
  const reader = new GuideReader(file)
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) reader.read(line, index + 1)
  return { file, text, ...reader.end() }
}

const PLACES: readonly [RegExp, Place][] = [
  [/\(not tested\)/, 'not tested'],
  [/on a real mesh/i, 'real mesh'],
  [/in another terminal/i, 'another terminal'],
]

class GuideReader {
  readonly #file: string
  readonly #sections: string[] = []
  readonly #commands: (GuideCommand & { expected: string[] })[] = []
  #title = ''
  #words = 0
  #block: { isConsole: boolean; place: Place; line: number } | undefined
  #lastText = ''

  constructor(file: string) {
    this.#file = file
  }

  read(line: string, number: number): void {
    if (line.startsWith('```')) {
      this.#fence(line, number)
      return
    }
    if (this.#block !== undefined) {
      if (this.#block.isConsole) this.#console(line, number, this.#block.place)
      return
    }
    if (line.startsWith('# ')) this.#title = line.slice(2)
    if (line.startsWith('## ')) this.#sections.push(line.slice(3))
    this.#words += line.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
    if (line.trim() !== '') this.#lastText = line
  }

  end(): Pick<Guide, 'title' | 'sections' | 'commands' | 'words'> {
    if (this.#block !== undefined) throw new Error(`${this.#file}:${this.#block.line}: this block is not closed`)
    return { title: this.#title, sections: this.#sections, commands: this.#commands, words: this.#words }
  }

  #fence(line: string, number: number): void {
    if (this.#block !== undefined) {
      this.#block = undefined
      return
    }
    // The line above a block says where it runs, in words for the reader.
    const place = PLACES.find(([words]) => words.test(this.#lastText))?.[1] ?? 'this terminal'
    this.#block = { isConsole: line === '```console', place, line: number }
    this.#lastText = ''
  }

  #console(line: string, number: number, place: Place): void {
    const last = this.#commands.at(-1)
    if (line.startsWith('$ ')) {
      const section = this.#sections.at(-1) ?? ''
      this.#commands.push({ file: this.#file, line: number, section, command: line.slice(2), expected: [], place })
    } else if (last === undefined) throw new Error(`${this.#file}:${number}: a block begins with a command, after "$ "`)
    else if (line.startsWith('> ')) last.command += `\n${line.slice(2)}`
    else last.expected.push(line)
  }
}
