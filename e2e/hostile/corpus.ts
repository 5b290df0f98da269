import { readdir, readFile } from 'node:fs/promises'

/** One request of the corpus, split into the parts that a mutation changes. */
export interface Seed {
  name: string
  requestLine: string
  headers: readonly string[]
  /** latin1, byte for byte. */
  body: string
}

const folder = new URL('corpus/', import.meta.url)

/** The requests in `corpus/`, sorted by name. */
export async function readCorpus(): Promise<Seed[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.http')).toSorted()
  return Promise.all(files.map(async (file) => parseSeed(file, await readFile(new URL(file, folder), 'latin1'))))
}

/** The bytes of a request, in latin1; `Content-Length: *` becomes the length of its body. */
export function requestBytes({ requestLine, headers, body }: Seed): string {
  const lines = headers.map((line) => (line === 'Content-Length: *' ? `Content-Length: ${body.length}` : line))
  return `${[requestLine, ...lines].join('\r\n')}\r\n\r\n${body}`
}

function parseSeed(name: string, text: string): Seed {
  const wire = text.replaceAll(/\r?\n/g, '\r\n')
  const end = wire.indexOf('\r\n\r\n')
  const [requestLine = '', ...headers] = wire.slice(0, end).split('\r\n')
  const body = wire
    .slice(end + 4)
    .replaceAll(/\\x([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  // A body with a counted length does not include the last line break of its file.
  const isCounted = headers.includes('Content-Length: *')
  return { name, requestLine, headers, body: isCounted ? body.replace(/\r\n$/, '') : body }
}
