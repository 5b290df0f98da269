import { FaultSyntaxError, HEADER } from '@linkerd-scenario/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'
import type { ServiceRuntime } from '../runtime.ts'
import { newAnswerShape, shapeBody } from './answer-shape.ts'
import type { Ending } from './fault-effects.ts'
import type { FaultPlan, PlannedFault } from './fault-plan.ts'
import { HeldRequests } from './held-requests.ts'

export interface InjectFaultsOptions {
  runtime: Pick<ServiceRuntime, 'faults' | 'metrics'>
  /** The waiting requests. Tests pass their own to watch them. */
  held?: HeldRequests
}

declare module 'fastify' {
  interface FastifyRequest {
    /** How the answer to this request will be changed. */
    faultPlan: FaultPlan | undefined
  }
}

type Done = (error?: Error) => void

/**
 * Injects faults into the requests of its scope. Register it in the API scope, so that probes and the admin port have no
 * faults. If faults are disabled it adds no hook. Faults happen after the body was validated, before the handler runs.
 */
export const injectFaults = fp<InjectFaultsOptions>(
  async (api, { runtime, held = new HeldRequests() }) => {
    if (!runtime.faults.enabled) return
    const injector = new FaultInjector(runtime, held)
    api.decorateRequest('faultPlan', undefined)
    api.addHook('preHandler', (request, reply, done) => injector.beforeHandler(request, reply, done))
    api.addHook('onSend', (request, reply, payload, done) => done(null, injector.shaped(request, reply, payload)))
    // A hanging request would keep the port open for ever. A delay ends like any slow request.
    api.addHook('preClose', (done) => {
      held.releaseEndless()
      done()
    })
  },
  { name: 'inject-faults', fastify: '5.x', dependencies: ['exchange'] },
)

/** Applies the `FaultPlan` of a request. */
class FaultInjector {
  readonly #runtime: InjectFaultsOptions['runtime']
  readonly #held: HeldRequests

  constructor(runtime: InjectFaultsOptions['runtime'], held: HeldRequests) {
    this.#runtime = runtime
    this.#held = held
  }

  beforeHandler(request: FastifyRequest, reply: FastifyReply, done: Done): void {
    try {
      // Node joins the lines of a header that comes more than once: they are one list (RFC 9651 §4.2).
      const header = request.headers[HEADER.fault] as string | undefined
      request.faultPlan = this.#runtime.faults.plan(header, request.exchange.attempt)
    } catch (error) {
      done(error instanceof FaultSyntaxError ? syntaxProblem(error) : (error as Error))
      return
    }
    if (request.faultPlan === undefined) done()
    else this.#wait(request, reply, request.faultPlan, done)
  }

  /** The payload as the faults change it. */
  shaped(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
    const shapes = request.faultPlan?.shapes ?? []
    const isBody = typeof payload === 'string' || Buffer.isBuffer(payload)
    if (shapes.length === 0 || request.method === 'HEAD' || !isBody) return payload
    const answer = newAnswerShape()
    for (const planned of shapes) {
      this.#note(planned, request)
      planned.shape(answer)
    }
    const { contentLength, stream } = shapeBody(Buffer.from(payload), answer)
    reply.headers(answer.headers).header('content-length', contentLength)
    return stream
  }

  #wait(request: FastifyRequest, reply: FastifyReply, plan: FaultPlan, done: Done): void {
    for (const planned of plan.waits) this.#note(planned, request)
    const ms = plan.waits.reduce((sum, planned) => sum + planned.ms, 0)
    if (ms === 0) {
      this.#end(request, reply, plan, done)
      return
    }
    this.#held.hold(reply.raw, ms, (how) => {
      if (how === 'over') this.#end(request, reply, plan, done)
      else reply.hijack()
    })
  }

  #end(request: FastifyRequest, reply: FastifyReply, { end }: FaultPlan, done: Done): void {
    if (end === undefined) {
      done()
      return
    }
    this.#note(end, request)
    request.faultPlan = undefined
    end.end(this.#endingOf(request, reply, done))
  }

  #endingOf(request: FastifyRequest, reply: FastifyReply, done: Done): Ending {
    return {
      answer: done,
      cut: (how) => {
        reply.hijack()
        cut(request, how)
      },
      hang: () => {
        reply.hijack()
        this.#held.hold(reply.raw, undefined, (how) => {
          if (how === 'released') cut(request, 'close')
        })
      },
    }
  }

  #note({ fault, text }: PlannedFault, request: FastifyRequest): void {
    this.#runtime.metrics.faultInjected(fault)
    request.exchange.noteFault(text)
  }
}

function cut({ exchange, raw: { socket } }: FastifyRequest, how: 'reset' | 'close'): void {
  exchange.cutBy = 'fault'
  exchange.errorCode = 'FAULT_INJECTED'
  if (how === 'reset') socket.resetAndDestroy()
  else socket.destroySoon()
}

function syntaxProblem(error: FaultSyntaxError): Error {
  return kitErrors.INVALID_FAULT({ detail: `x-fault: ${error.message}` })
}
