/**
 * Lowest and highest values of price columns by blocks of rows. Whoever asks how far prices went, or where they leave an interval, looks at
 * one value for a whole block; single rows are read at the ends only.
 */
import { cell, type CandleColumns } from './candles.ts'

/** Rows of a block; a power of two. */
export const BLOCK_ROWS = 64

/** Extremes of two columns of equal length that do not change. A block is read when it is first asked for. */
export class BlockExtremes {
  readonly #low: Float64Array
  readonly #high: Float64Array
  /** By block; NaN until it was read. */
  readonly #lowest: Float64Array
  readonly #highest: Float64Array

  /** `low` and `high` may be one column. Missing rows are NaN. */
  constructor(low: Float64Array, high: Float64Array) {
    this.#low = low
    this.#high = high
    const blocks = Math.ceil(low.length / BLOCK_ROWS)
    this.#lowest = new Float64Array(blocks).fill(Number.NaN)
    this.#highest = new Float64Array(blocks).fill(Number.NaN)
  }

  /** The lowest value in the rows from `block x BLOCK_ROWS` on; Infinity where all are missing. */
  lowestIn(block: number): number {
    if (Number.isNaN(cell(this.#lowest, block))) this.#read(block)
    return cell(this.#lowest, block)
  }

  /** The highest value in the rows of a block; -Infinity where all are missing. */
  highestIn(block: number): number {
    if (Number.isNaN(cell(this.#highest, block))) this.#read(block)
    return cell(this.#highest, block)
  }

  /** The lowest value from row `from` (inclusive) to `to` (exclusive); Infinity where there is none. */
  lowest(from: number, to: number): number {
    const head = Math.min(to, Math.ceil(from / BLOCK_ROWS) * BLOCK_ROWS)
    const tail = Math.max(head, Math.floor(to / BLOCK_ROWS) * BLOCK_ROWS)
    let lowest = Math.min(lowestOf(this.#low, from, head), lowestOf(this.#low, tail, to))
    for (let block = head / BLOCK_ROWS; block < tail / BLOCK_ROWS; block++) {
      const value = this.lowestIn(block)
      if (value < lowest) lowest = value
    }
    return lowest
  }

  /** The highest value from row `from` (inclusive) to `to` (exclusive); -Infinity where there is none. */
  highest(from: number, to: number): number {
    const head = Math.min(to, Math.ceil(from / BLOCK_ROWS) * BLOCK_ROWS)
    const tail = Math.max(head, Math.floor(to / BLOCK_ROWS) * BLOCK_ROWS)
    let highest = Math.max(highestOf(this.#high, from, head), highestOf(this.#high, tail, to))
    for (let block = head / BLOCK_ROWS; block < tail / BLOCK_ROWS; block++) {
      const value = this.highestIn(block)
      if (value > highest) highest = value
    }
    return highest
  }

  #read(block: number): void {
    const low = this.#low
    const high = this.#high
    const from = block * BLOCK_ROWS
    const to = Math.min(from + BLOCK_ROWS, low.length)
    let lowest = Number.POSITIVE_INFINITY
    let highest = Number.NEGATIVE_INFINITY
    for (let row = from; row < to; row++) {
      const bottom = cell(low, row)
      const top = cell(high, row)
      if (bottom < lowest) lowest = bottom
      if (top > highest) highest = top
    }
    this.#lowest[block] = lowest
    this.#highest[block] = highest
  }
}

/** Extremes of the lows and highs of candles, and of their closes. */
export interface CandleExtremes {
  readonly ranges: BlockExtremes
  readonly closes: BlockExtremes
}

/** Of candles that do not change: the same for everybody who asks. */
const known = new WeakMap<CandleColumns, CandleExtremes>()

/** The extremes of candles, read once however many ask. These columns must not change any more. */
export function extremesOf(candles: CandleColumns): CandleExtremes {
  const before = known.get(candles)
  if (before !== undefined) return before
  const extremes: CandleExtremes = { ranges: new BlockExtremes(candles.low, candles.high), closes: new BlockExtremes(candles.close, candles.close) }
  known.set(candles, extremes)
  return extremes
}

/** Infinity where no candle exists. The loop stands alone: a function that is compiled while it runs should end with it. */
function lowestOf(column: Float64Array, from: number, to: number): number {
  let lowest = Number.POSITIVE_INFINITY
  for (let index = from; index < to; index++) {
    const value = cell(column, index)
    if (value < lowest) lowest = value
  }
  return lowest
}

/** -Infinity where no candle exists. */
function highestOf(column: Float64Array, from: number, to: number): number {
  let highest = Number.NEGATIVE_INFINITY
  for (let index = from; index < to; index++) {
    const value = cell(column, index)
    if (value > highest) highest = value
  }
  return highest
}
