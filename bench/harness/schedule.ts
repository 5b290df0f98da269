/** What is sent at a constant rate, and what each answer with status 200 has to be. */
export interface Schedule {
  url: string
  method: 'GET' | 'POST'
  body?: string
  /** Calls a second, whatever the answers do. */
  rate: number
  seconds: number
  /** Seconds of calls at the same rate that do not count: they open the connections and warm up the generator. */
  warmUpSeconds?: number
  /** A call waits for a free one of these; the waiting counts into its latency. */
  connections: number
  expect: readonly string[]
}

export interface ScheduleResult {
  /** Calls that were due. */
  calls: number
  seconds: number
  /** Answers by status; `none` counts the calls without one. */
  byStatus: Record<string, number>
  /** Answers with status 200 and another body than expected. */
  wrong: number
  /** From the moment a call was due to the end of its answer, by status. */
  latencyMs: Record<string, { p50: number; p99: number; max: number }>
  /** From the moment a connection took a call to the end of its answer, by status. */
  answerMs: Record<string, { p50: number; p99: number; max: number }>
  /** How late the generator itself was, at its 99th percentile: far below the latencies, or these mean nothing. */
  lateMs: number
}
