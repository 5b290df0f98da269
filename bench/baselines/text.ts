import { hostname } from 'node:os'

/** The answers of the bare servers: the same bytes as the services' answers, with fixed ids and durations. */
export function headOf(service: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    vary: 'accept',
    'x-responder': `${service}/v1/${hostname()}`,
    'x-request-id': '2f0c5c2e-6f5e-4d5e-9d5a-1f8a2f3c4b5d',
  }
}

/** A hop as JSON text. */
export function hopOf(service: string): string {
  return JSON.stringify({
    service,
    version: 'v1',
    pod: hostname(),
    caller: null,
    attempt: 1,
    status: 200,
    durationMs: 0.123,
  })
}

/** The whole body of a request as text; `then` is called once. */
export function bodyOf(request: NodeJS.ReadableStream, then: (body: string) => void): void {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    body += chunk
  })
  request.on('end', () => then(body))
}
