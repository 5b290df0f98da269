import type { Case } from '../harness/case.ts'
import { coldStartCase } from './cold-start.ts'
import { fullLoadCases } from './full-load.ts'
import { memoryCases } from './memory.ts'
import { overloadCases } from './overload.ts'
import { tailLatencyCases } from './tail-latency.ts'
import { tracingCases } from './tracing.ts'

/** All cases, in the order of the report. */
export const cases: readonly Case[] = [
  ...fullLoadCases,
  ...tailLatencyCases,
  coldStartCase,
  ...memoryCases,
  ...overloadCases,
  ...tracingCases,
]
