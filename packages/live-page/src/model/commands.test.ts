import { parseFaults } from '@linkerd-scenario/contract'
import { expect, test } from 'vitest'
import { burstCommand, trafficCommand } from './curl.ts'
import { FAULT_KINDS, type FaultKindName, faultText } from './fault-text.ts'

const settings = {
  paused: false,
  rate: 50,
  concurrency: 8,
  in: `it's`,
  route: 'v2',
  fault: 'status;code=503',
  minutes: 60,
}

test('the commands keep quotes, a path prefix, and everything that is set', () => {
  const set = trafficCommand('https://example.test/live/page/', settings)
  expect(set).toContain(`'https://example.test/live/page/live/traffic'`)
  expect(set).toContain(`"in":"it'\\''s"`)
  expect(trafficCommand('http://localhost:6001/', { ...settings, in: '', fault: '', route: '' })).toBe(
    [
      `curl -X PUT 'http://localhost:6001/live/traffic'`,
      `-H 'content-type: application/json'`,
      `-d '{"rate":50,"concurrency":8,"minutes":60}'`,
    ].join(' \\\n'),
  )
  expect(burstCommand('http://localhost:6001/', settings)).toBe(
    [
      `curl -X POST 'http://localhost:6001/burst?n=500&rate=50&concurrency=8&in=it%27s'`,
      `-H 'x-fault: status;code=503'`,
      `-H 'x-route: v2'`,
    ].join(' \\\n'),
  )
})

test.each(Object.keys(FAULT_KINDS) as FaultKindName[])(
  'the builder writes a %s that the services understand',
  (kind) => {
    const text = faultText(kind, { ...FAULT_KINDS[kind], rate: '0.5', times: '2', at: 'provider/v1' })
    expect(parseFaults(text)).toMatchObject([{ kind, rate: 0.5, times: 2, at: 'provider/v1' }])
  },
)
