import { expect, test } from 'vitest'
import { ObjectCache } from './object-cache.ts'

const pod = (name: string, resourceVersion: string, uid = name) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, uid, resourceVersion },
})

function cacheOf(...events: [type: string, object: ReturnType<typeof pod>][]): ObjectCache {
  const cache = new ObjectCache()
  for (const [type, object] of events) cache.take({ type, object })
  return cache
}

const versions = (cache: ObjectCache) => cache.objects.map(({ metadata }) => metadata.resourceVersion)

test('objects are added, changed and deleted', () => {
  const cache = cacheOf(['ADDED', pod('a', '1')], ['ADDED', pod('b', '2')], ['MODIFIED', pod('a', '3')])
  expect(versions(cache)).toEqual(['3', '2'])
  cache.take({ type: 'DELETED', object: pod('b', '4') })
  expect(versions(cache)).toEqual(['3'])
})

test('an object of the same name is another one', () => {
  const cache = cacheOf(['ADDED', pod('a', '1', 'first')], ['ADDED', pod('a', '2', 'second')])
  cache.take({ type: 'DELETED', object: pod('a', '3', 'first') })
  expect(versions(cache)).toEqual(['2'])
})

test('a watch lags behind a list until it has shown each version in it', () => {
  const cache = cacheOf(['ADDED', pod('a', '1')])
  const before = cache.objects
  expect(cache.lagsBehind([pod('a', '1')], before)).toBe(false)
  expect(cache.lagsBehind([pod('a', '2')], before)).toBe(true)
  expect(cache.lagsBehind([pod('a', '1'), pod('b', '2')], before)).toBe(true)
  // Further than the list: it was changed again, and another object was added, since the list was made.
  cache.take({ type: 'MODIFIED', object: pod('a', '2') })
  cache.take({ type: 'MODIFIED', object: pod('a', '3') })
  cache.take({ type: 'ADDED', object: pod('b', '4') })
  expect(cache.lagsBehind([pod('a', '2')], before)).toBe(false)
})

test('a watch lags behind a list while it has not shown that an object is gone', () => {
  const cache = cacheOf(['ADDED', pod('a', '1')])
  const before = cache.objects
  expect(cache.lagsBehind([], before)).toBe(true)
  cache.take({ type: 'DELETED', object: pod('a', '2') })
  expect(cache.lagsBehind([], before)).toBe(false)
})
