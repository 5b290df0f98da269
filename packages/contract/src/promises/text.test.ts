import { expect, test } from 'vitest'
import { withFigures } from './text.ts'

test('each language writes the figures in its own way', () => {
  const text = withFigures(
    { en: '{share} of {n} calls went to {pod}', es: '{share} de {n} llamadas fueron a {pod}' },
    { share: { share: 0.1042 }, n: 12_345, pod: 'p1' },
  )
  expect(text.en).toBe('10.4\u00a0% of 12,345 calls went to p1')
  expect(text.es).toBe('10,4\u00a0% de 12.345 llamadas fueron a p1')
})

test('a value that looks like a placeholder is not filled in again', () => {
  expect(withFigures({ en: '{a}{b}', es: '' }, { a: '{b}', b: 'x' }).en).toBe('{b}x')
})
