import type { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { gatherLines } from './gather-lines.ts'

type Stream = ReturnType<typeof pino.destination>

/** A stream that notes what is done with it. */
function notedStream(): { stream: Stream; notes: string[] } {
  const notes: string[] = []
  const stream = {
    write: (text: string) => notes.push(text) > 0,
    flush: (done?: () => void) => {
      notes.push('flush')
      done?.()
    },
    flushSync: () => notes.push('flushSync'),
    end: () => notes.push('end'),
  }
  return { stream: stream as unknown as Stream, notes }
}

test('lines go out together once they are long enough', () => {
  const { stream, notes } = notedStream()
  const gathering = gatherLines(stream, { characters: 6, intervalMs: 60_000 })
  for (const line of ['aa\n', 'bb\n', 'cc\n']) gathering.write(line)
  expect(notes).toEqual(['aa\nbb\n'])
})

test('no line waits for longer than the interval', async () => {
  const { stream, notes } = notedStream()
  const gathering = gatherLines(stream, { characters: 1000, intervalMs: 5 })
  gathering.write('a\n')
  await vi.waitFor(() => expect(notes).toEqual(['a\n']))
  gathering.write('b\n')
  await vi.waitFor(() => expect(notes).toEqual(['a\n', 'b\n']))
})

test.each(['flush', 'flushSync', 'end'] as const)('%s hands on first what was gathered', (how) => {
  const { stream, notes } = notedStream()
  const gathering = gatherLines(stream, { characters: 1000, intervalMs: 60_000 })
  gathering.write('a\n')
  gathering[how]()
  expect(notes).toEqual(['a\n', how])
  gathering[how]()
  expect(notes).toEqual(['a\n', how, how])
})
