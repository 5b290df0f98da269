import { bundleService, SERVICES } from './bundle.ts'

const [service, folder] = process.argv.slice(2)
const known = SERVICES.find((name) => name === service)
if (known === undefined || folder === undefined) {
  console.error(`usage: node packages/bundle/src/cli.ts ${SERVICES.join('|')} FOLDER`)
  process.exitCode = 2
} else {
  await bundleService(known, folder)
}
