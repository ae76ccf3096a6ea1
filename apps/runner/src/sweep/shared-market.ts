/** The market of a sweep: one copy of the candles in memory that all threads read. */
import { decimalText, isDecimal, keepBetweenRuns } from '@hedgerow/core'
import type { BacktestOptions } from '../backtest/options.ts'
import { CandleData, type CandleGap } from '../data/candle-data.ts'
import { readCandles, readIndexes, readMarks, type CandleSource, type FundingInput } from '../data/inputs.ts'

const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const

/** Checked candles that threads share: the columns one after the other in one buffer. */
export interface SharedCandles {
  readonly start: number
  readonly step: number
  readonly length: number
  /** Doubles: opens, highs, lows, closes, volumes. */
  readonly buffer: SharedArrayBuffer
  readonly source: string
  readonly gaps: readonly CandleGap[]
  readonly synthetic: boolean
  readonly hash: string
}

/** What all runs of a sweep trade on, by symbol, as threads are given it. */
export interface SharedMarket {
  readonly candles: Readonly<Record<string, SharedCandles>>
  readonly marks: Readonly<Record<string, SharedCandles>>
  readonly indexes: Readonly<Record<string, SharedCandles>>
  readonly funding: Readonly<Record<string, FundingInput>>
}

/** The inputs of `backtest()` that are data. */
export type MarketInputs = Pick<BacktestOptions, 'candles' | 'funding' | 'marks' | 'indexes'>

/**
 * Checks the inputs and copies candles, marks and indexes to where every thread can read them; funding rates are copied with the message.
 *
 * @throws HedgerowError `DATA_*` as `backtest()` does.
 */
export function shareMarket({ candles, marks = {}, indexes = {}, funding = {} }: MarketInputs): SharedMarket {
  return {
    candles: byKey(candles, (input, symbol) => share(readCandles(symbol, input))),
    marks: byKey(marks, (input, symbol) => share(readMarks(symbol, input))),
    indexes: byKey(indexes, (input, symbol) => share(readIndexes(symbol, input))),
    funding: byKey(funding, (rows) => rows.map(([at, rate]) => [at, isDecimal(rate) ? decimalText(rate) : rate] as const)),
  }
}

/** The same inputs in another thread: the columns are views of the shared memory, and what is computed from them alone is kept from run to run. */
export function marketOfShared({ candles, marks, indexes, funding }: SharedMarket): Required<MarketInputs> {
  return { candles: byKey(candles, candlesOfShared), marks: byKey(marks, candlesOfShared), indexes: byKey(indexes, candlesOfShared), funding }
}

function share({ columns, hash }: CandleSource): SharedCandles {
  const { start, step, length, source, gaps, synthetic } = columns
  const buffer = new SharedArrayBuffer(COLUMNS.length * length * Float64Array.BYTES_PER_ELEMENT)
  for (const [index, name] of COLUMNS.entries()) columnOf(buffer, index, length).set(columns[name])
  return { start, step, length, buffer, source, gaps, synthetic, hash: hash() }
}

function candlesOfShared({ start, step, length, buffer, source, gaps, synthetic, hash }: SharedCandles): CandleData {
  const column = (index: number): Float64Array => columnOf(buffer, index, length)
  const data = new CandleData({ start, step, length, open: column(0), high: column(1), low: column(2), close: column(3), volume: column(4) }, { source, gaps, synthetic, hash })
  keepBetweenRuns(data)
  return data
}

function columnOf(buffer: SharedArrayBuffer, index: number, length: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(buffer, index * length * Float64Array.BYTES_PER_ELEMENT, length)
}

function byKey<From, To>(record: Readonly<Record<string, From>>, make: (value: From, key: string) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, make(value, key)]))
}
