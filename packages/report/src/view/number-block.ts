/** Collects packed columns into one block. */
import type { PriceCandles } from '../finished-run.ts'
import { packCandles, type PriceColumns } from '../shared/candle-bytes.ts'
import { packColumn, placesOf } from '../shared/column.ts'
import type { CandleRef, ColumnRef } from '../shared/page-data.ts'
import type { CandleRange } from './candle-choice.ts'

/** Decimals of a column whose values no decimals name exactly. */
const PLACES = 8

function rowsOf({ open, high, low, close }: PriceCandles, ranges: readonly CandleRange[]): PriceColumns {
  const length = ranges.reduce((sum, { from, to }) => sum + to - from, 0)
  const pick = (column: Float64Array): Float64Array => {
    const kept = new Float64Array(length)
    let row = 0
    for (const { from, to } of ranges) {
      kept.set(column.subarray(from, to), row)
      row += to - from
    }
    return kept
  }
  return { open: pick(open), high: pick(high), low: pick(low), close: pick(close) }
}

/** Bytes that grow by whole columns. */
export class NumberBlock {
  readonly #parts: Uint8Array[] = []
  #length = 0

  /** Adds a column: exact where at most `most` decimals name every value, else rounded to so many. NaN is missing. */
  column(values: readonly number[] | Float64Array, most: number = PLACES): ColumnRef {
    const places = Math.min(placesOf(values) ?? most, most)
    return { ...this.#add(packColumn(values, places)), length: values.length, places }
  }

  /** Adds ranges of candles. */
  candles(candles: PriceCandles, ranges: readonly CandleRange[], places: number): CandleRef {
    const { start, step } = candles
    const kept = rowsOf(candles, ranges)
    return {
      ...this.#add(packCandles(kept, { from: 0, to: kept.close.length, places })), length: kept.close.length, places, step,
      starts: this.column(ranges.map(({ from }) => start + from * step)), lengths: this.column(ranges.map(({ from, to }) => to - from)),
    }
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length
  }

  /** The block. */
  finish(): Uint8Array {
    return Buffer.concat(this.#parts)
  }

  #add(packed: Uint8Array): { readonly at: number; readonly bytes: number } {
    const at = this.#length
    this.#parts.push(packed)
    this.#length += packed.length
    return { at, bytes: packed.length }
  }
}
