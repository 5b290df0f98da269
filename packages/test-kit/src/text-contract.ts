import type { Message } from '@linkerd-scenario/contract'
import request, { type Response } from 'supertest'
import { expect, test } from 'vitest'
import type { InProcessService } from './in-process.ts'

const TEXTS = {
  words: 'hello world',
  'percent, plus and ampersand': '100% a+b&in=c#d?e=f/g',
  emoji: '😀 👩‍👩‍👧 🇫🇷',
  'right to left': 'שלום مرحبا',
  'a combining accent, kept as it came': 'e\u0301',
  'control characters': 'a\u0000b\u0007c\r\nd\te',
  'what looks like JSON': '{"in":"x"}',
  'a number': '007',
  'the word null': 'null',
  '12 kB': 'x'.repeat(12_000),
}

type Service = () => InProcessService

const message = (answer: Response) => (answer.body as Message).message

/** What both services do with the text of a caller. */
export function textContract(service: Service): void {
  repeatsTheText(service)
  takesTheText(service)
}

/** The text comes back unchanged. */
function repeatsTheText(service: Service): void {
  const api = () => request(service().url)

  test.each(Object.entries(TEXTS))('repeats %s, by GET and by POST', async (_name, text) => {
    const expected = `I'm version: v1: ${text}`
    const asked = api().get(`/?in=${encodeURIComponent(text)}`)
    expect(message(await asked.expect(200))).toBe(expected)
    expect(message(await api().post('/').send({ in: text }).expect(200))).toBe(expected)
    const plain = api().post('/').set('content-type', 'text/plain; charset=UTF-8')
    expect(message(await plain.send(text).expect(200))).toBe(expected)
  })

  test('repeats 100 kB that were posted', async () => {
    const text = 'ü😀'.repeat(16_667)
    const answer = await api().post('/').type('text').send(text).expect(200)
    expect(message(answer)).toBe(`I'm version: v1: ${text}`)
  })
}

/** Where the text comes from, and what an absent or broken one gives. */
function takesTheText(service: Service): void {
  const api = () => request(service().url)

  test('without a text to repeat, answers its version only', async () => {
    const asked = await Promise.all([
      api().get('/'),
      api().get('/?in='),
      api().post('/'),
      api().post('/').send({}),
      api().post('/').type('text').send(''),
    ])
    for (const answer of asked) {
      expect(answer.status).toBe(200)
      expect(message(answer)).toBe("I'm version: v1")
    }
  })

  test('uses the text of the body before that of the query', async () => {
    expect(message(await api().post('/?in=query').send({ in: 'body' }))).toBe("I'm version: v1: body")
    expect(message(await api().post('/?in=query'))).toBe("I'm version: v1: query")
  })

  test('repeats a percent sign that encodes nothing unchanged', async () => {
    for (const broken of ['%', '%zz', '50%', '%E0%A4', '%C3%28']) {
      expect(message(await api().get(`/?in=${broken}`).expect(200)), broken).toBe(`I'm version: v1: ${broken}`)
    }
  })
}
