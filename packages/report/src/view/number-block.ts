/** Collects packed columns into one block. */
import type { PriceCandles } from '../finished-run.ts'
import { packCandles } from '../shared/candle-bytes.ts'
import { packColumn, placesOf } from '../shared/column.ts'
import type { CandleRef, ColumnRef } from '../shared/page-data.ts'

/** Decimals of a column whose values no decimals name exactly. */
const PLACES = 8

/** Bytes that grow by whole columns. */
export class NumberBlock {
  readonly #parts: Uint8Array[] = []
  #length = 0

  /** Adds a column: exact where at most `most` decimals name every value, else rounded to so many. NaN is missing. */
  column(values: readonly number[] | Float64Array, most: number = PLACES): ColumnRef {
    const places = Math.min(placesOf(values) ?? most, most)
    return { ...this.#add(packColumn(values, places)), length: values.length, places }
  }

  /** Adds rows `from` to `to` of candles. */
  candles(candles: PriceCandles, { from, to, places }: { readonly from: number; readonly to: number; readonly places: number }): CandleRef {
    const { start, step } = candles
    return { ...this.#add(packCandles(candles, { from, to, places })), length: to - from, places, start: start + from * step, step }
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
