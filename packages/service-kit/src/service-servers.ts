import type { FastifyInstance } from 'fastify'

/** The servers of one service. */
export interface ServiceServers {
  api: FastifyInstance
  /** Builds the admin server. Called once, after the service listens: callers of the service do not wait for it. */
  buildAdmin: () => FastifyInstance
}
