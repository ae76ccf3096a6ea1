/** `candles.json`: the prices that a run saw, small enough to lie beside its result. */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { TimeMs } from '@hedgerow/core'
import type { PriceCandles, RunMarket } from '../finished-run.ts'
import { packCandles, unpackCandles, type PriceColumns } from '../shared/candle-bytes.ts'
import { packColumn, placesOf, unpackColumn } from '../shared/column.ts'

/** Numbers as text. */
export interface Packed {
  /** Decimals of every value; null: raw doubles, one column after the other. */
  readonly places: number | null
  /** Raw deflate, base64. */
  readonly data: string
}

/** What the file holds. */
export interface CandlesRecord {
  readonly schemaVersion: 1
  readonly markets: readonly {
    readonly symbol: string
    readonly start: TimeMs
    readonly step: number
    readonly length: number
    readonly candles: Packed
    readonly marks: Packed | null
  }[]
}

/** The content of the file, to be written as JSON. */
export function candlesFileOf(markets: readonly RunMarket[]): CandlesRecord {
  return {
    schemaVersion: 1,
    markets: markets.map(({ symbol, candles, marks }) => {
      const { start, step, length } = candles
      return { symbol, start, step, length, candles: packedCandles(candles), marks: marks === null ? null : packedColumn(marks) }
    }),
  }
}

/** The markets of a file. */
export function marketsOf({ markets }: CandlesRecord): readonly RunMarket[] {
  return markets.map(({ symbol, start, step, length, candles, marks }) => (
    { symbol, candles: { start, step, length, ...readCandles(candles, length) }, marks: marks === null ? null : readColumn(marks, length) }))
}

/** The fewest decimals that name every price of the candles; null where none does. */
export function pricePlaces({ open, high, low, close }: PriceColumns): number | null {
  const places = [open, high, low, close].map(placesOf)
  return places.includes(null) ? null : Math.max(...places.map(Number))
}

function packedCandles(candles: PriceCandles): Packed {
  const places = pricePlaces(candles)
  const { open, high, low, close } = candles
  return { places, data: deflated(places === null ? rawOf([open, high, low, close]) : packCandles(candles, { from: 0, to: candles.length, places })) }
}

function packedColumn(column: Float64Array): Packed {
  const places = placesOf(column)
  return { places, data: deflated(places === null ? rawOf([column]) : packColumn(column, places)) }
}

function readCandles({ places, data }: Packed, length: number): PriceColumns {
  if (places !== null) return unpackCandles(inflated(data), { length, places })
  const raw = doublesOf(inflated(data))
  const column = (index: number): Float64Array => raw.slice(index * length, (index + 1) * length)
  return { open: column(0), high: column(1), low: column(2), close: column(3) }
}

function readColumn({ places, data }: Packed, length: number): Float64Array {
  return places === null ? doublesOf(inflated(data)) : unpackColumn(inflated(data), { length, places })
}

function deflated(bytes: Uint8Array): string {
  return deflateRawSync(bytes).toString('base64')
}

function inflated(text: string): Uint8Array {
  return new Uint8Array(inflateRawSync(Buffer.from(text, 'base64')))
}

function rawOf(columns: readonly Float64Array[]): Uint8Array {
  return Buffer.concat(columns.map((column) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength)))
}

function doublesOf(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.slice().buffer)
}
