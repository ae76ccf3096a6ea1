/**
 * One price series of one symbol with the interval of prices in which nothing can happen. Looking for the next candle
 * that leaves the interval costs two compares a block of candles, and none is looked at twice until the interval narrows.
 */
import { BLOCK_ROWS, extremesOf, type BlockExtremes, type Candle, type CandleColumns } from '@hedgerow/core'
import { at } from './path.ts'

/** Prices and volume of one minute. */
export type TapeCandle = Pick<Candle, 'open' | 'high' | 'low' | 'close' | 'volume'>

/** Candles on the minutes of a run. Minutes are indexes of the run's grid; a candle that is missing leaves no interval. */
export class Tape {
  columns: CandleColumns
  /** Minute of the first candle. */
  readonly first: number
  /** Minute after the last candle. */
  end: number
  #below = Number.NEGATIVE_INFINITY
  #above = Number.POSITIVE_INFINITY
  /** The interval was last set for this minute and those after it. */
  #from: number
  /** No candle before this minute leaves the interval, from where it was last narrowed. */
  #clear: number
  /** Columns of its own with room for more rows; null while they are those that were given. */
  #memory: ColumnSet | null = null
  /** Of the columns that were given; null once rows were added. */
  #extremes: BlockExtremes | null

  constructor(columns: CandleColumns, first: number) {
    this.columns = columns
    this.first = first
    this.end = first + columns.length
    this.#from = first
    this.#clear = first
    this.#extremes = extremesOf(columns).ranges
  }

  /** Adds the candle of minute `end`; null for a minute without one. */
  append(candle: TapeCandle | null): void {
    const { length } = this.columns
    this.#clear = Math.min(this.#clear, this.end)
    this.#extremes = null
    if (length >= (this.#memory?.close.length ?? 0)) this.#memory = copyOf(this.columns, Math.max(64, 2 * length))
    const memory = this.#memory
    if (memory === null) return
    for (const name of COLUMNS) memory[name][length] = candle === null ? Number.NaN : candle[name]
    this.columns = { ...this.columns, length: length + 1, ...columnsOf((name) => memory[name].subarray(0, length + 1)) }
    this.end += 1
  }

  /** True when a candle starts at this minute. */
  has(minute: number): boolean {
    return !Number.isNaN(this.open(minute))
  }

  /** Opening price of a minute; NaN without a candle. */
  open(minute: number): number {
    return this.columns.open[minute - this.first] ?? Number.NaN
  }

  /** Lowest price of a minute; NaN without a candle. */
  low(minute: number): number {
    return this.columns.low[minute - this.first] ?? Number.NaN
  }

  /** Highest price of a minute; NaN without a candle. */
  high(minute: number): number {
    return this.columns.high[minute - this.first] ?? Number.NaN
  }

  /** Close of the last candle that started before this minute; NaN before the first candle. */
  closeBefore(minute: number): number {
    for (let row = Math.min(minute, this.end) - this.first - 1; row >= 0; row -= 1) {
      const close = at(this.columns.close, row)
      if (!Number.isNaN(close)) return close
    }
    return Number.NaN
  }

  /** First minute from `from` on, and before `to`, that has a candle; `to` when there is none. */
  nextCandle(from: number, to: number): number {
    let minute = Math.max(from, this.first)
    while (minute < to && !this.has(minute)) minute = minute < this.end ? minute + 1 : to
    return Math.min(minute, to)
  }

  /** Sets the interval as it holds from minute `from` on. What was cleared for later minutes is not cleared for earlier ones. */
  watch(below: number, above: number, from: number): void {
    if (below > this.#below || above < this.#above || from < this.#from) this.#clear = Math.min(this.#clear, from)
    this.#from = from
    this.#below = below
    this.#above = above
  }

  /** First minute from `from` on, and before `to`, whose candle touches or leaves the interval; `to` when there is none. */
  nextHit(from: number, to: number): number {
    if (this.#below === Number.NEGATIVE_INFINITY && this.#above === Number.POSITIVE_INFINITY) return to
    const start = Math.max(from, this.#clear, this.first)
    const stop = Math.min(to, this.end)
    if (start >= stop) return to
    const hit = this.first + this.#firstOutside(start - this.first, stop - this.first)
    this.#clear = hit
    return hit < stop ? hit : to
  }

  /** Row of the first candle that touches or leaves the interval; where there is none before `stop`, the row before which none does. */
  #firstOutside(start: number, stop: number): number {
    let row = start
    while (row < stop) {
      const block = Math.floor(row / BLOCK_ROWS)
      const end = (block + 1) * BLOCK_ROWS
      if (this.#staysInside(block, end)) {
        row = end
      } else {
        const until = Math.min(end, stop)
        row = firstOutside(this.columns, row, until, this.#below, this.#above)
        if (row < until) return row
      }
    }
    return row
  }

  /** True where no candle of a block touches or leaves the interval. */
  #staysInside(block: number, end: number): boolean {
    return this.#extremes !== null && end <= this.columns.length && this.#extremes.lowestIn(block) > this.#below && this.#extremes.highestIn(block) < this.#above
  }
}

const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const

type ColumnSet = Record<(typeof COLUMNS)[number], Float64Array>

function columnsOf(column: (name: (typeof COLUMNS)[number]) => Float64Array): ColumnSet {
  return { open: column('open'), high: column('high'), low: column('low'), close: column('close'), volume: column('volume') }
}

/** Memory of its own for `capacity` rows, beginning with these. */
function copyOf(columns: CandleColumns, capacity: number): ColumnSet {
  return columnsOf((name) => {
    const column = new Float64Array(capacity)
    column.set(columns[name].subarray(0, columns.length))
    return column
  })
}

/** Row of the first candle that touches or leaves `(below, above)`; `stop` when there is none. No comparison with NaN is true. */
function firstOutside(columns: CandleColumns, start: number, stop: number, below: number, above: number): number {
  const { low, high } = columns
  let row = start
  while (row < stop && !((low[row] ?? Number.NaN) <= below || (high[row] ?? Number.NaN) >= above)) row += 1
  return row
}
