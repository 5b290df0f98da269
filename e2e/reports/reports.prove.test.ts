import { tmpdir } from 'node:os'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { type JsonReport, JsonReportSchema } from '../../prove/src/report/json-report.ts'
import { commandLine } from '../prove/command-line.ts'
import { serveCluster } from '../stand-in-mesh/kubectl/cluster-server.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'

const { prove, report, file } = commandLine()

test('a run leaves reports to share: charts of its calls, no path of this machine; and is compared with itself', async () => {
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster)
  try {
    const files = [
      '--json',
      'p.json',
      '--html',
      'p.html',
      '--markdown',
      'p.md',
      '--junit',
      'p.xml',
      '--summary',
      'p.txt',
    ]
    const { output, exit } = prove(['injection', 'header-routing', ...files], { STAND_IN_CLUSTER: url })
    expect(await exit, `${output.stdout}${output.stderr}`).toEqual([0, null])
    const written = await report()
    expect([...Value.Errors(JsonReportSchema, written)]).toEqual([])
    const [, routing] = (written as JsonReport).features
    expect(routing?.on?.traffic?.find(({ name }) => name === 'x-route: v2')).toMatchObject({
      total: 100,
      outcomes: { 200: 100 },
      versions: { v2: 100 },
    })
    expect(routing?.commands.join('\n')).toMatch(/kubectl -n \S+ apply -f features-header-routing\.yaml/)
    expect(Object.keys((written as JsonReport).byHand?.files ?? {})).toContain('features-header-routing.yaml')
    expect((written as JsonReport).versions).toMatchObject({
      kubectl: 'v1.35.2',
      proxies: ['cr.l5d.io/linkerd/proxy:edge-26.8.3'],
    })
    for (const form of ['p.json', 'p.html', 'p.md', 'p.xml', 'p.txt']) expect(await file(form)).not.toContain(tmpdir())
    expect(await file('p.html')).toContain('<svg class="chart"')
    expect(await file('p.txt')).toBe('2 of 2 features proved\n')
  } finally {
    await close()
  }
  const again = prove(['--from', 'p.json', '--compare', 'p.json', '--html', 'again.html'], {
    KUBECTL: '/no/such/kubectl',
  })
  expect(await again.exit, again.output.stderr).toEqual([0, null])
  expect(again.output.stdout).toContain(': 2 unchanged')
  expect(await file('again.html')).toContain('All versions are the same.')
})
