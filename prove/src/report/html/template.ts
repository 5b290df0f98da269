/** A piece of HTML that is safe to put into a page. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What a template takes: HTML stays as it is, all else becomes escaped text; undefined becomes nothing. */
export type Piece = Html | string | number | undefined | readonly Piece[]

/** Tag of a template: `` html`<td title="${title}">${cell}</td>` ``. Every value is escaped, also for quoted attributes. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(strings.map((string, index) => string + render(pieces[index])).join(''))
}

/** HTML that no user's text is part of, e.g. a style sheet. */
export function trusted(text: string): Html {
  return new Html(text)
}

function render(piece: Piece): string {
  if (piece === undefined) return ''
  if (piece instanceof Html) return piece.text
  if (typeof piece === 'object') return piece.map(render).join('')
  return escapeText(String(piece))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Control characters are not allowed in HTML, and those that turn the direction of text could make a text read as another. */
const UNSEEN = /(?![\n\r\t])[\p{Cc}\p{Bidi_Control}]/gu

function escapeText(text: string): string {
  return text.replace(UNSEEN, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
