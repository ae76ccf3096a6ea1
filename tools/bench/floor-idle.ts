/** Floors of strategies that do nothing: what calling them costs. */
import type { CandleColumns } from '@hedgerow/core'
import type { FloorRun } from './floor-trade.ts'

/** What a strategy sees of the candles: the columns and where it stands. */
class Cursor {
  readonly #columns: CandleColumns
  index = 0

  constructor(columns: CandleColumns) {
    this.#columns = columns
  }

  get close(): number {
    return this.#columns.close[this.index] ?? Number.NaN
  }
}

/** A synchronous callback over a cursor, at every candle from `warmup` on. */
export function idleMinutes(candles: CandleColumns, warmup: number): FloorRun {
  let calls = 0
  let last = 0
  const onBar = (cursor: Cursor): void => {
    calls++
    last = cursor.close
  }
  const cursor = new Cursor(candles)
  for (let index = warmup; index < candles.length; index++) {
    cursor.index = index
    onBar(cursor)
  }
  if (Number.isNaN(last)) throw new Error('the last close is missing')
  return { trades: [], calls }
}

/** Two trigger compares a candle, and a callback at each hour from `warmup` (candles) on. */
export function idleHours(candles: CandleColumns, warmup: number): FloorRun {
  const { high, low, length } = candles
  let [calls, hits, above] = [0, 0, Number.POSITIVE_INFINITY]
  const below = Number.NEGATIVE_INFINITY
  const onBar = (cursor: Cursor): void => {
    calls++
    if (cursor.close > above) above = cursor.close
  }
  const cursor = new Cursor(candles)
  for (let index = warmup; index < length; index++) {
    if ((low[index] ?? 0) <= below || (high[index] ?? 0) >= above) hits++
    if (index % 60 !== 59) continue
    cursor.index = index
    onBar(cursor)
  }
  if (hits > 0) throw new Error('an idle strategy has no triggers')
  return { trades: [], calls }
}
