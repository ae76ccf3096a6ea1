/** What a floor hands back: the trades of a hand-written loop, for comparison with the engine's. */

/** One round trip of one unit, in floats. */
export interface FloorTrade {
  readonly leg: 'long' | 'short'
  /** Index of the candle in which it opened, and in which it closed. */
  readonly opened: number
  readonly closed: number
  readonly entryPrice: number
  readonly exitPrice: number
  /** After fees. */
  readonly netPnl: number
}

/** What a floor found. */
export interface FloorRun {
  readonly trades: readonly FloorTrade[]
  /** Calls of the strategy. */
  readonly calls: number
}

/** Fees of all workloads, as fractions of the value. */
export const MAKER = 0.0002
export const TAKER = 0.00055

const TICKS = 100

/** The price on the grid of 0.01 at or below. */
export function tickBelow(price: number): number {
  const ticks = Math.floor(price * TICKS)
  if ((ticks + 1) / TICKS <= price) return (ticks + 1) / TICKS
  return ticks / TICKS > price ? (ticks - 1) / TICKS : ticks / TICKS
}

/** The price on the grid of 0.01 at or above. */
export function tickAbove(price: number): number {
  const below = tickBelow(price)
  return below === price ? below : (Math.round(below * TICKS) + 1) / TICKS
}
