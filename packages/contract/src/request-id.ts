const SANE_REQUEST_ID = /^[\w.:+/=@-]{1,128}$/

/** Whether a caller's `x-request-id` may be taken over: 1 to 128 characters that need no quoting in headers, logs and labels. */
export function isSaneRequestId(value: unknown): value is string {
  return typeof value === 'string' && SANE_REQUEST_ID.test(value)
}
