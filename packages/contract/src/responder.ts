/** Who answered: the parts of the header `x-responder: SERVICE/VERSION/POD`. */
export interface Responder {
  service: string
  version: string
  pod: string
}

/** The form of an `x-responder` value. */
export const RESPONDER = /^[^/]+\/[^/]+\/[^/]+$/

export function formatResponder({ service, version, pod }: Responder): string {
  return `${service}/${version}/${pod}`
}
