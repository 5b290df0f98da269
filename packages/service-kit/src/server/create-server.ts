import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { problemDetails, sendProblem } from '../errors/problem-details.ts'
import type { ExchangeObserver } from '../exchange/exchange.ts'
import { beginExchange, exchangePlugin } from '../exchange/exchange-plugin.ts'
import { requestIdOf } from '../exchange/request-id.ts'
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
    /** No access line: for probes and scrapes. */
    quiet?: boolean
  }
}

/** A Fastify instance with what every answer of the house has: x-responder, request id, problems, limits, one log line. */
export function createServer(runtime: ServiceRuntime, { isAdmin = false } = {}): FastifyInstance {
  const { identity, limits, logger, metrics, requests, settings } = runtime
  const httpServers = new HttpServers(limits)
  const observers: ExchangeObserver[] = []
  if (!isAdmin) observers.push(metrics.requests)
  if (settings.ACCESS_LOG === 'on') observers.push(accessLog(logger))
  const perPort = isAdmin
    ? { count: requests.admin, tracing: undefined }
    : { count: requests.public, tracing: runtime.tracing }
  const exchangeOptions = { ...runtime, ...perPort, observers }
  const problemOptions = { identity, logger, withHops: !isAdmin }
  // Fastify's own lines tell what ours tell: they are for debugging. With a logger it listens to each answer's end too.
  const frameworkLogger: { loggerInstance?: FastifyBaseLogger } = logger.isLevelEnabled('debug')
    ? { loggerInstance: logger }
    : {}
  const app = Fastify({
    ...frameworkLogger,
    // Without factories Fastify loads its own compilers, a tenth of the start. The ones below take their place.
    schemaController: { compilersFactory: { buildValidator: () => unused, buildSerializer: () => unused } },
    // The access log has its own line a request.
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: httpServers.create,
    bodyLimit: limits.bodyBytes,
    genReqId: requestIdOf,
    // What arrives on an open connection while the process drains is answered like any other.
    return503OnClosing: false,
    clientErrorHandler: clientErrorHandler(identity, logger, observers),
    // A path that cannot be decoded reaches no hook.
    frameworkErrors: (error, request, reply) => {
      beginExchange(request, reply, exchangeOptions)
      sendProblem(error, request, reply, problemOptions)
    },
  })
  app.decorate('httpServers', httpServers)
  app.setValidatorCompiler(validatorCompiler)
  // Compiled serializers cost their compilation at the start and gain nothing on answers this small.
  app.setSerializerCompiler(() => JSON.stringify)
  runtime.beforeRoutes?.(app)
  void app.register(exchangePlugin, exchangeOptions)
  void app.register(problemDetails, problemOptions)
  void app.register(admission, { connections: limits.connections, onShed: metrics.requestShed })
  return app
}

function unused(): never {
  throw new Error('createServer sets the compilers')
}
