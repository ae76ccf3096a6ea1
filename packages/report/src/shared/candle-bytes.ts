/**
 * Candles as bytes, about four each: the open from the close before, the close from the open, the extremes from the body.
 * Candles that are missing (NaN) are counted in runs.
 */
import { ByteReader, ByteWriter } from './bytes.ts'

/** Prices of candles, columns of one length. */
export interface PriceColumns {
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
}

/** Packs rows `from` to `to` (exclusive). Every price has to have at most `places` decimals. */
export function packCandles({ open, high, low, close }: PriceColumns, { from, to, places }: { readonly from: number; readonly to: number; readonly places: number }): Uint8Array {
  const bytes = new ByteWriter()
  const scale = 10 ** places
  const whole = (column: Float64Array, row: number): number => Math.round((column[row] ?? 0) * scale)
  let before = 0
  for (let row = from; row < to;) {
    const [present, missing] = [runFrom(close, { row, to, missing: false }), runFrom(close, { row, to, missing: true })]
    bytes.unsigned(present)
    if (present === 0) bytes.unsigned(missing)
    for (const end = row + present; row < end; row++) {
      const [o, c] = [whole(open, row), whole(close, row)]
      bytes.signed(o - before)
      bytes.signed(c - o)
      bytes.unsigned(whole(high, row) - Math.max(o, c))
      bytes.unsigned(Math.min(o, c) - whole(low, row))
      before = c
    }
    if (present === 0) row += missing
  }
  return bytes.finish()
}

function runFrom(close: Float64Array, { row, to, missing }: { readonly row: number; readonly to: number; readonly missing: boolean }): number {
  let end = row
  while (end < to && Number.isNaN(close[end]) === missing) end++
  return end - row
}

/** Reads what {@link packCandles} wrote. */
export function unpackCandles(packed: Uint8Array, { length, places }: { readonly length: number; readonly places: number }): PriceColumns {
  const bytes = new ByteReader(packed)
  const scale = 10 ** places
  const column = (): Float64Array => new Float64Array(length).fill(Number.NaN)
  const [open, high, low, close] = [column(), column(), column(), column()]
  let before = 0
  for (let row = 0; row < length;) {
    const present = bytes.unsigned()
    if (present === 0) row += bytes.unsigned()
    for (const end = row + present; row < end; row++) {
      const o = before + bytes.signed()
      const c = o + bytes.signed()
      open[row] = o / scale
      close[row] = c / scale
      high[row] = (Math.max(o, c) + bytes.unsigned()) / scale
      low[row] = (Math.min(o, c) - bytes.unsigned()) / scale
      before = c
    }
  }
  return { open, high, low, close }
}
