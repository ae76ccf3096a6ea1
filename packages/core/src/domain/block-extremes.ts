/**
 * Lowest and highest values of price columns by blocks of rows. Whoever asks how far prices went, or where they leave an interval, looks at
 * one value for a whole block; single rows are read at the ends only.
 */
import { cell, type CandleColumns } from './candles.ts'

/** Rows of a block; a power of two. */
export const BLOCK_ROWS = 64

/** The lowest and the highest of some prices; of none Infinity and -Infinity. */
export interface RangeOfPrices {
  readonly low: number
  readonly high: number
}

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

  /** How far the values go from row `from` (inclusive) to `to` (exclusive). */
  between(from: number, to: number): RangeOfPrices {
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (let row = from; row < to;) {
      const block = Math.floor(row / BLOCK_ROWS)
      const end = Math.min(to, (block + 1) * BLOCK_ROWS)
      const part = end - row === BLOCK_ROWS ? { low: this.lowestIn(block), high: this.highestIn(block) } : extentOf(this.#low, this.#high, row, end)
      if (part.low < low) low = part.low
      if (part.high > high) high = part.high
      row = end
    }
    return { low, high }
  }

  #read(block: number): void {
    const from = block * BLOCK_ROWS
    const { low, high } = extentOf(this.#low, this.#high, from, Math.min(from + BLOCK_ROWS, this.#low.length))
    this.#lowest[block] = low
    this.#highest[block] = high
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

/** The loop stands alone: a function that is compiled while it runs should end with it. */
function extentOf(lows: Float64Array, highs: Float64Array, from: number, to: number): RangeOfPrices {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let row = from; row < to; row++) {
    const bottom = cell(lows, row)
    const top = cell(highs, row)
    if (bottom < low) low = bottom
    if (top > high) high = top
  }
  return { low, high }
}
