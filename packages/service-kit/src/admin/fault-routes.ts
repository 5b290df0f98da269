import {
  type Fault,
  FaultStateSchema,
  FaultSyntaxError,
  FaultsSchema,
  FaultValueError,
  formatFaults,
  JSON_CONTENT_TYPE,
  ProblemSchema,
  parseFaults,
  readFaults,
} from '@linkerd-scenario/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { kitErrors } from '../errors/kit-errors.ts'
import type { FaultStore } from '../faults/fault-store.ts'
import type { ServiceRuntime } from '../runtime.ts'

const response = { 200: FaultStateSchema, '4xx': ProblemSchema }
const body = {
  content: { 'text/plain': { schema: Type.String() }, [JSON_CONTENT_TYPE]: { schema: FaultsSchema } },
}
// Validated by readFaults, whose messages are clearer than those of a union schema.
const validatorCompiler = () => (value: unknown) => ({ value })

/** `GET`, `PUT` and `DELETE /faults`: the faults of this process. */
export function addFaultRoutes(app: FastifyInstance, { faults, logger }: ServiceRuntime): void {
  app.get('/faults', { schema: { summary: 'The faults of this process', response } }, () => stateOf(faults))

  const put = {
    schema: { summary: 'Sets the faults of this process, until changed', body, response },
    validatorCompiler,
  }
  app.put('/faults', put, async (request) => {
    refuseUnlessEnabled(faults)
    faults.setAdmin(faultsOf(request.body))
    logger.warn({ fault: formatFaults(faults.admin) }, 'faults were set')
    return stateOf(faults)
  })

  app.delete('/faults', { schema: { summary: 'Removes the faults that PUT /faults set', response } }, async () => {
    refuseUnlessEnabled(faults)
    faults.setAdmin([])
    logger.warn('faults were removed')
    return stateOf(faults)
  })
}

/** Throws FAULTS_DISABLED unless the process allows faults. */
export function refuseUnlessEnabled(faults: FaultStore): void {
  if (faults.enabled) return
  throw kitErrors.FAULTS_DISABLED({ detail: 'Start this process with FAULT_INJECTION=enabled to use this' })
}

function stateOf(faults: FaultStore) {
  return {
    enabled: faults.enabled,
    seed: faults.seed,
    admin: { text: formatFaults(faults.admin), faults: faults.admin },
    variable: { text: formatFaults(faults.variable), faults: faults.variable },
  }
}

function faultsOf(sent: unknown): Fault[] {
  try {
    if (typeof sent === 'string') return parseFaults(sent)
    return sent === undefined || sent === null ? parseFaults('') : readFaults(sent)
  } catch (error) {
    if (!(error instanceof FaultSyntaxError || error instanceof FaultValueError)) throw error
    throw kitErrors.INVALID_FAULT({ detail: error.message })
  }
}
