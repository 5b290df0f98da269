import type { Kubectl, LongRunning } from './kubectl.ts'

/** What is kept of one pod: its last lines, and of each so many characters. */
const LINES = 300
const LINE_CHARACTERS = 1000
/** More pods than this hardly end within one measurement. */
const PODS = 12

/**
 * The logs of pods that end while something is measured: the cluster forgets them with the pod. Each is followed from
 * the moment at which the pod is told to end.
 */
export class EndedLogs {
  readonly #kubectl: Kubectl
  readonly #namespace: string
  readonly #processes = new Map<string, LongRunning>()
  readonly #lines = new Map<string, string[]>()

  constructor(kubectl: Kubectl, namespace: string) {
    this.#kubectl = kubectl
    this.#namespace = namespace
  }

  /** Follows these pods, which were told to end, from a limited number of lines before. */
  follow(pods: readonly string[]): void {
    for (const pod of pods) {
      if (this.#lines.has(pod) || this.#lines.size >= PODS) continue
      const lines: string[] = []
      this.#lines.set(pod, lines)
      const args = ['logs', '--follow', '-n', this.#namespace, `pod/${pod}`, '--all-containers', `--tail=${LINES}`]
      const process = this.#kubectl.start(args)
      this.#processes.set(pod, process)
      process.onLine((line) => {
        lines.push(line.slice(0, LINE_CHARACTERS))
        if (lines.length > LINES) lines.shift()
      })
      void process.ended.then(() => this.#processes.delete(pod))
    }
  }

  /** What was logged so far, by pod. */
  get texts(): ReadonlyMap<string, string> {
    return new Map([...this.#lines].map(([pod, lines]) => [pod, lines.map((line) => `${line}\n`).join('')]))
  }

  /** Forgets everything, for the next feature. */
  clear(): void {
    this.#stop()
    this.#lines.clear()
  }

  /** Ends the processes and waits until they have exited. */
  async close(): Promise<void> {
    const ending = [...this.#processes.values()].map(({ ended }) => ended)
    this.#stop()
    await Promise.all(ending)
  }

  #stop(): void {
    for (const process of this.#processes.values()) process.stop()
  }
}
