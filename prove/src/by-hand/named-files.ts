/** The files that commands name, by their names. What has the name of another content gets a number. */
export class NamedFiles {
  readonly #texts = new Map<string, string>()

  /** Returns the name under which the text is kept, `wanted` if it is free: `features-retries.yaml`. */
  add(wanted: string, text: string): string {
    const [stem = '', extension = ''] = wanted.split(/(?=\.\w+$)/)
    let name = wanted
    for (let number = 2; (this.#texts.get(name) ?? text) !== text; number += 1) name = `${stem}-${number}${extension}`
    this.#texts.set(name, text)
    return name
  }

  /** The name of a file with that text; undefined if there is none. */
  nameOf(text: string): string | undefined {
    return [...this.#texts].find(([, one]) => one === text)?.[0]
  }

  /** All texts, by name. */
  get texts(): Record<string, string> {
    return Object.fromEntries(this.#texts)
  }
}
