import type { Hop, Origin } from '@linkerd-scenario/contract'
import type { ProblemError, ReceivedMessage } from '@linkerd-scenario/service-kit'

/** The result of one call. */
export type Outcome = { durationMs: number } & (
  | { status: number; message: ReceivedMessage; error?: undefined; origin?: undefined }
  | {
      /** undefined without an HTTP answer. */
      status: number | undefined
      message?: undefined
      error: ProblemError
      origin: Origin | undefined
    }
)

/** The hops in the message or in the problem. */
export function hopsOf({ message, error }: Outcome): readonly Hop[] {
  return message?.value.hops ?? error?.options.hops ?? []
}
