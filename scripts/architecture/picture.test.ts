import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { architecturePicture, pictureFile } from './picture.ts'
import { PROXY_PORTS, portsOf } from './ports.ts'

const picture = architecturePicture()
const drawn = [...picture.matchAll(/>:(\d{4})</g)].map(([, port]) => Number(port))
const unique = (numbers: readonly number[]) => [...new Set(numbers)].toSorted((a, b) => a - b)

test('the committed picture is what the code draws (npm run docs)', () => {
  expect(readFileSync(pictureFile, 'utf8')).toBe(picture)
})

test('its ports are those of the manifests and of the proxy, and no others', () => {
  const [consumer, provider] = [portsOf('consumer'), portsOf('provider')]
  expect(unique(drawn)).toEqual(
    unique([consumer.http, consumer.admin, provider.http, provider.admin, ...Object.values(PROXY_PORTS)]),
  )
  expect(unique(drawn)).toEqual([4140, 4143, 4191, 5000, 5001, 6000, 6001])
})

test('its words name the same ports, for those who cannot see it', () => {
  const [, description = ''] = /<desc id="d">([^<]*)</.exec(picture) ?? []
  expect(unique([...description.matchAll(/\b\d{4}\b/g)].map(([port]) => Number(port)))).toEqual(unique(drawn))
})

test('the ports of the proxies are those that the network policy lets in', () => {
  const file = new URL('../../k8s/components/network-policy/network-policy.yaml', import.meta.url)
  const policy = readFileSync(file, 'utf8')
  for (const port of [PROXY_PORTS.inbound, PROXY_PORTS.admin]) expect(policy).toContain(`port: ${port}`)
})

test('every colour of the light scheme has one in the dark scheme', () => {
  const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(picture) ?? []
  const [light = '', dark = ''] = style.split('@media (prefers-color-scheme: dark)')
  const coloured = (css: string) =>
    new Set([...css.matchAll(/^ +([^{]+) \{[^}]*(?:fill|stroke): ?#/gm)].map(([, selector]) => selector))
  expect(coloured(light).size).toBeGreaterThan(8)
  expect(coloured(dark)).toEqual(coloured(light))
})
