import type { BrokenMesh } from './broken-mesh.ts'
import { EGRESS } from './egress.ts'
import { ENDPOINTS } from './endpoints.ts'
import { IDENTITIES } from './identities.ts'
import { INSTALLATION } from './installation.ts'
import { METRICS } from './metrics.ts'
import { ROUTES } from './routes.ts'

/** All broken meshes. Every run proves a sample of the list, so add new ones at the end of their file. */
export const BROKEN_MESHES: readonly BrokenMesh[] = [
  ...ROUTES,
  ...IDENTITIES,
  ...ENDPOINTS,
  ...EGRESS,
  ...METRICS,
  ...INSTALLATION,
]
