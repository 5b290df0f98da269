import type { FaultKind } from '@linkerd-scenario/contract'

export const DELAY_MS = 900
export const BODY_BYTES = 5000

/** One fault of each kind, and what a caller sees of it while the service is serving. */
const EACH_KIND: Record<FaultKind, { fault: string; seen: string }> = {
  delay: { fault: `delay;ms=${DELAY_MS}`, seen: '200, delayed' },
  status: { fault: 'status;code=418', seen: '418' },
  reset: { fault: 'reset', seen: 'connection broken' },
  close: { fault: 'close', seen: 'connection broken' },
  hang: { fault: 'hang', seen: 'nothing' },
  truncate: { fault: 'truncate;bytes=5', seen: 'connection broken' },
  size: { fault: `size;bytes=${BODY_BYTES}`, seen: `200, ${BODY_BYTES} bytes` },
}

/** What a caller sees, by fault. */
export const SERVING: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(EACH_KIND).map(({ fault, seen }) => [fault, seen]),
)
