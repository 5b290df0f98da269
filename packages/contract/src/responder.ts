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

/** The parts of an `x-responder` value; undefined if it is absent or has another form. */
export function parseResponder(value: string | undefined): Responder | undefined {
  const [service, version, pod, more] = value?.split('/') ?? []
  return service && version && pod && more === undefined ? { service, version, pod } : undefined
}
