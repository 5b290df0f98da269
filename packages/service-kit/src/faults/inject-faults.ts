import { canonicalFault } from '@linkerd-scenario/contract'
import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'
import type { ServiceRuntime } from '../runtime.ts'
import { faultPlugin } from './fault-plugin.ts'

/** The faults of a process on the API scope it is registered in: with problems, metrics and the request's record. */
export const injectFaults = fp<{ runtime: ServiceRuntime }>(
  async (api, { runtime: { faults, metrics } }) => {
    await api.register(faultPlugin, {
      faults,
      attemptOf: (request) => request.exchange.attempt,
      statusError: (fault) => {
        const retryAfter = fault['retry-after']
        return kitErrors.FAULT_INJECTED({
          status: fault.code,
          detail: `The fault ${canonicalFault(fault)} made this answer`,
          ...(retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } }),
        })
      },
      syntaxError: (error) => kitErrors.INVALID_FAULT({ detail: `x-fault: ${error.message}` }),
      onInjected: (fault, text, request) => {
        metrics.faultInjected(fault)
        request.exchange.noteFault(text)
      },
      onCut: ({ exchange }) => {
        exchange.isCut = true
        exchange.errorCode = 'FAULT_INJECTED'
      },
    })
  },
  { name: 'inject-faults', fastify: '5.x', dependencies: ['exchange'] },
)
