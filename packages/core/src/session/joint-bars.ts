/** The bars of a route over several symbols: it is called once for all of them. */
import type { TimeMs } from '../domain/time.ts'
import type { BarFeed } from './candle-aggregator.ts'

/** When a route is called. */
export type RouteFeed = Pick<BarFeed, 'nextCloseAt' | 'advanceTo'>

/** Closes when any of its bars does: all bars of that moment are visible by then. A symbol whose candle is missing has no bar there. */
export class JointBars implements RouteFeed {
  readonly #feeds: readonly BarFeed[]

  constructor(feeds: readonly BarFeed[]) {
    this.#feeds = feeds
  }

  get nextCloseAt(): TimeMs {
    let next = Number.POSITIVE_INFINITY
    for (const { nextCloseAt } of this.#feeds) next = Math.min(next, nextCloseAt)
    return next
  }

  /** Tells the number of closed bars of the symbol that has most. */
  advanceTo(at: TimeMs): number {
    let most = 0
    for (const feed of this.#feeds) most = Math.max(most, feed.advanceTo(at))
    return most
  }
}
