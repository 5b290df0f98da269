export type { Info, Meshed, ReadinessStatus } from './admin.ts'
export { InfoSchema, LivenessSchema, ReadinessSchema } from './admin.ts'
export type { BurstCall, BurstQuery, BurstReport } from './burst.ts'
export { BURST_LIMITS, BurstQuerySchema, BurstReportSchema } from './burst.ts'
export type { Fault, FaultKind, FaultOf } from './faults/fault.ts'
export { DEFAULT_FAULT_AT, FaultSchema, FaultStateSchema, FaultsSchema } from './faults/fault.ts'
export { FaultSyntaxError, FaultValueError } from './faults/fault-error.ts'
export { canonicalFault, formatFaults } from './faults/format-faults.ts'
export { parseFaults } from './faults/parse-faults.ts'
export { readFaults } from './faults/read-faults.ts'
export { HEADER, PROPAGATED_HEADERS, PROPAGATED_PREFIX } from './headers.ts'
export type { Hop } from './hop.ts'
export type {
  LiveBatch,
  LiveCall,
  LiveCounts,
  LiveEnd,
  LivePod,
  LiveState,
  TrafficSettings,
  TrafficStop,
} from './live.ts'
export {
  LiveBatchSchema,
  LiveCountsSchema,
  LiveStateSchema,
  TrafficSettingsSchema,
} from './live.ts'
export { LIVE_BATCH_MS, LIVE_EVENTS, LIVE_LATENCY_BOUNDS_MS, LIVE_LIMITS, LIVE_PATHS } from './live-limits.ts'
export type { Message, MessageBody, MessageQuery } from './message.ts'
export { MessageBodySchema, MessageQuerySchema, MessageSchema } from './message.ts'
export type { Origin, Problem } from './problem.ts'
export { JSON_CONTENT_TYPE, PROBLEM_CONTENT_TYPE, ProblemSchema } from './problem.ts'
export type { Responder } from './responder.ts'
export { formatResponder, RESPONDER } from './responder.ts'
