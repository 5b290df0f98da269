import { join } from 'node:path'
import { LIVE_PATHS } from '@linkerd-scenario/contract'
import { kitErrors } from '@linkerd-scenario/service-kit'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { consumerErrors } from '../errors.ts'
import { readPageFile } from './page-files.ts'

export interface PageRoutesOptions {
  /** Folder with `index.html` and `assets/` of the built page. */
  folder: string | undefined
}

/** The page may load its own files and call its own origin. No inline code, no frames, nothing else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

// The API description covers the JSON endpoints only.
const schema = { hide: true }

/** `GET /` and `GET /assets/FILE`: the files of the built page. */
export const pageRoutes: FastifyPluginAsync<PageRoutesOptions> = async (app, { folder }) => {
  app.get(LIVE_PATHS.page, { schema }, async (request, reply) => {
    const sent = folder !== undefined && (await send(request, reply, folder, 'index.html', 'no-cache'))
    if (sent) return reply
    throw consumerErrors.PAGE_NOT_BUILT({
      detail:
        folder === undefined
          ? 'LIVE_PAGE_DIR is not set: `npm start` and the images set it'
          : `${folder} has no index.html: \`npm start\` builds it`,
    })
  })
  app.get<{ Params: { file: string } }>(`${LIVE_PATHS.assets}:file`, { schema }, async (request, reply) => {
    const { file } = request.params
    // The name contains a hash of the content.
    const cacheControl = 'public, max-age=31536000, immutable'
    const sent = folder !== undefined && (await send(request, reply, join(folder, 'assets'), file, cacheControl))
    if (sent) return reply
    throw kitErrors.NOT_FOUND({ detail: `The live page has no file ${JSON.stringify(file)}` })
  })
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  folder: string,
  name: string,
  cacheControl: string,
): Promise<boolean> {
  const file = await readPageFile(folder, name, takesGzip(request))
  if (file === undefined) return false
  reply
    .headers({ ...SECURITY_HEADERS, 'cache-control': cacheControl, vary: 'accept-encoding' })
    .headers(file.encoding === undefined ? {} : { 'content-encoding': file.encoding })
    .type(file.type)
    .send(file.body)
  return true
}

/** Whether Accept-Encoding includes gzip, in the forms that browsers and curl send (RFC 9110 §12.5.3). */
function takesGzip({ headers }: FastifyRequest): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(headers['accept-encoding'] ?? '')
}
