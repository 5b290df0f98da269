import type { Kubectl } from './kubectl.ts'
import { Waits } from './waits.ts'

/** Waits that are announced by a line where they take longer than `quietMs`. */
export function announcements(quietMs: number, announce: (line: string) => void): Waits {
  return new Waits({ quietMs, announce: (line) => announce(line), lastWarning: async () => undefined })
}

/** The kubectl, whose commands are announced by a line where they take longer than `quietMs`. */
export function announcing(kubectl: Kubectl, quietMs: number, announce: (line: string) => void): Kubectl {
  return kubectl.with({ waits: announcements(quietMs, announce) })
}
