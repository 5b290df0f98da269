import type { Seed } from './corpus.ts'
import { requestBytes } from './corpus.ts'

type Random = () => number

const NASTY = [
  '\r\nX-Injected: 1',
  '%0d%0aX-Injected:%201',
  '\0',
  '\x7f',
  '\xff\xfe',
  '\xc3\x28',
  '%00',
  '%',
  '%zz',
  '%E0%A4',
  '{"level":"fatal"}',
  '\x1b[2J',
  '"',
  "'",
  '\\',
  '$\x7bjndi:ldap://x}',
  '../../',
  '//',
  '@elsewhere.example',
  '#',
  ';',
  '__proto__',
  'constructor',
  'toString',
  '-1',
  '0',
  '1e309',
  '9'.repeat(40),
  'NaN',
  'true',
  'null',
  ' '.repeat(20),
  'x'.repeat(300),
  'x'.repeat(2000),
  '\u00e4'.repeat(50),
  ',',
  ', ,',
  ';;',
  '=',
  'chunked',
  'identity',
  '\t',
]
const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'M-SEARCH']
const HEADERS = [
  'X-Request-Id',
  'X-Fault',
  'X-Route',
  'Traceparent',
  'B3',
  'Baggage',
  'L5d-Client-Id',
  'L5d-Proxy-Error',
  'X-Responder',
  'Accept',
  'Authorization',
  'Cookie',
  'Origin',
  'Sec-Fetch-Site',
  'X-Forwarded-For',
  'Forwarded',
  'Accept-Encoding',
  '__proto__',
  'constructor',
  'X-Http-Method-Override',
]

const pick = <Item>(items: readonly Item[], random: Random): Item => items[Math.floor(random() * items.length)] as Item

function inserted(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1))
  return text.slice(0, at) + pick(NASTY, random) + text.slice(at)
}

/**
 * Characters that a header value may contain without ending the header: all but control characters, as in Node's
 * parser.
 */
const inHeader = (text: string) => text.replaceAll(/\p{Cc}/gu, (char) => (char === '\t' || char > '\x7f' ? char : '?'))
const inTarget = (text: string) => text.replaceAll(/[^\x21-\x7e]/g, (char) => encodeURIComponent(char))

/** A different request with intact framing: its target, headers and body are those of a hostile caller. */
export function mutated(seed: Seed, random: Random): Seed {
  let { requestLine, headers, body } = seed
  const [method = '', target = '', version = ''] = requestLine.split(' ')
  const chance = random()
  if (chance < 0.25) requestLine = `${method} ${inTarget(inserted(target, random))} ${version}`
  else if (chance < 0.3) requestLine = `${pick(METHODS, random)} ${target} ${version}`
  else if (chance < 0.6) headers = [...headers, `${pick(HEADERS, random)}: ${inHeader(pick(NASTY, random))}`]
  else if (chance < 0.75) {
    const at = Math.floor(random() * headers.length)
    const odd = inHeader(inserted(headers[at] ?? '', random))
    const isFraming = /^(Content-|Transfer-|Host|Connection)/.test(headers[at] ?? '')
    if (!isFraming) headers = headers.with(at, /^[\w-]+:/.test(odd) ? odd : `X-Odd: ${odd}`)
  } else if (chance < 0.95 && headers.includes('Content-Length: *')) body = inserted(body, random)
  return { ...seed, requestLine, headers, body }
}

/** The bytes of a request with some of them changed, removed, repeated or inserted: its framing may be broken. */
export function broken(seed: Seed, random: Random): string {
  let bytes = requestBytes(seed)
  for (let times = 1 + Math.floor(random() * 4); times > 0; times -= 1) {
    const at = Math.floor(random() * bytes.length)
    const length = 1 + Math.floor(random() * 8)
    const chance = random()
    if (chance < 0.3) bytes = bytes.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + bytes.slice(at + 1)
    else if (chance < 0.5) bytes = bytes.slice(0, at) + bytes.slice(at + length)
    else if (chance < 0.7) bytes = bytes.slice(0, at + length) + bytes.slice(at)
    else if (chance < 0.9) bytes = inserted(bytes, random)
    else bytes = bytes.slice(0, at)
  }
  return bytes
}
