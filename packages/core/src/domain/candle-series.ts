/** The candles that a strategy reads: closed bars only, as columns that grow. */
import { HedgerowError } from '../errors.ts'
import { cell, type Candle, type CandleColumns } from './candles.ts'
import { timeText, type TimeMs } from './time.ts'

/**
 * The columns behind a series. Rows from `length` on are not visible through the series: a backtest computes whole
 * columns once and moves `length`. Only the session writes here; indicator kernels read rows below `length`.
 */
export interface CandleBuffer {
  /** Visible bars. */
  length: number
  /** True while the last visible bar may still change (profile `jesse` only). */
  forming: boolean
  open: Float64Array
  high: Float64Array
  low: Float64Array
  close: Float64Array
  volume: Float64Array
  /** Starts of the bars; null where bar `i` starts at `start + i x step`. */
  time: Float64Array | null
  readonly start: TimeMs
  /** Milliseconds of one bar. */
  readonly step: number
  /** The key under which what is computed from the bars may be kept for other runs over the same ones; null where it may not. */
  readonly lasting: object | null
}

let readBuffer: (series: CandleSeries) => CandleBuffer
let readDerived: (series: CandleSeries) => unknown[]

/** The columns that a series shows. */
type ColumnName = 'open' | 'high' | 'low' | 'close' | 'volume' | 'time'

/** What has been copied of a column so far. */
interface ColumnCopy {
  rows: number
  column: Float64Array
}

/**
 * Closed bars of one symbol and timeframe, oldest first: one object for a run, whose `length` grows.
 * Columns are made on access, from copies: the buffer behind a view holds no bar that has not closed, and writing to it
 * changes neither the market nor an indicator. A view taken on an earlier bar does not grow.
 */
export class CandleSeries {
  readonly #buffer: CandleBuffer
  readonly #copies = new Map<ColumnName, ColumnCopy>()
  readonly #derived: unknown[] = []
  /** Bars that an indicator's current value is computed from, counted back from the last; null for all (the default). */
  readonly window: number | null

  constructor(buffer: CandleBuffer, window: number | null = null) {
    this.#buffer = buffer
    this.window = window
  }

  static {
    readBuffer = (series) => series.#buffer
    readDerived = (series) => series.#derived
  }

  /** Number of bars. */
  get length(): number {
    return this.#buffer.length
  }

  /** True when the last bar has not closed yet: never, but for larger timeframes under the `jesse` profile. */
  get forming(): boolean {
    return this.#buffer.forming
  }

  /** Opening prices. */
  get open(): Float64Array {
    return this.#copied('open', this.#buffer.open)
  }

  /** Highest prices. */
  get high(): Float64Array {
    return this.#copied('high', this.#buffer.high)
  }

  /** Lowest prices. */
  get low(): Float64Array {
    return this.#copied('low', this.#buffer.low)
  }

  /** Closing prices. */
  get close(): Float64Array {
    return this.#copied('close', this.#buffer.close)
  }

  /** Volumes in base units. */
  get volume(): Float64Array {
    return this.#copied('volume', this.#buffer.volume)
  }

  /** Starts of the bars in milliseconds UTC. Computed on access where bars are evenly spaced: O(length). */
  get time(): Float64Array {
    const { time, length, start, step } = this.#buffer
    return time === null ? Float64Array.from({ length }, (_, index) => start + index * step) : this.#copied('time', time)
  }

  /**
   * One bar, by its index from 0 or, when negative, counted back from the last: `at(-1)` is the bar that just closed.
   *
   * @throws HedgerowError `BAR_OUT_OF_RANGE` for a bar before the first or after the last.
   */
  at(index: number): Candle {
    const buffer = this.#buffer
    const row = index < 0 ? buffer.length + index : index
    if (!(Number.isInteger(row) && row >= 0 && row < buffer.length)) throw this.#outOfRange(index)
    return {
      time: barTime(buffer, row),
      open: cell(buffer.open, row),
      high: cell(buffer.high, row),
      low: cell(buffer.low, row),
      close: cell(buffer.close, row),
      volume: cell(buffer.volume, row),
    }
  }

  /** Copies what is new since the last access: each row once, and a bar that was forming again. */
  #copied(name: ColumnName, source: Float64Array): Float64Array {
    const { length } = this.#buffer
    const known = this.#copyOf(name)
    if (known.column.length < length) {
      const larger = new Float64Array(Math.max(256, 2 * length))
      larger.set(known.column.subarray(0, known.rows))
      known.column = larger
    }
    for (let row = Math.max(0, known.rows - 1); row < length; row++) known.column[row] = cell(source, row)
    known.rows = length
    return new Float64Array(known.column.buffer, 0, length)
  }

  #copyOf(name: ColumnName): ColumnCopy {
    const known = this.#copies.get(name)
    if (known !== undefined) return known
    const made: ColumnCopy = { rows: 0, column: new Float64Array(0) }
    this.#copies.set(name, made)
    return made
  }

  #outOfRange(index: number): HedgerowError {
    const { length } = this.#buffer
    const where = `candles.at(${index})`
    if (length === 0) return new HedgerowError('BAR_OUT_OF_RANGE', { where, found: 'no bar yet', expected: 'at least one closed bar' })
    const last = timeText(barTime(this.#buffer, length - 1))
    return new HedgerowError('BAR_OUT_OF_RANGE', { where, found: `${length} bars, the last from ${last}`, expected: `a whole index from ${-length} to ${length - 1}` })
  }
}

/** The columns behind a series, for the session and for indicator kernels. A strategy reads the series. */
export function bufferOf(series: CandleSeries): CandleBuffer {
  return readBuffer(series)
}

/** What indicators have computed from a series and keep for as long as it lives. Each finds its own. */
export function derivedOf(series: CandleSeries): unknown[] {
  return readDerived(series)
}

/** Start of bar `row`. */
export function barTime(buffer: CandleBuffer, row: number): TimeMs {
  return buffer.time === null ? buffer.start + row * buffer.step : cell(buffer.time, row)
}

/** The columns themselves as a buffer, without a copy and with no bar visible yet. They must have no missing rows. */
export function denseBuffer(columns: CandleColumns): CandleBuffer {
  const { open, high, low, close, volume, start, step } = columns
  return { length: 0, forming: false, open, high, low, close, volume, time: null, start, step, lasting: null }
}

/** An empty buffer that {@link writeBar} fills; `step` is the length of a bar. */
export function growingBuffer(step: number, capacity: number = 256): CandleBuffer {
  const column = (): Float64Array => new Float64Array(capacity)
  return { length: 0, forming: false, open: column(), high: column(), low: column(), close: column(), volume: column(), time: column(), start: 0, step, lasting: null }
}

/** Writes one row, doubling the columns when they are full. The row becomes visible when `length` passes it. */
export function writeBar(buffer: CandleBuffer, row: number, candle: Candle): void {
  if (row >= buffer.open.length) grow(buffer)
  buffer.open[row] = candle.open
  buffer.high[row] = candle.high
  buffer.low[row] = candle.low
  buffer.close[row] = candle.close
  buffer.volume[row] = candle.volume
  if (buffer.time !== null) buffer.time[row] = candle.time
}

function grow(buffer: CandleBuffer): void {
  const capacity = Math.max(256, 2 * buffer.open.length)
  const doubled = (column: Float64Array): Float64Array => {
    const larger = new Float64Array(capacity)
    larger.set(column)
    return larger
  }
  buffer.open = doubled(buffer.open)
  buffer.high = doubled(buffer.high)
  buffer.low = doubled(buffer.low)
  buffer.close = doubled(buffer.close)
  buffer.volume = doubled(buffer.volume)
  if (buffer.time !== null) buffer.time = doubled(buffer.time)
}
