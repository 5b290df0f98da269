import { createHash } from 'node:crypto'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { toString as wordsOf } from 'mdast-util-to-string'

/** A section of a document: its heading, and a short hash of all that stands below it. */
export interface Section {
  heading: string
  hash: string
}

const TRANSLATION = /^(?<name>.+)\.(?<language>[a-z]{2}(?:-[A-Z]{2})?)\.md$/

/** The original of a translated page: `docs/tour.es.md` → `docs/tour.md`. Undefined for a page that is none. */
export function originalOf(file: string): string | undefined {
  const name = TRANSLATION.exec(file)?.groups?.['name']
  return name === undefined ? undefined : `${name}.md`
}

/** The sections of a document, in their order. The lines above the first heading belong to the first section. */
export function sectionsOf(text: string): Section[] {
  const headings = fromMarkdown(text).children.filter((node) => node.type === 'heading')
  const starts = headings.map((node, index) => (index === 0 ? 0 : (node.position?.start.offset ?? 0)))
  return headings.map((node, index) => ({
    heading: wordsOf(node),
    hash: createHash('sha256')
      .update(
        text
          .slice(starts[index], starts[index + 1])
          .trim()
          .replaceAll(/\s+/g, ' '),
      )
      .digest('hex')
      .slice(0, 8),
  }))
}

const BEGIN = '<!-- translated from'
const MARKS = new RegExp(`\\n*${BEGIN} [^\\n]*\\n(?<lines>[\\s\\S]*?)-->\\n?$`)

/** The sections of the original that a translated page was made from, as its last comment says. */
export function marksOf(text: string): Section[] {
  const lines = MARKS.exec(text)?.groups?.['lines']?.trim().split('\n') ?? []
  return lines.map((line) => ({ hash: line.slice(0, 8), heading: line.slice(9) }))
}

/** A translated page that says that it was made from the original as it is. */
export function withMarks(text: string, original: string, sections: readonly Section[]): string {
  const lines = sections.map(({ hash, heading }) => `${hash} ${heading}\n`).join('')
  return `${text.replace(MARKS, '').trimEnd()}\n\n${BEGIN} ${original}\n${lines}-->\n`
}

/** What has changed in the original since it was translated, one sentence for each section. */
export function behind(sections: readonly Section[], marks: readonly Section[]): string[] {
  const changed = sections.flatMap(({ heading, hash }) => {
    const mark = marks.find((one) => one.heading === heading)
    if (mark === undefined) return [`the section “${heading}” is new`]
    return mark.hash === hash ? [] : [`the section “${heading}” has changed`]
  })
  const gone = marks.filter(({ heading }) => !sections.some((section) => section.heading === heading))
  return [...changed, ...gone.map(({ heading }) => `the section “${heading}” is gone`)]
}
