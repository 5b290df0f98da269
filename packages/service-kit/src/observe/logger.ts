import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import type { Identity } from '../service.ts'

const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie']

/** JSON lines on stdout, one an event. Credentials in logged headers are masked. */
export function createLogger(identity: Identity, level: string, destination?: DestinationStream): Logger {
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
    ...(destination ? [destination] : []),
  )
}
