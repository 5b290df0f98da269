import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { ApiServer } from '../manifests/apply/api-server.ts'
import { hasKubectl, NO_KUBECTL } from '../manifests/build.ts'

const CLI = fileURLToPath(new URL('../../prove/src/cli.ts', import.meta.url))
const REPORT = fileURLToPath(new URL('../../docs/reports/2026-11-27-edge-26.8.3.json', import.meta.url))
const NAME = { namespace: 'mesh-proof', name: 'prove-report' }
const EMPTY = { apiVersion: 'v1', kind: 'ConfigMap', metadata: NAME }

test('kubectl takes the report to the API server, whole, as a server-side apply', async ({ skip }) => {
  skip(!hasKubectl, NO_KUBECTL)
  const api = new ApiServer()
  onTestFinished(() => api.close())
  const server = await api.listen([EMPTY])
  await fetch(`${server}/api/v1/namespaces/${NAME.namespace}/configmaps`, {
    method: 'POST',
    body: JSON.stringify(EMPTY),
  })
  const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "${server}" } }]
contexts: [{ name: c, context: { cluster: c } }]
current-context: c
`
  const args = [CLI, '--from', REPORT, '--config-map', `${NAME.namespace}/${NAME.name}`]
  const folder = await mkdtemp(join(tmpdir(), 'prove-config-map-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'config'), kubeconfig)
  const env = { KUBECONFIG: join(folder, 'config'), KUBECACHEDIR: join(folder, 'cache') }
  const { exitCode, stderr } = await execa(process.execPath, args, { env, reject: false })
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  const [data] = api.patches.map(({ patch }) => (patch as { data: Record<string, string> }).data)
  expect(api.patches).toHaveLength(1)
  expect(Object.keys(data ?? {}).sort()).toEqual(['report.html', 'report.json', 'report.md', 'summary'])
  expect(JSON.parse(data?.['report.json'] ?? '')).toEqual(JSON.parse(await readFile(REPORT, 'utf8')))
})
