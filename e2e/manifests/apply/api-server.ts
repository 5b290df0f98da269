import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { groupOf, type KubeObject } from '../kube-object.ts'
import { CRD_DEFAULTS } from './crd-defaults.ts'
import { withDefaults } from './defaults.ts'
import { roundTrip } from './round-trip.ts'

/** A change requested by kubectl. */
export interface Patch {
  path: string
  patch: unknown
}

const DISCOVERY = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/**
 * As much of an API server as `kubectl apply` needs: it lists the kinds, stores objects as the real one does, and
 * records the patches it receives instead of applying them.
 */
export class ApiServer {
  readonly patches: Patch[] = []
  readonly #objects = new Map<string, KubeObject>()
  readonly #kinds = new Map<string, KubeObject>()
  readonly #server = createServer((request, response) => void this.#answer(request, response))

  /** Serves the kinds of these objects. Returns the server's address. Throws on a kind whose defaults are not known. */
  async listen(objects: readonly KubeObject[]): Promise<string> {
    for (const object of objects.map(stored)) this.#kinds.set(`${object.apiVersion} ${object.kind}`, object)
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?')
    if (path === '/api')
      return send(
        response,
        200,
        this.#discovery((group) => group === ''),
        DISCOVERY,
      )
    if (path === '/apis')
      return send(
        response,
        200,
        this.#discovery((group) => group !== ''),
        DISCOVERY,
      )
    if (request.method === 'POST') {
      const object = stored((await json(request)) as KubeObject)
      this.#objects.set(`${path}/${object.metadata.name}`, object)
      return send(response, 201, object)
    }
    const object = this.#objects.get(path)
    if (object === undefined) return send(response, 404, notFound(path))
    if (request.method === 'PATCH') this.patches.push({ path, patch: await json(request) })
    send(response, 200, object)
  }

  #discovery(isServed: (group: string) => boolean): object {
    const groups = new Map<string, Map<string, KubeObject[]>>()
    for (const object of this.#kinds.values()) {
      const group = groupOf(object)
      if (!isServed(group)) continue
      const versions = groups.get(group) ?? new Map<string, KubeObject[]>()
      groups.set(group, versions)
      const version = object.apiVersion.split('/').at(-1) ?? ''
      versions.set(version, [...(versions.get(version) ?? []), object])
    }
    const items = [...groups].map(([name, versions]) => ({
      metadata: { name },
      versions: [...versions].map(([version, kinds]) => ({ version, resources: kinds.map(resource) })),
    }))
    return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
  }
}

/** An object as the API server stores it. */
function stored(object: KubeObject): KubeObject {
  const isCustom = `${object.apiVersion} ${object.kind}` in CRD_DEFAULTS
  return withDefaults(isCustom ? object : roundTrip(object))
}

function resource(object: KubeObject): object {
  const group = groupOf(object)
  const version = object.apiVersion.split('/').at(-1)
  const singularResource = object.kind.toLowerCase()
  return {
    resource: singularResource.replace(/y$/, 'ie').concat('s'),
    responseKind: { group, version, kind: object.kind },
    scope: object.metadata.namespace === undefined ? 'Cluster' : 'Namespaced',
    singularResource,
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  }
}

function send(response: ServerResponse, status: number, body: object, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
}

function notFound(path: string): object {
  const message = `${path} not found`
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404, message }
}
