import { dirname, join, normalize } from 'node:path'
import type { Document, Link } from '../../scripts/docs/markdown.ts'

/** The files of the repository, and what its documents say; paths from the root. */
export interface Repository {
  files: ReadonlySet<string>
  documents: ReadonlyMap<string, Document>
}

// Addresses on the reader's own machine.
const LOCAL = /^(localhost|127\.0\.0\.1)$/

/** What is wrong with a link of the document `file`; undefined where it leads somewhere. */
export function linkProblem(file: string, { url, text }: Link, repository: Repository): string | undefined {
  if (text.trim() === '') return 'has no text'
  if (/^[a-z][a-z+.-]*:/i.test(url)) return externalProblem(url)
  if (url.startsWith('/')) return 'begins with a slash: write it from the folder of the document'
  const [path = '', anchor] = url.split('#', 2)
  const target = path === '' ? file : normalize(join(dirname(file), decodeURIComponent(path))).replace(/\/$/, '')
  const isFolder = !repository.files.has(target)
  if (isFolder && ![...repository.files].some((known) => known.startsWith(`${target}/`))) return `no file ${target}`
  if (anchor === undefined) return undefined
  const document = repository.documents.get(target)
  if (document === undefined) return `${target} is no document, and has no anchors that stay`
  return document.anchors.has(anchor) ? undefined : `no heading in ${target} gives #${anchor}`
}

/** What is wrong with the form of an address outside of the repository. Whether somebody answers there is not asked. */
function externalProblem(address: string): string | undefined {
  const url = URL.parse(address)
  if (url === null) return 'is no address'
  if (url.protocol === 'http:') return LOCAL.test(url.hostname) ? undefined : 'is not https'
  if (url.protocol !== 'https:') return `has the protocol ${url.protocol}`
  if (!/\.[a-z]{2,}$/.test(url.hostname)) return `names no public host: ${url.hostname}`
  return url.username === '' && url.password === '' ? undefined : 'holds credentials'
}

// Folders whose files the documents name in spans of code, and what is no path of a file: a place to fill in, a glob.
const PATH = /^(?:\.github|bench|docs|e2e|k8s|packages|prove|scripts|services)\/[\w./-]+$/
const PLACE_TO_FILL_IN = /\b[A-Z]{2,}\b(?!\.md)|NNNN/

/**
 * Whether a span of code is the path of something in the repository that is not there. The beginning of a path is enough:
 * `npx vitest run` takes one.
 */
export function isLostPath(code: string, { files }: Repository): boolean {
  if (!PATH.test(code) || PLACE_TO_FILL_IN.test(code)) return false
  return ![...files].some((known) => known.startsWith(code))
}
