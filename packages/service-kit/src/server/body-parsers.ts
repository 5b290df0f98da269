import { isUtf8 } from 'node:buffer'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'

/** Parses JSON and plain text bodies. Only valid UTF-8 is accepted; broken bytes are not replaced by U+FFFD. */
export const bodyParsers = fp(
  async (app) => {
    const parseJson = app.getDefaultJsonParser('error', 'error')
    app.removeAllContentTypeParsers()
    // The admin port has no queue, so its callers do not wait behind those of the service.
    const run = (task: () => void) => (app.turns === undefined ? task() : app.turns.run(task))
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      run(() => {
        const text = readUtf8(request, body as Buffer)
        if (text instanceof Error) return done(text)
        void parseJson(request, text, done)
      })
    })
    app.addContentTypeParser('text/plain', { parseAs: 'buffer' }, (request, body, done) => {
      run(() => {
        const text = readUtf8(request, body as Buffer)
        if (text instanceof Error) done(text)
        else done(null, text)
      })
    })
  },
  { name: 'body-parsers', fastify: '5.x' },
)

function readUtf8(request: FastifyRequest, body: Buffer): string | Error {
  const charset = /;\s*charset="?([^";\s]*)/i.exec(request.headers['content-type'] ?? '')?.[1]
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
    return kitErrors.UNSUPPORTED_MEDIA_TYPE({ detail: `The body is in ${charset}: send UTF-8` })
  }
  if (!isUtf8(body)) return kitErrors.INVALID_INPUT({ detail: 'The body is not valid UTF-8' })
  return body.toString()
}
