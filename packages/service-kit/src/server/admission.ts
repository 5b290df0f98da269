import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'

export interface AdmissionOptions {
  /** Connections above this number get 503, Retry-After and `Connection: close`. */
  connections: number
  /** Called with the reason when a request is shed, one of a few words. */
  onShed: (reason: string) => void
}

/**
 * Refuses requests that Node's parser accepts and the services do not (no Host, two Hosts, Expect, encoded bodies), and
 * requests on connections above the limit.
 */
export const admission = fp<AdmissionOptions>(
  async (app, { connections, onShed }) => {
    const open = new Set<Socket>()
    const surplus = new WeakSet<Socket>()
    app.addHook('onRequest', (request, reply, done) => {
      const refusal = objection(request, reply)
      if (refusal !== undefined) return done(refusal)
      const { socket } = request.raw
      if (!open.has(socket) && !surplus.has(socket)) admit(socket)
      if (!surplus.has(socket)) return done()
      request.exchange.isShed = true
      onShed('connections')
      reply.header('connection', 'close')
      done(tooManyConnections(connections))
    })

    function admit(socket: Socket): void {
      if (open.size >= connections) {
        surplus.add(socket)
        return
      }
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    }
  },
  { name: 'admission', fastify: '5.x', dependencies: ['exchange'] },
)

function objection({ headers, raw }: FastifyRequest, reply: FastifyReply): Error | undefined {
  const { host, expect, 'content-encoding': encoding } = headers
  // RFC 9112 §3.2
  if (host === undefined && raw.httpVersion !== '1.0') {
    return kitErrors.BAD_REQUEST({ detail: 'An HTTP/1.1 request needs a Host header' })
  }
  if (hasTwoHosts(raw.rawHeaders)) return kitErrors.BAD_REQUEST({ detail: 'A request has one Host header' })
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    return kitErrors.EXPECTATION_FAILED({ detail: 'This service does not know the expectation' })
  }
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    // RFC 9110 §15.5.16: the answer says which codings are accepted.
    reply.header('accept-encoding', 'identity')
    return kitErrors.UNSUPPORTED_ENCODING({ detail: 'Send the body without a Content-Encoding' })
  }
  return undefined
}

function tooManyConnections(connections: number): Error {
  return kitErrors.TOO_MANY_CONNECTIONS({
    detail: `This pod serves at most ${connections} connections`,
    headers: { 'retry-after': '1' },
  })
}

// Node keeps the first of several and ignores the others.
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length > 1
}
