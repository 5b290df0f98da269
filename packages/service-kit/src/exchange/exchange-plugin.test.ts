import { expect, test } from 'vitest'
import { Exchange } from './exchange.ts'
import { RequestCount } from './exchange-plugin.ts'

const ended = (fields: Partial<Exchange> = {}) => Object.assign(new Exchange('id', 1), fields)

test('counts what is in flight, and what has ended and was not shed', () => {
  const count = new RequestCount()
  for (let i = 0; i < 4; i += 1) count.active += 1
  count.finished(ended())
  count.finished(ended({ callerGone: true }))
  count.finished(ended({ isShed: true }))
  expect([count.active, count.served]).toEqual([1, 2])
})

test('only whole answers during the drain count as answered', () => {
  const count = new RequestCount()
  for (let i = 0; i < 4; i += 1) count.active += 1
  count.finished(ended())
  count.beginDrain()
  count.finished(ended())
  count.finished(ended({ callerGone: true }))
  count.finished(ended({ cutBy: 'fault' }))
  expect([count.answeredInDrain, count.cut]).toEqual([1, 0])
})

test('what is in flight at the cut is lost, and the first cut decides', () => {
  const count = new RequestCount()
  for (let i = 0; i < 2; i += 1) count.active += 1
  expect(count.isCutting).toBe(false)
  count.beginCut()
  count.finished(ended({ cutBy: 'shutdown' }))
  count.beginCut()
  expect([count.isCutting, count.cut]).toEqual([true, 2])
})
