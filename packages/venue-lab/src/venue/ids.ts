/** Ids as a venue makes them, the same for the same seed: a run can be repeated to the letter. */
import { createHash } from 'node:crypto'

/** Numbers ids from one. */
export class IdSequence {
  readonly #seed: string
  #count: number

  constructor(seed: string, count = 0) {
    this.#seed = seed
    this.#count = count
  }

  get count(): number {
    return this.#count
  }

  /** In the shape of a UUID of version 4. */
  next(): string {
    this.#count += 1
    const hex = createHash('sha256').update(`${this.#seed} ${this.#count}`).digest('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
}
