import { CommanderError } from 'commander'
import { expect, test, vi } from 'vitest'
import { readOptions } from './options.ts'

test('without options seven pairs of three seconds', () => {
  expect(readOptions([])).toMatchObject({ quick: false, pairs: 7, seconds: 3, cases: [], json: undefined })
})

test('--quick means fewer and shorter pairs, unless they are given', () => {
  expect(readOptions(['--quick'])).toMatchObject({ pairs: 3, seconds: 1 })
  expect(readOptions(['--quick', '--pairs', '5'])).toMatchObject({ pairs: 5, seconds: 1 })
})

test('--case adds up', () => {
  expect(readOptions(['--case', 'a', '--case=b']).cases).toEqual(['a', 'b'])
})

test.each([[['--pairs', '0']], [['--pairs', 'x']], [['--seconds', '1.5']], [['--nonsense']], [['stray']]])(
  '%j is refused',
  (args) => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    expect(() => readOptions(args)).toThrow(CommanderError)
  },
)
