import { ROOT_CONTEXT } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, test } from 'vitest'
import { Exchange } from '../exchange/exchange.ts'
import { beginClientSpan, beginServerSpan } from './spans.ts'

const exporter = new InMemorySpanExporter()
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
const tracer = provider.getTracer('test')

const start = { method: 'GET', url: '/?in=secret', headers: {}, ip: '10.0.0.1' }

/** The span of a request that has ended. */
function served(request: Partial<typeof start>, route?: string) {
  exporter.reset()
  beginServerSpan(tracer, { ...start, ...request }, ROOT_CONTEXT).end(new Exchange('id', 1), route)
  const [span] = exporter.getFinishedSpans()
  return { name: span?.name, ...span?.attributes }
}

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['fd00::1', 'fd00::1'],
  ['::ffff:0:1', '::ffff:0:1'],
])('the caller at %s has the address %s', (ip, address) => {
  expect(served({ ip })).toMatchObject({ 'client.address': address })
})

test('a method that is not known is not in the name, but in an attribute', () => {
  expect(served({ method: 'BREW' }, '/tea')).toMatchObject({
    name: 'HTTP /tea',
    'http.request.method': '_OTHER',
    'http.request.method_original': 'BREW',
  })
})

test('without a route the name is the method alone, and the path has no query', () => {
  expect(served({ url: '/nothing?in=secret' })).toMatchObject({ name: 'GET', 'url.path': '/nothing' })
})

test.each([
  ['10.0.0.1', 'http://10.0.0.1:5000/'],
  ['fd00::1', 'http://[fd00::1]:5000/'],
])('the URL of a call to %s is %s', (host, url) => {
  exporter.reset()
  beginClientSpan(tracer, { method: 'GET', host, port: 5000 }, ROOT_CONTEXT).end({ status: 200 })
  expect(exporter.getFinishedSpans()[0]?.attributes).toMatchObject({ 'url.full': url, 'server.address': host })
})
