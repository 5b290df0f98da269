import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { leftovers } from './leftovers.ts'
import { MARK, markedProcesses, markOf } from './marked-processes.ts'

test('a process is found by its mark, even when its parent is gone', async ({ skip }) => {
  skip(process.platform !== 'linux', 'no /proc: only Linux has it')
  const mark = markOf(`run-of-${process.pid}`, 'x.test.ts > a test')
  const shell = spawn('sh', ['-c', `${MARK}='${mark}' sleep 60 & echo started; wait`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(shell.stdout, 'data')
  shell.kill('SIGKILL')
  await once(shell, 'exit')
  const watched = { mark, folder: '/nonexistent' }
  const left = await leftovers(watched, 0)
  for (const { pid } of markedProcesses(mark)) process.kill(pid, 'SIGKILL')
  expect(left).toEqual([expect.stringMatching(/^process \d+, started by x\.test\.ts > a test: sleep 60$/)])
  expect(await leftovers(watched)).toEqual([])
})

test('what is in the temporary folder and what is open is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'left-'))
  await writeFile(join(folder, 'report.json'), '')
  const left = await leftovers({ mark: 'nobody', folder, handles: () => ['TCPServerWrap'] }, 0)
  await rm(folder, { recursive: true })
  expect(left).toEqual(['in the temporary folder: report.json', 'open in the test process: TCPServerWrap'])
})
