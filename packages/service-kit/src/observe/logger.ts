import { type DestinationStream, type Logger, pino } from 'pino'
import type { Identity } from '../identity.ts'
import { isoTime } from './iso-time.ts'
import { logDestination } from './log-destination.ts'

const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie']

/** JSON lines on stdout, one an event. Credentials in logged headers are masked. */
export function createLogger(
  identity: Identity,
  level: string,
  destination: DestinationStream = logDestination(),
): Logger {
  return pino(
    {
      level,
      base: {
        'service.name': identity.service,
        'service.version': identity.version,
        'k8s.pod.name': identity.pod,
      },
      timestamp: () => `,"time":"${isoTime()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: CREDENTIALS.flatMap((name) => [`headers["${name}"]`, `*.headers["${name}"]`]),
        censor: '***',
      },
    },
    destination,
  )
}
