import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rows } from '../../scripts/dashboards/dashboard.ts'
import { root } from '../repository/tools.ts'
import { build, hasKubectl, NO_KUBECTL } from './build.ts'
import { groupOf, type KubeObject } from './kube-object.ts'

interface Dashboard {
  uid: string
  templating: { list: { name: string }[] }
}

const OVERLAY = 'overlays/monitoring'
const dashboard = JSON.parse(
  readFileSync(join(root, 'k8s/components/dashboards/linkerd-scenario.json'), 'utf8'),
) as Dashboard

/** The Grafana step of a walkthrough: its commands, the lines that its `apply` prints, and its text. */
function grafanaStep(file: string) {
  const text = readFileSync(join(root, 'docs', file), 'utf8')
  const [step = ''] = /^## 8\. Grafana\n.*?(?=^## )/ms.exec(text) ?? []
  const [, applied = ''] = /^\$ kubectl -n mesh-demo apply -k (.*?)(?=^\$ )/ms.exec(step) ?? []
  const [folder, ...printed] = applied.trim().split('\n')
  return { step, folder, printed }
}

/** As kubectl prints a new object. */
function printedOf(object: KubeObject): string {
  const group = groupOf(object)
  const kind = object.kind.toLowerCase() + (group === '' ? '' : `.${group}`)
  return `${kind}/${object.metadata.name} created`
}

describe.each(['walkthrough.md', 'walkthrough.es.md'])('the Grafana step of %s', (file) => {
  const { step, folder, printed } = grafanaStep(file)

  test('prints what the overlay applies, and nothing of the base', ({ skip }) => {
    skip(!hasKubectl, NO_KUBECTL)
    expect(folder).toBe(`k8s/${OVERLAY}`)
    expect(printed).toEqual(build({ resources: [OVERLAY], components: [] }).map(printedOf))
  })

  test('opens the dashboard by its uid, and quotes panels and variables that it has', () => {
    expect(step).toContain(`/d/${dashboard.uid}\``)
    expect(dashboard.templating.list.map(({ name }) => name)).toContain('namespace')
    const titles = rows.flatMap(({ panels }) => panels.map(({ title }) => title))
    const quoted = [...step.matchAll(/“([^”]+)”/g)].map(([, title]) => title)
    expect(quoted.length).toBeGreaterThan(0)
    expect(titles).toEqual(expect.arrayContaining(quoted))
  })
})
