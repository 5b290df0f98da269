/** What is sent, and what each answer must be. */
export interface Load {
  url: string
  method: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  /** JSON text. */
  body?: string
  connections: number
  seconds: number
  /** Parts that each answer's body must contain in this order, the first at its start. */
  expect: readonly string[]
}

export interface LoadResult {
  /** Correct answers. */
  answers: number
  /** Answers with status 503, which are expected under overload. */
  shed: number
  /** Answers with any other status or a wrong body, broken connections, calls without an answer in time. */
  wrong: number
  seconds: number
  latencyMs: { p50: number; p99: number; max: number }
}

/** Sends load at the highest rate that the connections allow, from a separate process. */
export type LoadTool = (load: Load) => Promise<LoadResult>

/** Whether a body contains all of `parts` in order, the first at its start. */
export function isExpected(body: string, parts: readonly string[]): boolean {
  let from = 0
  for (const [index, part] of parts.entries()) {
    const at = body.indexOf(part, from)
    if (at === -1 || (index === 0 && at !== 0)) return false
    from = at + part.length
  }
  return true
}
