import type { FastifyError } from 'fastify'
import { ProblemError } from './define-errors.ts'
import { kitErrors } from './kit-errors.ts'

type Factory = (typeof kitErrors)[keyof typeof kitErrors]

// https://fastify.dev/docs/latest/Reference/Errors/
const byFastifyCode: Record<string, Factory> = {
  FST_ERR_BAD_URL: kitErrors.BAD_REQUEST,
  FST_ERR_VALIDATION: kitErrors.INVALID_INPUT,
  FST_ERR_CTP_BODY_TOO_LARGE: kitErrors.BODY_TOO_LARGE,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: kitErrors.UNSUPPORTED_MEDIA_TYPE,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: kitErrors.INVALID_INPUT,
  FST_ERR_CTP_EMPTY_JSON_BODY: kitErrors.INVALID_INPUT,
  FST_ERR_CTP_INVALID_JSON_BODY: kitErrors.INVALID_INPUT,
}

/** Converts any error to a problem. An error that no table has, and that the caller did not cause, is INTERNAL. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  const { code = '', statusCode = 500, message } = error as Partial<FastifyError>
  const factory = byFastifyCode[code]
  if (factory) return factory({ detail: message ?? code, cause: error })
  if (statusCode >= 400 && statusCode < 500) {
    return kitErrors.INVALID_INPUT({ detail: message ?? code, status: statusCode, cause: error })
  }
  return kitErrors.INTERNAL({ detail: 'See the log of the service under this request id', cause: error })
}
