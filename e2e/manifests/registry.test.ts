import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasKubectl, kustomize, MANIFESTS, NO_KUBECTL } from './build.ts'
import { serviceContainers } from './services.ts'

test('one line in registry.env leads all images of the overlay to a registry, path and port kept', ({ skip }) => {
  skip(!hasKubectl, NO_KUBECTL)
  const copy = mkdtempSync(join(tmpdir(), 'registry-'))
  try {
    cpSync(MANIFESTS, copy, { recursive: true, verbatimSymlinks: true })
    writeFileSync(join(copy, 'overlays/ecr/registry.env'), 'REGISTRY=registry.example:5000/team\n')
    const objects = kustomize(join(copy, 'overlays/ecr'))
    expect(objects.map(({ kind }) => kind)).not.toContain('ConfigMap')
    expect(serviceContainers(objects).map(({ container }) => container.image)).toEqual([
      'registry.example:5000/team/consumer-linkerd:1.0',
      'registry.example:5000/team/provider-linkerd:1.0',
    ])
  } finally {
    rmSync(copy, { recursive: true })
  }
}, 30_000)
