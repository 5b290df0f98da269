import { billOfMaterials } from './supply/bill-of-materials.ts'

/** Prints the CycloneDX bill of materials of the services: `npm run --silent sbom > sbom.json`. */
process.stdout.write(`${JSON.stringify(await billOfMaterials(), null, 2)}\n`)
