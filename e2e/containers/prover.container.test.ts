import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { TAG } from './global-setup.ts'
import { kubectlImage } from './kubectl-image.ts'
import { docker, output, root, run } from './run.ts'

const IMAGE = `prover:${TAG}`
/** As k8s/prover runs it. */
const AS_THE_JOB = [
  '--rm',
  '--read-only',
  '--tmpfs',
  '/tmp',
  '--cap-drop',
  'ALL',
  '--security-opt',
  'no-new-privileges',
]

beforeAll(async () => {
  const from = ['--base-image', inject('baseImage'), '--kubectl-image', await kubectlImage()]
  await output('node', ['scripts/images.ts', 'prover', '--tag', TAG, ...from])
})
afterAll(async () => void (await run('docker', ['image', 'rm', '--force', IMAGE])))

test('runs as nobody, with its manifests and a kubectl that renders them', async () => {
  expect(await docker('image', 'inspect', '--format', '{{.Config.User}}', IMAGE)).toBe('65532:65532')
  const plan = await docker('run', ...AS_THE_JOB, IMAGE, '--dry-run', 'retries')
  expect(plan).toContain('kind: HTTPRoute')
  expect(plan).not.toContain('could not render')
})

test('without an account in a cluster it says so, with the exit code and the termination message for it', async () => {
  const { status, stdout, stderr } = await run('docker', [
    'run',
    ...AS_THE_JOB,
    ...['--add-host', 'kubernetes.default.svc:127.0.0.1'],
    ...[IMAGE, '--summary', '/dev/stderr', '--json', '/tmp/report.json'],
  ])
  expect(status, stderr).toBe(2)
  expect(stdout).toContain('The cluster of context in-cluster does not answer')
  expect(stderr).toMatch(/^could not run: /m)
  expect(stderr).not.toContain('could not be written')
})

test('neither npm nor a path of this machine is in it', async () => {
  const probe = `console.log(fs.globSync('/usr/local/{bin/{npm,npx,yarn},lib/node_modules}').length)`
  expect(await docker('run', '--rm', '--entrypoint', 'node', IMAGE, '-e', probe)).toBe('0')
  const leak = `console.log(fs.globSync('/app/prove/**/*.{ts,json}').filter((f) => fs.readFileSync(f, 'utf8').includes(${JSON.stringify(root)})).length)`
  expect(await docker('run', '--rm', '--entrypoint', 'node', IMAGE, '-e', leak)).toBe('0')
})
