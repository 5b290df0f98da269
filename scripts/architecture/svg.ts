/** A rectangle with a title, and lines below it. */
export interface Box {
  kind: 'pod' | 'service' | 'proxy' | 'outside'
  x: number
  y: number
  width: number
  height: number
  title: string
  lines?: readonly string[]
  /** Drawn behind it: there are more of these. */
  isStacked?: boolean
}

/** A port of a box, with what it is for. */
export interface Port {
  x: number
  y: number
  port: number
  purpose: string
}

/** A line through points, with an arrow at its end. `mtls` is the mesh's own; `reads` is about traffic, not traffic. */
export interface Arrow {
  kind: 'mtls' | 'plain' | 'reads'
  points: readonly (readonly [x: number, y: number])[]
  label?: { x: number; y: number; text: string; anchor?: 'middle' | 'end' }
}

/** The width of a port in a picture. */
export const PORT_WIDTH = 112
const PORT_HEIGHT = 24
const LINE_HEIGHT = 17
const KINDS = ['mtls', 'plain', 'reads'] as const

/** Colours as GitHub has them in its light and in its dark theme, so that the picture needs no background. */
const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .small { font-size: 12px; fill: #59636e; }
  .number { font: 600 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
  .pod { fill: #f6f8fa; stroke: #818b98; }
  .service { fill: #ddf4ff; stroke: #0969da; }
  .proxy { fill: #fbefff; stroke: #8250df; }
  .outside { fill: none; stroke: #818b98; }
  .port { fill: #ffffff; stroke: #818b98; }
  polyline { fill: none; stroke-width: 1.5; }
  polyline.mtls { stroke: #8250df; stroke-width: 4; }
  polyline.plain { stroke: #0969da; }
  polyline.reads { stroke: #59636e; stroke-dasharray: 5 4; }
  marker .mtls { fill: #8250df; }
  marker .plain { fill: #0969da; }
  marker .reads { fill: #59636e; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .small { fill: #b1bac4; }
    .pod { fill: #151b23; stroke: #656c76; }
    .service { fill: #0a2647; stroke: #4493f8; }
    .proxy { fill: #2a1650; stroke: #ab7df8; }
    .outside { stroke: #656c76; }
    .port { fill: #0d1117; stroke: #656c76; }
    polyline.mtls { stroke: #ab7df8; }
    polyline.plain { stroke: #4493f8; }
    polyline.reads { stroke: #b1bac4; }
    marker .mtls { fill: #ab7df8; }
    marker .plain { fill: #4493f8; }
    marker .reads { fill: #b1bac4; }
  }
`

/** A whole picture. `description` is what a screen reader says. */
export function svg(
  { width, height, title, description }: { width: number; height: number; title: string; description: string },
  shapes: readonly string[],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t d">
<title id="t">${escaped(title)}</title>
<desc id="d">${escaped(description)}</desc>
<style>${STYLE}</style>
<defs>
${KINDS.map(marker).join('\n')}
</defs>
${shapes.join('\n')}
</svg>
`
}

function marker(kind: Arrow['kind']): string {
  // In pixels, not in widths of the line: all arrows have the same head.
  return `<marker id="${kind}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="11" markerHeight="11" markerUnits="userSpaceOnUse" orient="auto"><path class="${kind}" d="M0 0L10 5L0 10z"/></marker>`
}

/** A box, with its title and lines in the upper left corner. */
export function box({ kind, x, y, width, height, title, lines = [], isStacked = false }: Box): string {
  const behind = isStacked ? [12, 6].map((by) => rectangle(kind, x + by, y - by, width, height)) : []
  const words = lines.map((line, index) => text(x + 12, y + 22 + (index + 1) * LINE_HEIGHT, line, 'small'))
  return [...behind, rectangle(kind, x, y, width, height), text(x + 12, y + 22, title, 'title'), ...words].join('\n')
}

/** A port: its number, and what it is for. */
export function port({ x, y, port: number, purpose }: Port): string {
  const words = `<text x="${x + 8}" y="${y + 16}"><tspan class="number">:${number}</tspan> <tspan class="small">${escaped(purpose)}</tspan></text>`
  return `${rectangle('port', x, y, PORT_WIDTH, PORT_HEIGHT)}\n${words}`
}

/** An arrow, with its label. */
export function arrow({ kind, points, label }: Arrow): string {
  const line = `<polyline class="${kind}" points="${points.join(' ')}" marker-end="url(#${kind})"/>`
  return label === undefined ? line : `${line}\n${text(label.x, label.y, label.text, 'small', label.anchor)}`
}

/** Words without a box. */
export function text(x: number, y: number, words: string, style: string, anchor?: string): string {
  const placed = anchor === undefined ? '' : ` text-anchor="${anchor}"`
  return `<text class="${style}" x="${x}" y="${y}"${placed}>${escaped(words)}</text>`
}

function rectangle(style: string, x: number, y: number, width: number, height: number): string {
  return `<rect class="${style}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
