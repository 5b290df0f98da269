import type { MessageBody } from './message.ts'

const START = '{"in":"'
const END = '"}'

/**
 * The text in a JSON `MessageBody` in the form in which it is mostly written: no spaces, no other property, no escapes.
 * So it can be put into other JSON as it is. undefined for a body in another form, which is to be read as any JSON.
 */
export function textOfPlainBody(json: string): string | undefined {
  const isPlain =
    json.startsWith(START) &&
    json.indexOf('"', START.length) === json.length - END.length &&
    json.endsWith(END) &&
    !json.includes('\\')
  if (!isPlain) return undefined
  try {
    // The quickest way to find out that there are no control characters, which JSON forbids.
    return (JSON.parse(json) as MessageBody).in
  } catch {
    return undefined
  }
}
