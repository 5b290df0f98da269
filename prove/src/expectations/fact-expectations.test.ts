import { holdCases } from '../../testing/expectation-cases.ts'
import { factAtLeast, factIs } from './fact-expectations.ts'
import { factsOnly } from './observation.ts'

holdCases([
  {
    expectation: factAtLeast('pods out', 1, 'a pod is out', 'proxies'),
    holds: factsOnly({ 'pods out': 1 }),
    fails: [factsOnly({ 'pods out': 0 })],
  },
  {
    expectation: factIs('ready', 2, 'two are ready'),
    holds: factsOnly({ ready: 2 }),
    fails: [factsOnly({ ready: 1 })],
  },
])
