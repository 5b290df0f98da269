import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { FEATURES } from '../../prove/src/features/index.ts'
import { root } from '../repository/tools.ts'
import { INDEX, readGuide, readGuides } from './guide.ts'

const SECTIONS = ['What you will see', 'Try it', 'On the live page', 'Break it', 'Prove it', 'Undo']
const MOST_WORDS = 400

const guides = await readGuides()
const index = await readGuide(INDEX)

test('there are guides, and the index begins and ends with commands', () => {
  expect(guides.length).toBeGreaterThan(10)
  for (const section of [index.sections[0], index.sections.at(-1)]) {
    expect(index.commands.filter((command) => command.section === section).length).toBeGreaterThan(1)
  }
})

test.each(guides)('$file has the sections of all guides', ({ sections }) => expect(sections).toEqual(SECTIONS))

test.each(guides)('$file has $words words, and 400 are allowed', ({ words }) => {
  expect(words).toBeGreaterThan(60)
  expect(words).toBeLessThanOrEqual(MOST_WORDS)
})

test.each(guides)('$file is in the index under its title', ({ file, title }) => {
  expect(index.text).toContain(`| [${title}](${file.split('/').at(-1)}) |`)
})

test.each(guides)('$file links to files that are there', ({ file, text }) => {
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(#[^)]*)?\)/g)].map(([, target = '']) => target)
  expect(links.filter((target) => !existsSync(join(root, dirname(file), target)))).toEqual([])
})

test.each(guides)('$file has commands that bash can read, of manifests that are there', ({ commands }) => {
  for (const { command } of commands) {
    execFileSync('bash', ['-n', '-c', command])
    for (const [, path = ''] of command.matchAll(/ -[kf] (?!-|github\.com\/)([^\s'"]+)/g))
      expect(existsSync(join(root, path)), path).toBe(true)
  }
})

test.each(guides)('$file shows no output that no test compares', ({ commands }) => {
  const untested = commands.filter(({ place }) => place === 'not tested')
  expect(untested.filter(({ expected }) => expected.length > 0)).toEqual([])
})

test.each(guides)('$file proves features of the prover, or all of them', ({ commands }) => {
  const proofs = commands.filter(({ section }) => section === 'Prove it').map(({ command }) => command)
  expect(proofs.filter((command) => command.startsWith('npm run prove')).length).toBeGreaterThan(0)
  const features = proofs.flatMap((command) => command.split(' -- ')[1]?.split(' ').filter(isName) ?? [])
  expect(FEATURES.map(({ name }) => name)).toEqual(expect.arrayContaining(features))
})

/** Not an option, and not the file that it takes. */
const isName = (word: string) => /^[a-z-]+$/.test(word) && !word.startsWith('-')
