import { expect, test } from 'vitest'
import type { PodObject } from './kubernetes-types.ts'
import { imageFacts, podImages } from './pod-images.ts'

const pod = (version: string, imageID?: string): PodObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a' },
  spec: {
    initContainers: [
      { name: 'linkerd-init', image: 'proxy-init' },
      { name: 'linkerd-proxy', image: `cr.l5d.io/linkerd/proxy:${version}` },
    ],
    containers: [{ name: 'consumer', image: 'consumer:1.0' }],
  },
  status: {
    containerStatuses: [
      { name: 'consumer', ready: true, restartCount: 0, ...(imageID === undefined ? {} : { imageID }) },
    ],
  },
})

test('the images of service and proxy, with the digest that the node tells, wherever it is pulled from', () => {
  expect(podImages(pod('edge-26.8.3', 'docker.io/library/consumer@sha256:0a1'))).toEqual([
    { image: 'cr.l5d.io/linkerd/proxy:edge-26.8.3', isProxy: true, digest: undefined },
    { image: 'consumer:1.0', isProxy: false, digest: 'sha256:0a1' },
  ])
})

test('a proxy that is an ordinary container is found too', () => {
  const { spec, ...rest } = pod('edge')
  const [, proxy = { name: '' }] = spec.initContainers ?? []
  expect(podImages({ ...rest, spec: { containers: [...spec.containers, proxy] } })).toMatchObject([
    { isProxy: false },
    { isProxy: true },
  ])
})

test('nodes that have different images under one name are told', () => {
  const images = [...podImages(pod('b', 'sha256:2')), ...podImages(pod('a', 'sha256:1')), ...podImages(pod('a'))]
  expect(imageFacts(images)).toEqual({
    proxies: ['cr.l5d.io/linkerd/proxy:a', 'cr.l5d.io/linkerd/proxy:b'],
    digests: { 'consumer:1.0': 'sha256:1, sha256:2' },
  })
})
