import { commandLine } from '../cluster/command-line.ts'

/** An HTTP request to an admin port. */
export interface AdminRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With its query. */
  path: string
  headers: Readonly<Record<string, string>>
  body?: string
}

/** The command that sends a request to a port of this machine, and prints the answer as a line. */
export function curl(port: number, { method, path, headers, body }: AdminRequest): string {
  return commandLine('curl', [
    ...['-sS', '-w', '\\n'],
    ...(method === 'GET' ? [] : ['-X', method]),
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(body === undefined ? [] : ['--data-raw', body]),
    `http://127.0.0.1:${port}${path}`,
  ])
}
