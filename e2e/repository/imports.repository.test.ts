import { readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { type Import, objection } from './import-rules.ts'
import { root, tool } from './tools.ts'

const SPECIFIER = /(?:from\s+|import\s+|import\(\s*)'([^']+)'/g
const SCOPE = '@linkerd-scenario/'
const PACKAGE_FOLDERS: Record<string, string> = {
  contract: 'packages/contract',
  'service-kit': 'packages/service-kit',
  'test-kit': 'packages/test-kit',
  'live-page': 'packages/live-page',
  provider: 'services/provider',
  consumer: 'services/consumer',
  prove: 'prove',
}

async function sources(): Promise<string[]> {
  const { output } = await tool('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'])
  return output.split('\n').filter((file) => file !== '')
}

async function importsOf(file: string): Promise<Import[]> {
  const text = await readFile(join(root, file), 'utf8')
  return [...text.matchAll(SPECIFIER)].flatMap(([, specifier = '']) => {
    if (specifier.startsWith('.')) return [{ file, target: normalize(join(dirname(file), specifier)) }]
    if (!specifier.startsWith(SCOPE)) return []
    const name = specifier.slice(SCOPE.length)
    return [{ file, target: PACKAGE_FOLDERS[name.split('/')[0] ?? ''] ?? specifier }]
  })
}

test('every import is allowed', async () => {
  const imports = (await Promise.all((await sources()).map(importsOf))).flat()
  expect(imports.length).toBeGreaterThan(100)
  expect(imports.map(objection).filter((problem) => problem !== undefined)).toEqual([])
})

test.each([
  ['services/provider/src/app.ts', 'services/consumer/src/app.ts'],
  ['packages/contract/src/index.ts', 'packages/service-kit'],
  ['packages/service-kit/src/index.ts', 'services/provider/src/app.ts'],
  ['prove/src/cli.ts', 'packages/service-kit'],
  ['services/consumer/src/app.ts', 'prove'],
  ['stray/file.ts', 'packages/contract'],
])('%s must not import %s', (file, target) => {
  expect(objection({ file, target })).toBeDefined()
})
