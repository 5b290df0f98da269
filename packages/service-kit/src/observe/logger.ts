import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import type { Identity } from '../identity.ts'
import { logDestination } from './log-destination.ts'

const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie']

/** JSON lines on stdout, one for each event. Credentials in logged headers are masked. */
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
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: CREDENTIALS.flatMap((name) => [`headers["${name}"]`, `*.headers["${name}"]`]),
        censor: '***',
      },
    },
    destination,
  )
}
