import { fileURLToPath } from 'node:url'
import { buildDashboard } from './dashboard.ts'

/** Where the dashboard is committed. */
export const dashboardFile = fileURLToPath(
  new URL('../../k8s/components/dashboards/linkerd-scenario.json', import.meta.url),
)

/** Its contents. */
export function dashboardText(): string {
  return `${JSON.stringify(buildDashboard(), null, 2)}\n`
}
