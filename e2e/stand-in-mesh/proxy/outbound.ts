import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { callOutside } from './egress.ts'
import { type Answer, bodyOf, emptyAnswer, KEEP_ALIVE_MS, reply } from './forward.ts'
import { ServiceCalls, type ServiceCallsOptions } from './service-calls.ts'

export interface OutboundOptions extends Omit<ServiceCallsOptions, 'service'> {
  /** The Service and port that the pod calls; undefined for an outside address. */
  service: ServiceCallsOptions['service'] | undefined
  /** The pod's ServiceAccount. */
  account: string
}

/** A caller's proxy: routes, split, retries, timeouts, breaker, balancing, egress, metrics. */
export function outboundProxy(options: OutboundOptions): Server {
  const { policies, metrics, service, surroundings } = options
  const calls = service === undefined ? undefined : new ServiceCalls({ ...options, service })
  let requests = 0

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<Answer> {
    const body = await bodyOf(incoming)
    requests += 1
    const { refusesEvery } = policies.behaviour
    if (refusesEvery > 0 && requests % refusesEvery === 0) return emptyAnswer(503, 'stand-in refuses')
    if (calls === undefined) return callOutside(policies, metrics, surroundings.namespace)
    const gone = new AbortController()
    outgoing.on('close', () => gone.abort())
    const { method = 'GET', url = '/', headers } = incoming
    const answered = await calls.send({ method, url, headers, body }, gone.signal)
    if (!answered.isOwn) delete answered.headers['l5d-proxy-error']
    return answered
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing)
      .then((answered) => {
        if (!outgoing.destroyed) reply(outgoing, answered)
      })
      .catch(() => outgoing.destroy())
  })
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.on('close', () => calls?.close())
  return server
}
