/**
 * Replaces the text between `<!-- NAME -->` and `<!-- /NAME -->`. Throws if the markers are missing, so that a document
 * cannot lose its section unnoticed.
 */
export function withSection(document: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  if (from === -1 || to < from) throw new Error(`The document has no section ${begin} … ${end}`)
  return `${document.slice(0, from + begin.length)}\n${content}\n${document.slice(to)}`
}
