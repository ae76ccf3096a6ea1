/** Orders that wait for the price to move one way, the nearest last. */
import { byRank, isReached, type LiveOrder } from './live-order.ts'
import { insertAt, takeOut } from './order-list.ts'

const NONE: readonly LiveOrder[] = []

/** A sorted list: levels from the farthest to the nearest, and of equal levels the one that stands first in the queue last. */
export class Ladder {
  readonly #rises: boolean
  readonly #orders: LiveOrder[] = []
  /** What {@link Ladder.bound} has found; NaN after a change. */
  #bound = Number.NaN

  constructor(rises: boolean) {
    this.#rises = rises
  }

  add(live: LiveOrder): void {
    this.#bound = Number.NaN
    insertAt(this.#orders, this.#indexOf(live), live)
  }

  remove(live: LiveOrder): void {
    this.#bound = Number.NaN
    takeOut(this.#orders, live)
  }

  /** The candle extreme that reaches the nearest order; an infinity when there is none. */
  bound(): number {
    if (Number.isNaN(this.#bound)) this.#bound = this.#findBound()
    return this.#bound
  }

  #findBound(): number {
    const nearest = this.#orders.at(-1)
    if (nearest === undefined) return this.#rises ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    const { level } = nearest
    for (let index = this.#orders.length - 1; index >= 0; index -= 1) {
      const live = this.#orders[index]
      if (live?.level !== level) break
      if (!live.strict) return level
    }
    return justBeyond(level, this.#rises)
  }

  /** The nearest order that a move to `price` reaches, of those that pass the test; undefined when there is none. */
  nearest(price: number, may: (live: LiveOrder) => boolean): LiveOrder | undefined {
    for (let index = this.#orders.length - 1; index >= 0; index -= 1) {
      const live = this.#orders[index]
      if (live === undefined || !this.#covers(price, live.level)) return undefined
      if (isReached(live, price) && may(live)) return live
    }
    return undefined
  }

  /** All orders that a price reaches, nearest first. */
  reachedBy(price: number): readonly LiveOrder[] {
    const nearest = this.#orders.at(-1)
    if (nearest === undefined || !this.#covers(price, nearest.level)) return NONE
    const reached: LiveOrder[] = []
    for (let index = this.#orders.length - 1; index >= 0; index -= 1) {
      const live = this.#orders[index]
      if (live === undefined || !this.#covers(price, live.level)) break
      if (isReached(live, price)) reached.push(live)
    }
    return reached
  }

  #covers(price: number, level: number): boolean {
    return this.#rises ? price >= level : price <= level
  }

  /** Where an order comes to stand. */
  #indexOf(live: LiveOrder): number {
    let low = 0
    let high = this.#orders.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#orders[middle]
      if (other !== undefined && this.#isFarther(other, live)) low = middle + 1
      else high = middle
    }
    return low
  }

  #isFarther(a: LiveOrder, b: LiveOrder): boolean {
    const nearer = this.#rises ? b.level - a.level : a.level - b.level
    return nearer < 0 || (nearer === 0 && byRank(a, b) > 0)
  }
}

/**
 * The neighbouring double, one or two units away: between it and a level of at most 15 digits there is no other such price, so
 * "at or beyond it" is "beyond the level".
 */
function justBeyond(level: number, rises: boolean): number {
  return rises ? level * (1 + Number.EPSILON) : level * (1 - Number.EPSILON)
}
