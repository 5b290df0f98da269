import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import type { Bounds, Case, CaseReport, Effort, Row } from '../harness/case.ts'
import { inTurn, pairedRow } from '../harness/pairs.ts'
import { type ProcessPlan, type ServingProcess, startProcess } from '../harness/serving.ts'
import { bundleOf, type Service, sourceOf } from './shipped.ts'
import { baselineOf, plainProvider, serviceConsumer, serviceProvider } from './sides.ts'

type Variant = 'source' | 'bundle'

const MUST_BE: Record<Service, Bounds> = { provider: { atMost: 1.4 }, consumer: { atMost: 1.7 } }

/** From the start of the process to the end of its first answer, compared with bare node:http in plain JavaScript. */
export const coldStartCase: Case = {
  name: 'cold-start',
  title: 'from the start of the process to its first answer, beside bare node:http',
  async run(effort) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-start-'))
    const upstreamPort = await freePort()
    const upstream = await startProcess(plainProvider(upstreamPort))
    try {
      const bare = await plainJavaScript(folder)
      const rows: Row[] = []
      for (const service of ['provider', 'consumer'] as const) {
        for (const variant of ['source', 'bundle'] as const) {
          if (variant === 'source' && effort.quick) continue
          for (const cache of [undefined, join(folder, `${service}-${variant}`)]) {
            rows.push(await coldStart({ service, variant, cache, upstreamPort, bare }, effort))
          }
        }
      }
      return { rows, wrong: 0 } satisfies CaseReport
    } finally {
      await upstream.stop()
      await rm(folder, { recursive: true })
    }
  },
}

interface Start {
  service: Service
  variant: Variant
  cache: string | undefined
  upstreamPort: number
  bare: string
}

async function coldStart({ service, variant, cache, upstreamPort, bare }: Start, { pairs }: Effort): Promise<Row> {
  const entry = variant === 'bundle' ? bundleOf(service) : sourceOf(service)
  const subject = async () => {
    const port = await freePort()
    const plan = service === 'provider' ? serviceProvider(port, entry) : serviceConsumer(port, upstreamPort, entry)
    return firstAnswerMs({ ...plan, env: { ...plan.env, ...(cache ? { NODE_COMPILE_CACHE: cache } : {}) } })
  }
  const baseline = async () => firstAnswerMs({ ...plainProvider(await freePort()), args: [bare] })
  // Fills the compile cache, and the system's file cache.
  await inTurn(1, subject, baseline)
  const measured = await inTurn(pairs, subject, baseline)
  const isShipped = variant === 'bundle' && cache !== undefined
  const what = `${service}, ${variant}${cache ? ', compile cache' : ''}`
  return pairedRow(what, 'ms', measured, isShipped ? MUST_BE[service] : undefined)
}

async function firstAnswerMs(plan: ProcessPlan): Promise<number> {
  const started: ServingProcess = await startProcess(plan)
  await started.stop()
  return started.firstAnswerMs
}

/** The bare provider with its types stripped, so that stripping does not count as start-up time. */
async function plainJavaScript(folder: string): Promise<string> {
  for (const name of ['provider', 'text'] as const) {
    const source = await readFile(new URL(`${name}.ts`, `file://${baselineOf('provider')}`), 'utf8')
    await writeFile(join(folder, `${name}.mjs`), stripTypeScriptTypes(source).replace("'./text.ts'", "'./text.mjs'"))
  }
  return join(folder, 'provider.mjs')
}
