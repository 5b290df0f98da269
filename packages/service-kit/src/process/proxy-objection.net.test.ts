import { httpAnswer, misbehavingUpstream } from '@linkerd-scenario/test-kit/misbehaving-upstream'
import { ServiceProcess } from '@linkerd-scenario/test-kit/service-process'
import { expect, test } from 'vitest'
import { proxyObjection } from './proxy-objection.ts'

const linkerdProxy = () => misbehavingUpstream((socket) => socket.write(httpAnswer(200, {}, 'ready\n')))

test('Envoy is not trusted beside a proxy of Linkerd', async () => {
  await using proxy = await linkerdProxy()
  expect(await proxyObjection({ TRUSTED_PROXY: 'envoy' }, proxy.port)).toContain('a Linkerd proxy runs in this pod')
  expect(await proxyObjection({ TRUSTED_PROXY: 'linkerd' }, proxy.port)).toBeUndefined()
  expect(await proxyObjection({ TRUSTED_PROXY: 'none' }, proxy.port)).toBeUndefined()
  expect(proxy.accepted(), 'asked for Envoy alone').toBe(1)
})

test('Envoy is trusted where no proxy of Linkerd answers', async () => {
  await using gone = await linkerdProxy()
  const { port } = gone
  await gone.close()
  expect(await proxyObjection({ TRUSTED_PROXY: 'envoy' }, port)).toBeUndefined()
})

test('the process ends with status 78 before it listens, and says why', async () => {
  await using proxy = await linkerdProxy()
  await using provider = new ServiceProcess('e2e/fixtures/provider-pod.ts', {
    PROVIDER_PORT: '0',
    TRUSTED_PROXY: 'envoy',
    STAND_IN_PROXY_ADMIN_PORT: String(proxy.port),
  })
  expect(await provider.ended).toMatchObject({ code: 78 })
  expect(provider.lines).toEqual([
    expect.objectContaining({ level: 'fatal', msg: expect.stringContaining('TRUSTED_PROXY is "envoy"') as string }),
  ])
})
