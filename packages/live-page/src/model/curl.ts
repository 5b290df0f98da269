import type { TrafficSettings } from '@linkerd-scenario/contract'

/** In a POSIX shell, single quotes protect everything except a single quote. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** One command, an argument to a line. */
const inLines = (parts: readonly string[]) => parts.join(' \\\n')

/** The command that sets the live traffic as it is now. `base` is the URL of the page. Empty settings are the defaults. */
export function trafficCommand(base: string, settings: TrafficSettings): string {
  const url = new URL('live/traffic', base).href
  const set = Object.entries(settings).filter(([, value]) => value !== '' && value !== false)
  const body = JSON.stringify(Object.fromEntries(set))
  return inLines([`curl -X PUT ${quoted(url)}`, `-H 'content-type: application/json'`, `-d ${quoted(body)}`])
}

/** The command that makes the same calls for ten seconds, without the page. */
export function burstCommand(base: string, { rate, concurrency, fault, route, in: text }: TrafficSettings): string {
  const url = new URL('burst', base)
  url.searchParams.set('n', String(Math.max(1, Math.round(rate * 10))))
  if (rate > 0) url.searchParams.set('rate', String(rate))
  url.searchParams.set('concurrency', String(concurrency))
  if (text !== '') url.searchParams.set('in', text)
  const headers = [
    ...(fault === '' ? [] : [`-H ${quoted(`x-fault: ${fault}`)}`]),
    ...(route === '' ? [] : [`-H ${quoted(`x-route: ${route}`)}`]),
  ]
  return inLines([`curl -X POST ${quoted(url.href)}`, ...headers])
}
