import { type Fault, type FaultOf, FaultSyntaxError, HEADER } from '@linkerd-scenario/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { FaultPlan } from './fault-plan.ts'
import type { FaultStore } from './fault-store.ts'
import { HeldRequests } from './held-requests.ts'
import { shapeBody } from './shaped-body.ts'

export interface FaultPluginOptions {
  faults: FaultStore
  /** The number of the request's attempt, from 1. */
  attemptOf: (request: FastifyRequest) => number
  /** The error that answers a `status` fault. */
  statusError: (fault: FaultOf<'status'>) => Error
  /** The error that answers an `x-fault` header which is no list of faults. */
  syntaxError: (error: FaultSyntaxError) => Error
  /** Told of each fault when it begins to take effect; `text` is its text form. */
  onInjected?: (fault: Fault, text: string, request: FastifyRequest) => void
  /** Told of each connection that ends without an answer because of a fault, not because the caller left. */
  onCut?: (request: FastifyRequest) => void
  /** The requests that wait; given by who wants to watch them. */
  held?: HeldRequests
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What is still to happen to this request's answer. */
    faultPlan: FaultPlan | undefined
  }
}

/**
 * Executes faults on the requests of the scope it is registered in: register it in the API scope alone, so that
 * probes and the admin port are never faulted. Where faults are not enabled it adds nothing, not even a hook.
 * Faults happen after the body was read and found valid, before the handler runs.
 */
export const faultPlugin = fp<FaultPluginOptions>(
  async (app, { faults, attemptOf, statusError, syntaxError, onInjected, onCut, held = new HeldRequests() }) => {
    if (!faults.enabled) return
    app.decorateRequest('faultPlan', undefined)

    app.addHook('preHandler', (request, reply, done) => {
      try {
        // Node joins the lines of a header that comes more than once: they are one list (RFC 9651 §4.2).
        const header = request.headers[HEADER.fault] as string | undefined
        request.faultPlan = faults.plan(header, attemptOf(request))
      } catch (error) {
        done(error instanceof FaultSyntaxError ? syntaxError(error) : (error as Error))
        return
      }
      if (request.faultPlan === undefined || held.isEnded) done()
      else delay(request, reply, request.faultPlan, done)
    })

    app.addHook('onSend', (request, reply, payload, done) => {
      const { faultPlan } = request
      if (faultPlan?.size || faultPlan?.truncate) done(null, shape(request, reply, faultPlan, payload))
      else done(null, payload)
    })

    // A request that hangs would keep the server from closing: all faults end here.
    app.addHook('preClose', (done) => {
      held.end()
      done()
    })

    function delay(request: FastifyRequest, reply: FastifyReply, plan: FaultPlan, done: (error?: Error) => void): void {
      for (const planned of plan.delays) injected(planned, request)
      const ms = plan.delays.reduce((sum, { ms }) => sum + ms, 0)
      if (ms === 0) finish(request, reply, plan, done)
      else {
        held.hold(reply.raw, ms, (end) => {
          if (end === 'over') finish(request, reply, plan, done)
          else if (end === 'released') done()
          else reply.hijack()
        })
      }
    }

    function finish(request: FastifyRequest, reply: FastifyReply, plan: FaultPlan, done: (error?: Error) => void) {
      if (plan.final === undefined) {
        done()
        return
      }
      const { fault } = plan.final
      injected(plan.final, request)
      request.faultPlan = undefined
      if (fault.kind === 'status') {
        done(statusError(fault))
        return
      }
      reply.hijack()
      const { socket } = request.raw
      if (fault.kind === 'hang') {
        held.hold(reply.raw, undefined, (end) => {
          if (end === 'left') return
          onCut?.(request)
          socket.destroySoon()
        })
        return
      }
      onCut?.(request)
      if (fault.kind === 'reset') socket.resetAndDestroy()
      else socket.destroySoon()
    }

    function shape(request: FastifyRequest, reply: FastifyReply, { size, truncate }: FaultPlan, payload: unknown) {
      if (request.method === 'HEAD' || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return payload
      if (size) injected(size, request)
      if (truncate) {
        injected(truncate, request)
        // Node closes the connection behind such an answer, whatever was promised of its length.
        reply.header('connection', 'close')
      }
      const { contentLength, stream } = shapeBody(Buffer.from(payload), size?.fault.bytes, truncate?.fault.bytes)
      reply.header('content-length', contentLength)
      return stream
    }

    function injected({ fault, text }: { fault: Fault; text: string }, request: FastifyRequest): void {
      onInjected?.(fault, text, request)
    }
  },
  { name: 'faults', fastify: '5.x' },
)
