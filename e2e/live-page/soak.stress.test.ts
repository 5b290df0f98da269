import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServiceProcess, spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { expect, test } from 'vitest'
import { median } from '../../bench/harness/statistics.ts'
import { GC_ON_SIGNAL, heapBytes } from '../stress/heap.ts'
import { type LiveViewer, setTraffic, watch } from './live-viewer.ts'

/** The long run is LIVE_SOAK_SECONDS=3600. */
const SECONDS = Number(process.env['LIVE_SOAK_SECONDS'] ?? 30)
const RATE = 1000
/** Until the code is compiled and the pool has reached its size. */
const WARM_SECONDS = 15
const READINGS = 12
const GROWTH_RATIO = 0.05

/** The heap size that the image gets in 128 MiB. */
const env = {
  ...GC_ON_SIGNAL,
  NODE_OPTIONS: `${GC_ON_SIGNAL['NODE_OPTIONS']} --max-old-space-size=51 --max-semi-space-size=8`,
}

const MB = 1024 * 1024

/** Resident memory of a process, MiB, current and peak: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
async function residentMb({ child }: ServiceProcess): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  return { now: Math.round(kib('VmRSS') / 1024), peak: Math.round(kib('VmHWM') / 1024) }
}

/** Progress line for a long run. */
async function told(consumer: ServiceProcess, heap: number, viewers: readonly LiveViewer[]): Promise<void> {
  const { now, peak } = await residentMb(consumer)
  const { started, shed, late, failed } = viewers[0]?.batch?.totals ?? {}
  const dropped = viewers.map(({ batch }) => batch?.dropped)
  console.log(JSON.stringify({ heapMb: +(heap / MB).toFixed(2), now, peak, started, shed, late, failed, dropped }))
}

test(
  `${RATE} calls a second before two viewers, for ${SECONDS} s: the consumer's memory is flat`,
  async () => {
    await using provider = await spawnProvider({ ACCESS_LOG: 'off' })
    await using consumer = await spawnConsumer(provider.port, { ...env, ACCESS_LOG: 'off' })
    await using one = await watch(consumer.adminUrl, { keep: 20 })
    await using other = await watch(consumer.adminUrl, { keep: 20 })
    const viewers = [one, other]
    await setTraffic(consumer.adminUrl, { rate: RATE, concurrency: 256, minutes: 240 })
    await sleep(WARM_SECONDS * 1000)
    const heap: number[] = []
    for (let reading = 0; reading < READINGS; reading += 1) {
      heap.push(await heapBytes(consumer))
      await told(consumer, heap.at(-1) ?? 0, viewers)
      await sleep((SECONDS * 1000) / READINGS)
    }
    const [early, late] = [median(heap.slice(0, READINGS / 3)), median(heap.slice(-READINGS / 3))]
    expect(late).toBeLessThan(early * (1 + GROWTH_RATIO))

    // The run did its work: each due call was made or counted as shed.
    for (const viewer of viewers) {
      const { totals, at = 0, resetAt = 0, inFlight = 0 } = viewer.batch ?? {}
      const due = (totals?.started ?? 0) + (totals?.shed ?? 0)
      expect(due).toBeGreaterThan(RATE * SECONDS)
      expect(due).toBeLessThanOrEqual(((at - resetAt) * RATE) / 1000 + 1)
      expect(totals?.ended).toBe((totals?.started ?? 0) - inFlight)
    }
  },
  (WARM_SECONDS + SECONDS + 120) * 1000,
)
