import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { ByHand } from '../by-hand/by-hand.ts'
import { NamedFiles } from '../by-hand/named-files.ts'
import { AppliedObjects } from './applied-objects.ts'
import type { Component } from './component.ts'
import { idOf, type KubeObject } from './kubernetes-types.ts'
import { Manifests } from './manifests.ts'
import { CLUSTER_PACE, systemClock } from './pace.ts'
import { Waits } from './waits.ts'
import { Workloads } from './workloads.ts'

const object = (kind: string, name: string, { labels = {}, of = '' } = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, labels, annotations: { of } },
})
/** A Deployment; `of` stands in its template. */
const deployment = (name: string, labels: Record<string, string> = {}, of = '') => ({
  ...object('Deployment', name, { labels, of }),
  spec: { selector: { matchLabels: { name } }, template: { metadata: {}, spec: { containers: [{ name }] } } },
})
const provider = { app: 'provider' }

const BASE = [
  object('Service', 'provider-svc'),
  object('Service', 'audit'),
  deployment('consumer-v1'),
  deployment('provider-v1', provider),
  deployment('provider-v2', provider),
  deployment('client'),
]
/** Changes a Service, adds a ConfigMap, takes a Service away, and patches two workloads. */
const LIMITS = [
  object('Service', 'provider-svc', { of: 'limits' }),
  object('ConfigMap', 'limits'),
  deployment('consumer-v1'),
  deployment('provider-v1', provider),
  deployment('provider-v2', provider, 'limits'),
  deployment('client', {}, 'limits'),
]
const component: Component = { path: 'features/limits' }

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prove-applied-'))
})

afterEach(() => rm(folder, { recursive: true }))

/** The objects of a namespace, and what kubectl was told to do; `answer` is given the name of an applied file. */
async function objectsOn(answer: (name: string) => { code?: number; stderr?: string } = () => ({})) {
  const done: string[] = []
  const { kubectl } = scriptedKubectl(async (line) => {
    const [verb = '', ...rest] = line.split(' ')
    if (verb === 'kustomize') return { stdout: all(line.endsWith('base') ? BASE : LIMITS) }
    const file = rest.find((word) => word.endsWith('.yaml')) ?? ''
    const given = parseAllDocuments(await readFile(file, 'utf8')).map((document) => document.toJS() as KubeObject)
    done.push(`${verb} ${given.map(idOf).join(' ')}`)
    return { stdout: JSON.stringify({ items: given }), ...answer(basename(file, '.yaml')) }
  })
  const { signal } = new AbortController()
  const waits = new Waits({ quietMs: 60_000, announce: () => undefined, lastWarning: async () => undefined })
  const access = { namespace: 'test', kubectl, clock: systemClock, pace: CLUSTER_PACE, signal, waits }
  const images = { registry: undefined, tag: '1.0' }
  const manifests = new Manifests({ k8s: folder, folder, features: [], images, run: 'abc', kubectl })
  const workloads = new Workloads(access)
  const files = new NamedFiles()
  const byHand = new ByHand({ namespace: 'test', lane: 'test', files })
  const objects = new AppliedObjects({ ...access, manifests, workloads, byHand })
  return { objects, workloads, done, byHand, files }
}

const all = (objects: readonly KubeObject[]) => objects.map((one) => stringify(one)).join('---\n')
const namesOf = (objects: AppliedObjects) => objects.current.map(idOf).toSorted()

test('the base starts with the first workloads, and each other one with the feature that needs it', async () => {
  const { objects, done } = await objectsOn()
  await objects.setUp(['consumer-v1'])
  await objects.start(['consumer-v1', 'client'])
  await objects.start(['client'])
  expect(done).toEqual(['apply Service/provider-svc Service/audit Deployment/consumer-v1', 'apply Deployment/client'])
  expect(namesOf(objects)).toEqual([
    'Deployment/client',
    'Deployment/consumer-v1',
    'Service/audit',
    'Service/provider-svc',
  ])
})

test('of the others those start ahead that answer no calls', async () => {
  const { objects, done } = await objectsOn()
  await objects.setUp([])
  objects.startOthers()
  await objects.start(['provider-v2'])
  expect(done.slice(1)).toEqual(['apply Deployment/consumer-v1 Deployment/client', 'apply Deployment/provider-v2'])
})

test('what goes wrong at a start ahead is told to the feature that needs the workload, if it still does', async () => {
  let answer = { code: 1, stderr: 'error: exceeded quota' }
  const { objects, workloads, done } = await objectsOn((name) => (name === 'workloads' ? answer : {}))
  await objects.setUp([])
  objects.startOthers()
  await expect(objects.start(['client'])).rejects.toThrow('exceeded quota')
  // A feature that needs other workloads must not scale it.
  expect(workloads.names).toEqual([])
  answer = { code: 0, stderr: '' }
  await objects.start(['client'])
  expect(done.at(-1)).toBe('apply Deployment/client')
  expect(namesOf(objects)).toContain('Deployment/client')
})

test('a component changes what it differs in, and its end brings everything back', async () => {
  const { objects, done } = await objectsOn()
  await objects.setUp(['consumer-v1', 'provider-v1'])
  const before = namesOf(objects)
  done.splice(0)
  expect(await objects.compose(component, ['consumer-v1', 'provider-v1'])).toEqual([])
  expect(done.toSorted()).toEqual(['apply Service/provider-svc ConfigMap/limits', 'delete Service/audit'])
  expect(namesOf(objects)).toContain('ConfigMap/limits')
  done.splice(0)
  await objects.compose(undefined, ['consumer-v1', 'provider-v1'])
  expect(done.toSorted()).toEqual(['apply Service/provider-svc Service/audit', 'delete ConfigMap/limits'])
  expect(namesOf(objects)).toEqual(before)
})

test('a reader gets the files of each change, and none of what a set-up does', async () => {
  const { objects, byHand, files } = await objectsOn()
  await objects.setUp(['consumer-v1', 'provider-v1'])
  expect(byHand.take()).toEqual([])
  await objects.compose(component, ['consumer-v1', 'provider-v1'])
  await objects.compose(undefined, ['consumer-v1', 'provider-v1'])
  await objects.compose(undefined, ['consumer-v1', 'provider-v1'])
  expect(byHand.take()).toEqual([
    'kubectl -n test apply -f features-limits.yaml',
    'kubectl -n test delete --ignore-not-found -f features-limits-removes.yaml',
    'kubectl -n test apply -f features-limits-off.yaml',
    'kubectl -n test delete --ignore-not-found -f features-limits-off-removes.yaml',
  ])
  const given = parseAllDocuments(files.texts['features-limits.yaml'] ?? '').map((one) =>
    idOf(one.toJS() as KubeObject),
  )
  expect(given).toEqual(['Service/provider-svc', 'ConfigMap/limits'])
})
