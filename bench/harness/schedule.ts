/** What is sent at a constant rate, and what each answer with status 200 must be. */
export interface Schedule {
  url: string
  method: 'GET' | 'POST'
  body?: string
  /** Calls per second, independent of the answers. */
  rate: number
  seconds: number
  /** Duration of calls at the same rate that do not count, s: they open the connections and warm up the generator. */
  warmUpSeconds?: number
  /** A call waits until one of these is free; the wait counts towards its latency. */
  connections: number
  expect: readonly string[]
}

export interface ScheduleResult {
  /** Calls that were due. */
  calls: number
  seconds: number
  /** Answers by status; `none` counts calls without an answer. */
  byStatus: Record<string, number>
  /** Answers with status 200 and a wrong body. */
  wrong: number
  /** From when a call was due to the end of its answer, by status. */
  latencyMs: Record<string, { p50: number; p99: number; max: number }>
  /** From when a connection took a call to the end of its answer, by status. */
  answerMs: Record<string, { p50: number; p99: number; max: number }>
  /** How late the generator itself was, 99th percentile. If it is not far below the latencies, they are meaningless. */
  lateMs: number
}
