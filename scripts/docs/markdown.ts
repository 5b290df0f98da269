import GithubSlugger from 'github-slugger'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { toString as wordsOf } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'

/** A link or a picture of a document. */
export interface Link {
  url: string
  line: number
  /** The text of a link, or the alternative text of a picture. */
  text: string
}

/** What other documents can refer to, and what this one refers to. */
export interface Document {
  links: Link[]
  /** The names after `#`, made as GitHub makes them. */
  anchors: Set<string>
  /** The spans of code in the text, without those of links. */
  code: { value: string; line: number }[]
}

// GitHub also takes tags, these among them.
const TAG = /<(?:a|img|source)\b[^>]*?\b(?:href|src|srcset)="([^"]*)"/g

// A reference without a definition is plain text.
const LOST_REFERENCE = /\[[^\]]+\]\[[^\]]+\]/g

/** Reads a document as GitHub does: what stands in blocks of code is no link, and no heading. */
export function readDocument(text: string): Document {
  const slugger = new GithubSlugger()
  const document: Document = { links: [], anchors: new Set(), code: [] }
  visit(fromMarkdown(text), (node) => {
    const line = node.position?.start.line ?? 0
    if (node.type === 'link') document.links.push({ url: node.url, line, text: wordsOf(node) })
    if (node.type === 'definition') document.links.push({ url: node.url, line, text: node.identifier })
    if (node.type === 'image') document.links.push({ url: node.url, line, text: node.alt ?? '' })
    if (node.type === 'heading') document.anchors.add(slugger.slug(wordsOf(node, { includeHtml: false })))
    if (node.type === 'inlineCode') document.code.push({ value: node.value, line })
    if (node.type === 'text') {
      for (const [url] of node.value.matchAll(LOST_REFERENCE)) document.links.push({ url, line, text: url })
    }
    if (node.type === 'html') {
      for (const [, url = ''] of node.value.matchAll(TAG)) document.links.push({ url, line, text: node.value })
    }
  })
  return document
}
