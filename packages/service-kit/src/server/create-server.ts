import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import { problemDetails, sendProblem } from '../errors/problem-details.ts'
import type { ExchangeObserver } from '../exchange/exchange.ts'
import { beginExchange, type ExchangeOptions, exchangePlugin } from '../exchange/exchange-plugin.ts'
import { requestIdOf } from '../exchange/request-id.ts'
import { identityFilter } from '../exchange/trusted-proxy.ts'
import { accessLog } from '../observe/access-log.ts'
import type { ServiceRuntime } from '../runtime.ts'
import { admission } from './admission.ts'
import { clientErrorHandler } from './client-error.ts'
import { HttpServers } from './http-server.ts'
import { validatorCompiler } from './validator.ts'

declare module 'fastify' {
  interface FastifyInstance {
    httpServers: HttpServers
  }
  interface FastifyContextConfig {
    /** Writes no access log line for these paths: probes and scrapes. */
    quiet?: boolean
  }
}

/** A Fastify instance whose answers all have x-responder, a request id, problem bodies, limits, and one log line. */
export function createServer(runtime: ServiceRuntime, { isAdmin = false } = {}): FastifyInstance {
  const { identity, limits, logger, metrics } = runtime
  const httpServers = new HttpServers(limits)
  const exchangeOptions = isAdmin ? adminExchange(runtime) : publicExchange(runtime)
  const filterIdentity = identityFilter(runtime.settings.TRUSTED_PROXY)
  const problemOptions = { identity, logger, withHops: !isAdmin }
  const app = Fastify({
    ...frameworkLogger(logger),
    // With these factories Fastify does not load its own compilers. The compilers are set below.
    schemaController: { compilersFactory: { buildValidator: () => unused, buildSerializer: () => unused } },
    // The access log writes one line per request already.
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: httpServers.create,
    bodyLimit: limits.bodyBytes,
    genReqId: requestIdOf,
    // A request on an open connection is answered during the drain too.
    return503OnClosing: false,
    clientErrorHandler: clientErrorHandler(identity, logger, exchangeOptions.observers),
    // No hook runs for a path that cannot be decoded.
    frameworkErrors: (error, request, reply) => {
      filterIdentity?.(request.headers)
      beginExchange(request, reply, exchangeOptions)
      sendProblem(error, request, reply, problemOptions)
    },
  })
  app.decorate('httpServers', httpServers)
  app.setValidatorCompiler(validatorCompiler)
  // Compiled serializers cost their compilation at the start and gain nothing on answers this small.
  app.setSerializerCompiler(() => JSON.stringify)
  runtime.beforeRoutes?.(app)
  // Before the record of the request begins, because the log and the trace read who called.
  if (filterIdentity !== undefined)
    app.addHook('onRequest', (request, _reply, done) => {
      filterIdentity(request.headers)
      done()
    })
  void app.register(exchangePlugin, exchangeOptions)
  void app.register(problemDetails, problemOptions)
  void app.register(admission, { connections: limits.connections, onShed: metrics.requestShed })
  return app
}

/** The metrics and the trace are of requests on the public port only. */
function publicExchange(runtime: ServiceRuntime): ExchangeOptions {
  const { metrics, requests } = runtime
  return { ...runtime, count: requests.public, observers: [metrics.requests, ...logOf(runtime)] }
}

function adminExchange(runtime: ServiceRuntime): ExchangeOptions {
  return { ...runtime, count: runtime.requests.admin, tracing: undefined, observers: logOf(runtime) }
}

function logOf({ settings, logger }: ServiceRuntime): ExchangeObserver[] {
  return settings.ACCESS_LOG === 'on' ? [accessLog(logger)] : []
}

/** Fastify's own log lines repeat ours, so they appear at level debug only. */
function frameworkLogger(logger: Logger): { loggerInstance?: FastifyBaseLogger } {
  return logger.isLevelEnabled('debug') ? { loggerInstance: logger } : {}
}

function unused(): never {
  throw new Error('createServer sets the compilers')
}
