/** A piece of HTML that is safe to put into a page. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What a template accepts: HTML stays unchanged, undefined becomes nothing, everything else becomes escaped text. */
export type Piece = Html | string | number | undefined | readonly Piece[]

/** Template tag: `` html`<td title="${title}">${cell}</td>` ``. Every value is escaped, also for quoted attributes. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(strings.map((string, index) => string + render(pieces[index])).join(''))
}

/** HTML that contains no user text, e.g. a style sheet. */
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

/** HTML does not allow control characters. Bidirectional controls could make a text read as a different one. */
const UNSEEN = /(?![\n\r\t])[\p{Cc}\p{Bidi_Control}]/gu

function escapeText(text: string): string {
  return text.replace(UNSEEN, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
