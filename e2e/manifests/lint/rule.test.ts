import { expect, test } from 'vitest'
import { readObjects } from '../kube-object.ts'
import { lint, rule } from './rule.ts'
import { rules } from './rules.ts'

test('linting nothing fails', () => {
  expect(() => lint([], rules)).toThrow('there is nothing to lint')
})

test('a finding names the rule, the object and the mistake', () => {
  const objects = readObjects('{apiVersion: v1, kind: Service, metadata: {name: a}}')
  const never = rule('never', 'Because.', (set) => set.services.map((service) => [service, 'is a Service']))
  expect(lint(objects, [never])).toEqual([
    { rule: 'never', object: 'Service/a', message: 'is a Service', level: 'error' },
  ])
})

test('every rule has an id of its own and says why in a sentence', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  expect(rules.filter(({ why }) => !/^[A-Z].*\.$/.test(why))).toEqual([])
})
