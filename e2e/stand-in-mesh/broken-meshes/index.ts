import type { BrokenMesh } from './broken-mesh.ts'
import { EGRESS } from './egress.ts'
import { ENDPOINTS } from './endpoints.ts'
import { IDENTITIES } from './identities.ts'
import { INSTALLATION } from './installation.ts'
import { METRICS } from './metrics.ts'
import { ROUTES } from './routes.ts'

/** All of them; a sample of the list is proved in every run, so new ones go to the end of their file. */
export const BROKEN_MESHES: readonly BrokenMesh[] = [
  ...ROUTES,
  ...IDENTITIES,
  ...ENDPOINTS,
  ...EGRESS,
  ...METRICS,
  ...INSTALLATION,
]
