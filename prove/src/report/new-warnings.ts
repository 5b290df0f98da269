/** The cluster's warnings of a whole run: each is told once, whichever wait it held up. */
export class NewWarnings {
  readonly #told = new Set<string>()

  /** The warning as a sentence; undefined if there is none, or if it was told before. */
  sentence(warning: string | undefined): string | undefined {
    if (warning === undefined || this.#told.has(warning)) return undefined
    this.#told.add(warning)
    return `Last warning of the cluster: ${warning}`
  }
}
