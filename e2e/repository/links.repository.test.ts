import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Document, readDocument } from '../../scripts/docs/markdown.ts'
import { isLostPath, linkProblem, type Repository } from './links.ts'
import { root, tool } from './tools.ts'

const { output } = await tool('git', ['ls-files', '--cached', '--others', '--exclude-standard'])
const files = new Set(output.split('\n'))
const documents = new Map<string, Document>()
for (const file of [...files].filter((name) => name.endsWith('.md'))) {
  documents.set(file, readDocument(await readFile(join(root, file), 'utf8')))
}
const repository: Repository = { files, documents }

// CONTRIBUTING.md has a recipe for it. The changelog names what is gone.
const MADE_BY_THE_READER = 'services/provider/src/routes/version.test.ts'

test('every link of every document leads to a file, every anchor to a heading, and every picture has its words', () => {
  const all = [...documents].flatMap(([file, { links }]) => links.map((link) => ({ file, link })))
  expect(documents.size).toBeGreaterThan(70)
  expect(all.length).toBeGreaterThan(150)
  const problems = all.flatMap(({ file, link }) => {
    const problem = linkProblem(file, link, repository)
    return problem === undefined ? [] : [`${file}:${link.line} ${link.url}: ${problem}`]
  })
  expect(problems).toEqual([])
})

test('every file that a document names in code is there', () => {
  const all = [...documents].flatMap(([file, { code }]) => code.map(({ value, line }) => ({ file, value, line })))
  expect(all.length).toBeGreaterThan(1000)
  const lost = all.filter(
    ({ file, value }) => file !== 'CHANGELOG.md' && value !== MADE_BY_THE_READER && isLostPath(value, repository),
  )
  expect(lost.map(({ file, value, line }) => `${file}:${line} ${value}`)).toEqual([])
})

test('every picture is shown by a document', () => {
  const pictures = [...files].filter((file) => /^docs\/.*\.(png|svg)$/.test(file))
  expect(pictures.length).toBeGreaterThan(4)
  const names = [...documents.values()].flatMap(({ links }) => links.map(({ url }) => url.split('/').at(-1)))
  expect(pictures.filter((picture) => !names.includes(picture.split('/').at(-1)))).toEqual([])
})

const text = `
# One \`code\` & two
[ok](b.md#one-two) [self](#one-code--two) [folder](sub/) [html](https://linkerd.io/2/overview/)
[gone](c.md) [anchor](b.md#three) [up](../b.md) [root](/b.md) [code](x.ts#L1) [plain](http://linkerd.io)
[mail](mailto:a@b.c) [host](https://intranet/x) [key](https://a:b@linkerd.io/) ![](x.png) <img src="y.png" alt="">
[lost][reference]

\`\`\`md
[not a link](nowhere.md)
\`\`\`
`

test('a lost file, a lost anchor, an address that is not public and a picture without words are found', () => {
  const small: Repository = {
    files: new Set(['docs/a.md', 'docs/b.md', 'docs/x.ts', 'docs/x.png', 'docs/sub/c.md']),
    documents: new Map([
      ['docs/a.md', readDocument(text)],
      ['docs/b.md', readDocument('One two\n===')],
    ]),
  }
  const links = small.documents.get('docs/a.md')?.links ?? []
  const problems = links.map((link) => [link.url, linkProblem('docs/a.md', link, small)])
  expect(problems.filter(([, problem]) => problem === undefined).map(([url]) => url)).toEqual([
    'b.md#one-two',
    '#one-code--two',
    'sub/',
    'https://linkerd.io/2/overview/',
  ])
  expect(problems.filter(([, problem]) => problem !== undefined)).toEqual([
    ['c.md', 'no file docs/c.md'],
    ['b.md#three', 'no heading in docs/b.md gives #three'],
    ['../b.md', 'no file b.md'],
    ['/b.md', expect.stringContaining('slash')],
    ['x.ts#L1', expect.stringContaining('no document')],
    ['http://linkerd.io', 'is not https'],
    ['mailto:a@b.c', 'has the protocol mailto:'],
    ['https://intranet/x', 'names no public host: intranet'],
    ['https://a:b@linkerd.io/', 'holds credentials'],
    ['x.png', 'has no text'],
    ['y.png', 'no file docs/y.png'],
    ['[lost][reference]', 'no file docs/[lost][reference]'],
  ])
})

test.each([
  ['k8s/no-such-folder', true],
  ['docs/adr', false],
  ['k8s/features/NAME', false],
  ['docs/adr/README.md', false],
  ['docs/adr/MISSING.md', true],
  ['GET /', false],
])('`%s` in a document is a lost path: %s', (code, isLost) => {
  expect(isLostPath(code, repository)).toBe(isLost)
})
