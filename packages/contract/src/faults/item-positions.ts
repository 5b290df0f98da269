/** Offsets of one list member's parts, in characters from the text's start. */
export interface ItemPositions {
  start: number
  parameters: { name: string; nameAt: number; valueAt: number }[]
  /** Offset after the member. */
  end: number
}

// RFC 9651 §4.2: a display string escapes by percent and has no quote in it, a string escapes by backslash.
const BARE_ITEM = /%"[^"]*"|"(?:\\.|[^"\\])*"|:[^:]*:|[^;,\t ]+/y
const PARAMETER = /; *([a-z*][a-z0-9_.*-]*)/y
const BETWEEN = /[\t ]*(?:,[\t ]*)?/y

/**
 * The positions of the parts of the list member that begins at or after `from`. The text must be a list of items that
 * the parser has accepted; the parser itself gives no positions.
 */
export function itemPositions(text: string, from: number): ItemPositions {
  const start = skip(BETWEEN, text, from)
  let end = skip(BARE_ITEM, text, start)
  const parameters: ItemPositions['parameters'] = []
  for (;;) {
    PARAMETER.lastIndex = end
    const name = PARAMETER.exec(text)?.[1]
    if (name === undefined) return { start, parameters, end }
    const nameEnd = PARAMETER.lastIndex
    const hasValue = text[nameEnd] === '='
    const valueAt = hasValue ? nameEnd + 1 : nameEnd - name.length
    parameters.push({ name, nameAt: nameEnd - name.length, valueAt })
    end = hasValue ? skip(BARE_ITEM, text, valueAt) : nameEnd
  }
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}
