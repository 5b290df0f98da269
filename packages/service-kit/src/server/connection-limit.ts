import type { Socket } from 'node:net'
import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'

/** Answers the connections above `connections` with 503, Retry-After and `Connection: close`. */
export const connectionLimit = fp<{ connections: number; onShed: (reason: string) => void }>(
  async (app, { connections, onShed }) => {
    const open = new Set<Socket>()
    const surplus = new WeakSet<Socket>()
    app.addHook('onRequest', (request, reply, done) => {
      const { socket } = request.raw
      if (!open.has(socket) && !surplus.has(socket)) admit(socket)
      if (!surplus.has(socket)) return done()
      onShed('connections')
      reply.header('connection', 'close')
      done(
        kitErrors.TOO_MANY_CONNECTIONS({
          detail: `This pod serves ${connections} connections at most`,
          headers: { 'retry-after': '1' },
        }),
      )
    })

    function admit(socket: Socket): void {
      if (open.size >= connections) {
        surplus.add(socket)
        return
      }
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    }
  },
  { name: 'connection-limit', fastify: '5.x', dependencies: ['exchange'] },
)
