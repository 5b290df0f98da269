import { expect, test } from 'vitest'
import { lint } from '../lint/rule.ts'
import { rules } from '../lint/rules.ts'
import type { Built } from './built.ts'

// Deliberate mistakes: a control shows what happens if the rule is broken.
const INTENDED: Record<string, string[]> = {
  'base + workloads/consumer-bypass': ['port-in-the-mesh Deployment/consumer-bypass'],
  'overlays/demo': ['port-in-the-mesh Deployment/consumer-bypass'],
  'overlays/circuit-breaking': ['port-in-the-mesh Deployment/consumer-bypass'],
  'overlays/rate-limit-aware-balancing': ['port-in-the-mesh Deployment/consumer-bypass'],
  'the demo with all options that go together': ['port-in-the-mesh Deployment/consumer-bypass'],
  'base + components/instant-kill': ['drain-fits Deployment/consumer-v1', 'drain-fits Deployment/provider-v1'],
}

/** Tests that the objects have no mistake that Kubernetes accepts and the mesh ignores, except the deliberate ones. */
export function inTheMesh({ name, objects }: Built): void {
  test('has no mistake that the mesh would swallow', () => {
    const errors = lint(objects(), rules).filter(({ level }) => level === 'error')
    const found = errors.map(({ rule, object }) => `${rule} ${object}`).toSorted()
    expect(found, JSON.stringify(errors)).toEqual(INTENDED[name] ?? [])
  })
}
