import { defineErrors } from '@linkerd-scenario/service-kit'

/** Errors of calls to the provider, and of the live page. */
export const consumerErrorTable = {
  UPSTREAM_STATUS: {
    status: 502,
    title: 'The provider, or a proxy before it, answered with an error',
    cause: 'The status is the one that came; the origin says who made it: the provider, or a proxy of the mesh.',
  },
  UPSTREAM_UNREACHABLE: {
    status: 502,
    title: 'The provider could not be reached',
    cause: 'Connection refused, no route, or a name that does not resolve: PROVIDER_HOST and PROVIDER_PORT.',
  },
  UPSTREAM_BROKEN: {
    status: 502,
    title: 'The connection to the provider broke',
    cause: 'The connection was reset or closed before the answer was complete, or the answer is not HTTP.',
  },
  UPSTREAM_INVALID: {
    status: 502,
    title: 'The answer cannot be read',
    cause:
      'A complete HTTP answer that is not what a provider sends: another program listens there, or a proxy redirects.',
  },
  UPSTREAM_TIMEOUT: {
    status: 504,
    title: 'The provider did not answer in time',
    cause: 'UPSTREAM_TIMEOUT_MS passed before the answer was complete.',
  },
  TOO_MANY_VIEWERS: {
    status: 503,
    title: 'The live page has too many viewers',
    cause: 'As many streams of `GET /live` are open as this pod serves: close one of the pages.',
  },
  PAGE_NOT_BUILT: {
    status: 404,
    title: 'The live page is not there',
    cause: 'LIVE_PAGE_DIR names no folder with the built page. `npm start` builds it, and the images hold it.',
  },
} as const

export const consumerErrors = defineErrors(consumerErrorTable)
