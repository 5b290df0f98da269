import { expect, test } from 'vitest'
import { parseGuide } from './guide.ts'

const TEXT = `# Title of it

## Try it

One two *three*.

\`\`\`console
$ first
output
$ second \\
> goes on
\`\`\`

In another terminal:

\`\`\`console
$ keeps running
ready
\`\`\`

On a real mesh:

\`\`\`console
$ linkerd check
\`\`\`

\`\`\`yaml
$ not a command
\`\`\`
`

test('commands with their place, their output and the line where they stand', () => {
  const { commands } = parseGuide('x.md', TEXT)
  expect(commands).toEqual([
    { file: 'x.md', line: 8, section: 'Try it', command: 'first', expected: ['output'], place: 'this terminal' },
    { file: 'x.md', line: 10, section: 'Try it', command: 'second \\\ngoes on', expected: [], place: 'this terminal' },
    {
      file: 'x.md',
      line: 17,
      section: 'Try it',
      command: 'keeps running',
      expected: ['ready'],
      place: 'another terminal',
    },
    { file: 'x.md', line: 24, section: 'Try it', command: 'linkerd check', expected: [], place: 'real mesh' },
  ])
})

test('title, sections, and the words outside of code', () => {
  expect(parseGuide('x.md', TEXT)).toMatchObject({ title: 'Title of it', sections: ['Try it'], words: 15 })
})

test('a block that is not closed is an error with its line', () => {
  expect(() => parseGuide('x.md', '# A\n\n```console\n$ a\n')).toThrow('x.md:3: this block is not closed')
})

test('output without a command is an error with its line', () => {
  expect(() => parseGuide('x.md', '```console\noutput\n```\n')).toThrow('x.md:2: a block begins with a command')
})
