// npm run bench:profile -- FILE.svg: a flame graph of the consumer under full load.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import { getConsumer } from './cases/calls.ts'
import { bundleAll, sourceOf } from './cases/shipped.ts'
import { serviceConsumer, serviceProvider } from './cases/sides.ts'
import { type CpuProfile, callTree, flameGraph } from './harness/flame-graph.ts'
import { loadTool } from './harness/load-tool.ts'
import { startProcess } from './harness/serving.ts'

const [file = 'consumer.svg', title = 'consumer, GET /?in=hello, CPU time'] = process.argv.slice(2)
await bundleAll()
const folder = await mkdtemp(join(tmpdir(), 'bench-profile-'))
const providerPort = await freePort()
const port = await freePort()
const provider = await startProcess(serviceProvider(providerPort))
const plan = serviceConsumer(port, providerPort, sourceOf('consumer'))
const consumer = await startProcess({ ...plan, args: ['--cpu-prof', `--cpu-prof-dir=${folder}`, ...plan.args] })
try {
  const { drive } = await loadTool()
  await drive({ ...getConsumer, url: consumer.url + getConsumer.path, seconds: 10 })
} finally {
  await consumer.stop()
  await provider.stop()
}
const [name = ''] = await readdir(folder)
const profile = JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile
await rm(folder, { recursive: true })
const svg = flameGraph(callTree(profile), title)
await writeFile(file, svg)
process.stdout.write(`${file}: ${Math.round(svg.length / 1024)} KiB\n`)
