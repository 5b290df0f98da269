/** Keeps at most `size` of the items it sees, each with the same probability (Vitter's algorithm R). */
export class Sample<Item> {
  readonly #size: number
  readonly #random: () => number
  #items: Item[] = []
  #seen = 0

  constructor(size: number, random: () => number = Math.random) {
    this.#size = size
    this.#random = random
  }

  add(item: Item): void {
    this.#seen += 1
    if (this.#items.length < this.#size) {
      this.#items.push(item)
      return
    }
    const place = Math.floor(this.#random() * this.#seen)
    if (place < this.#size) this.#items[place] = item
  }

  /** The items kept, and how many were seen; then it starts again. */
  take(): { items: Item[]; seen: number } {
    const taken = { items: this.#items, seen: this.#seen }
    this.#items = []
    this.#seen = 0
    return taken
  }
}
