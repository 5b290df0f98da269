import { defineErrors } from './define-errors.ts'

/** The errors that both services can answer. */
export const kitErrorTable = {
  BAD_REQUEST: {
    status: 400,
    title: 'The request is not valid HTTP',
    cause: 'The bytes on the connection cannot be read as an HTTP request, or the target or Host is broken.',
  },
  INVALID_INPUT: {
    status: 400,
    title: 'The input is not valid',
    cause: 'The query or the body does not match what the route takes; the detail names the place.',
  },
  INVALID_FAULT: {
    status: 400,
    title: 'The faults cannot be read',
    cause: 'The x-fault header or the body of PUT /faults is not a list of faults; the detail names the place.',
  },
  FAULTS_DISABLED: {
    status: 403,
    title: 'Faults are disabled in this process',
    cause: 'FAULT_INJECTION is not `enabled`: locally `npm start -- --faults`, on a cluster the component faults.',
  },
  FOREIGN_REQUEST: {
    status: 403,
    title: 'The admin port does not answer other sites',
    cause: 'A web page, or a host name that is not one of this pod, asked the admin port. ADMIN_HOSTS adds names.',
  },
  NOT_FOUND: { status: 404, title: 'There is nothing at this path', cause: 'The service has no such path.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The path does not take this method',
    cause: 'The path exists for other methods: the Allow header lists them.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request did not arrive in time',
    cause: 'The caller took too long to send the headers or the body.',
  },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large', cause: 'The body is larger than 1 MiB.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The body is of a type that this path does not take',
    cause: 'The Content-Type is not application/json or text/plain.',
  },
  UNSUPPORTED_ENCODING: {
    status: 415,
    title: 'The body is encoded, and this service takes it only as it is',
    cause: 'The request has a Content-Encoding: the services take no compressed bodies.',
  },
  EXPECTATION_FAILED: {
    status: 417,
    title: 'The expectation cannot be met',
    cause: 'The request has an Expect header other than 100-continue.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The request line and headers are too large',
    cause: 'Together they are larger than 16 KiB.',
  },
  INTERNAL: {
    status: 500,
    title: 'The service failed',
    cause: 'A defect of the service: its log has the stack under the request id.',
  },
  FAULT_INJECTED: {
    status: 503,
    title: 'A fault was asked for',
    cause: 'The fault `status` in x-fault, PUT /faults or FAULT made this answer, with the status that it names.',
  },
  OVERLOADED: {
    status: 503,
    title: 'The service is shedding load',
    cause: 'The event loop or the heap of this pod is at its limit: call again after Retry-After.',
  },
  TOO_MANY_CONNECTIONS: {
    status: 503,
    title: 'The service has too many connections',
    cause: 'The pod serves as many connections as it can: call again after Retry-After.',
  },
} as const

export const kitErrors = defineErrors(kitErrorTable)
