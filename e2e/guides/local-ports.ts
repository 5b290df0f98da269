import { freePort } from '@linkerd-scenario/test-kit/free-port'

/** Ports of this machine as the guides name them: in URLs, and on the left side of a port-forward. */
const IN_URL = /(?<=\b(?:localhost|127\.0\.0\.1):)\d+\b/g
const FORWARDED = /\b\d+(?=:\d+\b)/g

/**
 * Free ports in place of those that the guides name. The guides' own may be in use, by another run of the tests or by
 * `npm start`.
 */
export class LocalPorts {
  /** Free ports by the guides'. */
  readonly #free = new Map<string, string>()

  /** A command with free ports. */
  async translate(command: string): Promise<string> {
    const pattern = command.includes('port-forward') ? FORWARDED : IN_URL
    for (const [port] of command.matchAll(pattern)) {
      if (!this.#free.has(port)) this.#free.set(port, String(await freePort()))
    }
    return command.replace(pattern, (port) => this.#free.get(port) ?? port)
  }

  /** An output with the guides' ports again. */
  restore(output: string): string {
    let restored = output
    for (const [named, free] of this.#free) restored = restored.replaceAll(`:${free}`, `:${named}`)
    return restored
  }
}
