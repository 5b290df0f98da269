import { writeFile } from 'node:fs/promises'
import { dashboardFile, dashboardText } from './dashboards/file.ts'

/** Writes the Grafana dashboard. The tests check that it is current. */
await writeFile(dashboardFile, dashboardText())
