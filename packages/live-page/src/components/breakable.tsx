/** A long name that goes on in the next line after a separator, rather than anywhere. */
export function Breakable({ text }: { text: string }) {
  const parts = text.split(/(?<=[.;/-])/)
  return <>{parts.map((part, index) => (index === 0 ? part : [<wbr key={index} />, part]))}</>
}
