import autocannon from 'autocannon'
import { isExpected, type Load, type LoadResult } from './load.ts'
import { work } from './worker.ts'

await work(async (load: Load): Promise<LoadResult> => {
  const result = await autocannon({
    url: load.url,
    method: load.method,
    ...(load.body === undefined ? {} : { body: load.body }),
    headers: { ...load.headers, ...(load.body === undefined ? {} : { 'content-type': 'application/json' }) },
    connections: load.connections,
    duration: load.seconds,
    verifyBody: (body) => isExpected(String(body), load.expect),
  })
  const shed = result.statusCodeStats?.['503']?.count ?? 0
  // A refusal also counts as a wrong body.
  const wrong = Math.max(result.non2xx, result.mismatches) - shed + result.errors
  return {
    answers: result.requests.total - shed - wrong,
    shed,
    wrong,
    seconds: result.duration,
    latencyMs: { p50: result.latency.p50, p99: result.latency.p99, max: result.latency.max },
  }
})
