import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { processLauncher } from './process-launcher.ts'

test('processes: output, exit code, input, and a program that is missing', async () => {
  const { signal } = new AbortController()
  const node = processLauncher(process.execPath)
  const script = 'process.stdin.pipe(process.stdout); process.stderr.write("e"); process.exitCode = 3'
  expect(await node.run(['-e', script], 'in', signal)).toEqual({ code: 3, stdout: 'in', stderr: 'e' })
  await expect(processLauncher('/no/such/kubectl').run([], undefined, signal)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a process that goes on: its lines, and its end', async () => {
  const running = processLauncher(process.execPath).start([
    '-e',
    'console.log("one\\ntwo"); setInterval(() => {}, 1000)',
  ])
  const lines: string[] = []
  await new Promise<void>((resolve) => {
    running.onLine((line) => {
      lines.push(line)
      if (lines.length === 2) resolve()
    })
  })
  running.stop()
  await running.ended
  expect(lines).toEqual(['one', 'two'])
})

test('a process that goes on ends with the one that started it, however that was ended', async () => {
  const launcher = fileURLToPath(new URL('process-launcher.ts', import.meta.url))
  const script = `
    const { processLauncher } = await import(${JSON.stringify(launcher)})
    const goesOn = 'console.log(process.pid); setInterval(() => {}, 1000)'
    processLauncher(process.execPath).start(['-e', goesOn]).onLine((pid) => console.log(pid))`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script])
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(String(line))
  expect(isRunning(pid)).toBe(true)
  parent.kill('SIGKILL')
  await until(
    () => isRunning(pid),
    (running) => !running,
    { withinMs: 20_000 },
  )
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
