import pc from 'picocolors'
import { prettyFactory } from 'pino-pretty'

type Log = Record<string, string | number | undefined>

const format = prettyFactory({
  colorize: true,
  translateTime: 'SYS:HH:MM:ss.l',
  include: 'level,time,err',
  messageFormat: (log, messageKey) => message(log as Log, messageKey),
})

/** A line of a service's log as it is shown, and the message if it is fatal. */
export function logLine(
  service: string,
  line: string,
  { isTerminal }: { isTerminal: boolean },
): { text: string; fatal?: string } {
  let log: Log
  try {
    log = JSON.parse(line) as Log
  } catch {
    return { text: `${isTerminal ? `${label(service)} ` : ''}${line}\n` }
  }
  const text = isTerminal ? format(line) : `${line}\n`
  return log['level'] === 'fatal' ? { text, fatal: String(log['msg']) } : { text }
}

function message(log: Log, messageKey: string): string {
  const service = label(String(log['service.name']))
  if (log['http.request.method'] === undefined) return `${service} ${log[messageKey]}${details(log)}`
  const status = log['http.response.status_code'] ?? log[messageKey]
  const failure = log['error.type'] === undefined ? '' : ` ${log['error.type']} (origin ${log['origin'] ?? '-'})`
  return `${service} ${log['http.request.method']} ${log['url.path']} ${status} in ${log['duration_ms']} ms${failure}`
}

function details(log: Log): string {
  if (log['server.port'] === undefined) return ''
  return ` on port ${log['server.port']}, admin port ${log['admin.port']}`
}

function label(service: string): string {
  const colors = pc.createColors(true)
  return (service === 'provider' ? colors.magenta : colors.cyan)(service.padEnd(8))
}
