/** Bars of a timeframe, built from base candles: whole columns at once in a backtest, candle by candle in live. */
import { barTime, denseBuffer, growingBuffer, writeBar, type CandleBuffer } from '../domain/candle-series.ts'
import { candleAt, candleTime, cell, isMissing, missingRows, type Candle, type CandleColumns } from '../domain/candles.ts'
import { timeText, type TimeMs } from '../domain/time.ts'
import { barStart, requireBuildable, type Timeframe } from '../domain/timeframe.ts'
import { HedgerowError } from '../errors.ts'
import { wholeBars, type WholeBars } from './kept-bars.ts'

/** Bars that become visible as time passes. Wrap `buffer` in a `CandleSeries` to let a strategy read them. */
export interface BarFeed {
  readonly timeframe: Timeframe
  readonly buffer: CandleBuffer
  /** When the next bar closes; Infinity when none will. */
  readonly nextCloseAt: TimeMs
  /** Shows every bar that has closed at or before `at`; tells the number of closed bars. Time never runs back. */
  advanceTo(at: TimeMs): number
}

/**
 * The bars of a backtest: computed once from base columns, then shown one at a time.
 * The same rules as {@link CandleAggregator}: a first bar that starts before the first candle is not delivered,
 * missing candles are left out, a bar without any candle is not delivered, a last bar that has not ended neither.
 *
 * @throws HedgerowError `TIMEFRAME_INVALID`
 */
export class PrecomputedBars implements BarFeed {
  readonly timeframe: Timeframe
  readonly buffer: CandleBuffer
  /** All bars, visible or not. */
  readonly count: number
  /** A number from the start: a field that was ever undefined takes a new object for each number. */
  nextCloseAt: TimeMs = Number.NaN

  constructor(base: CandleColumns, timeframe: Timeframe) {
    requireBuildable(timeframe, base.step, base.start)
    this.timeframe = timeframe
    const { buffer, count } = wholeBars(base, timeframe, () => computeBars(base, timeframe))
    this.buffer = buffer
    this.count = count
    this.nextCloseAt = this.#closeOfNext()
  }

  advanceTo(at: TimeMs): number {
    while (this.buffer.length < this.count && this.nextCloseAt <= at) {
      this.buffer.length++
      this.nextCloseAt = this.#closeOfNext()
    }
    return this.buffer.length
  }

  #closeOfNext(): TimeMs {
    const { length } = this.buffer
    return length < this.count ? barTime(this.buffer, length) + this.timeframe.ms : Number.POSITIVE_INFINITY
  }
}

/**
 * Builds bars candle by candle: the live half. With `showForming` the last bar is visible while it forms
 * (profile `jesse`) and `buffer.forming` says so.
 */
export class CandleAggregator {
  readonly timeframe: Timeframe
  readonly buffer: CandleBuffer
  readonly #baseMs: number
  readonly #showForming: boolean
  /** Closed bars: the row of `buffer` that forms next. */
  #closed = 0
  /** Start of the bar that is forming; null between bars. */
  #formingFrom: TimeMs | null = null
  /** Start of the first bar that is delivered; null before the first candle. */
  #deliverFrom: TimeMs | null = null
  /** Candles before this time are too late. */
  #nextTime: TimeMs = Number.NEGATIVE_INFINITY

  /** @throws HedgerowError `TIMEFRAME_INVALID` when the timeframe is no multiple of the candles' spacing `baseMs`. */
  constructor(timeframe: Timeframe, baseMs: number, options: { readonly showForming?: boolean } = {}) {
    requireBuildable(timeframe, baseMs, timeframe.origin)
    this.timeframe = timeframe
    this.buffer = growingBuffer(timeframe.ms)
    this.#baseMs = baseMs
    this.#showForming = options.showForming ?? false
  }

  /** When the forming bar closes; Infinity between bars. */
  get nextCloseAt(): TimeMs {
    return this.#formingFrom === null ? Number.POSITIVE_INFINITY : this.#formingFrom + this.timeframe.ms
  }

  /** False for a candle that comes too late: its time has passed, or its bar has closed without it. */
  takes(time: TimeMs): boolean {
    return time >= this.#nextTime
  }

  /**
   * Takes a closed base candle; tells the number of closed bars. The first candle after a gap also closes the bar
   * before the gap: call `closeUpTo(candle.time)` first to handle that bar before this candle is visible.
   *
   * @throws HedgerowError `DATA_UNSORTED` for a candle that does not come after the last one, or whose bar has closed.
   */
  push(candle: Candle): number {
    const { time } = candle
    if (!this.takes(time)) {
      throw new HedgerowError('DATA_UNSORTED', { found: `a candle of ${timeText(time)}`, expected: `one of ${timeText(this.#nextTime)} or later` })
    }
    this.#nextTime = time + this.#baseMs
    this.#deliverFrom ??= barStartFrom(this.timeframe, time)
    this.closeUpTo(time)
    if (time >= this.#deliverFrom) this.#merge(candle)
    return this.closeUpTo(this.#nextTime)
  }

  /** Closes the forming bar if it ends at or before `at`, whether or not its last candle came; tells the number of closed bars. */
  closeUpTo(at: TimeMs): number {
    if (this.#formingFrom !== null && this.nextCloseAt <= at) {
      this.#nextTime = Math.max(this.#nextTime, this.nextCloseAt)
      this.#formingFrom = null
      this.#closed++
      this.#show(false)
    }
    return this.#closed
  }

  #merge(candle: Candle): void {
    const { buffer } = this
    const row = this.#closed
    if (this.#formingFrom === null) {
      this.#formingFrom = barStart(this.timeframe, candle.time)
      writeBar(buffer, row, { ...candle, time: this.#formingFrom })
    } else {
      buffer.high[row] = Math.max(cell(buffer.high, row), candle.high)
      buffer.low[row] = Math.min(cell(buffer.low, row), candle.low)
      buffer.close[row] = candle.close
      buffer.volume[row] = cell(buffer.volume, row) + candle.volume
    }
    this.#show(this.#showForming)
  }

  #show(forming: boolean): void {
    this.buffer.forming = forming
    this.buffer.length = this.#closed + (forming ? 1 : 0)
  }
}

/**
 * The bars of a backtest of which the last one is visible while it forms: what the `jesse` profile shows of timeframes
 * larger than the route's own.
 */
export class FormingBars implements BarFeed {
  readonly timeframe: Timeframe
  readonly buffer: CandleBuffer
  readonly #base: CandleColumns
  readonly #aggregator: CandleAggregator
  /** The first base candle that has not been read. */
  #next = 0

  /** @throws HedgerowError `TIMEFRAME_INVALID` */
  constructor(base: CandleColumns, timeframe: Timeframe) {
    requireBuildable(timeframe, base.step, base.start)
    this.timeframe = timeframe
    this.#base = base
    this.#aggregator = new CandleAggregator(timeframe, base.step, { showForming: true })
    this.buffer = this.#aggregator.buffer
  }

  get nextCloseAt(): TimeMs {
    return this.#aggregator.nextCloseAt
  }

  advanceTo(at: TimeMs): number {
    const { start, step, length } = this.#base
    const end = Math.min(length, Math.floor((at - start) / step))
    for (; this.#next < end; this.#next++) {
      if (!isMissing(this.#base, this.#next)) this.#aggregator.push(candleAt(this.#base, this.#next))
    }
    return this.#aggregator.closeUpTo(Math.min(at, start + length * step))
  }
}

/** The first start of a bar at or after `at`. */
function barStartFrom(timeframe: Timeframe, at: TimeMs): TimeMs {
  const start = barStart(timeframe, at)
  return start === at ? start : start + timeframe.ms
}

function computeBars(base: CandleColumns, timeframe: Timeframe): WholeBars {
  if (timeframe.ms === base.step && missingRows(base) === 0) return { buffer: denseBuffer(base), count: base.length }
  const buffer = growingBuffer(timeframe.ms, Math.floor((base.length * base.step) / timeframe.ms))
  return { buffer, count: fillBars(base, timeframe, buffer) }
}

function fillBars(base: CandleColumns, timeframe: Timeframe, buffer: CandleBuffer): number {
  const span = timeframe.ms / base.step
  let first = 0
  while (first < base.length && isMissing(base, first)) first++
  let from = (barStartFrom(timeframe, candleTime(base, first)) - base.start) / base.step
  let count = 0
  for (; from + span <= base.length; from += span) {
    if (fillBar(base, from, from + span, buffer, count)) count++
  }
  return count
}

/** Merges base candles `from` (inclusive) to `to` (exclusive) into one row; false when none of them exists. */
function fillBar(base: CandleColumns, from: number, to: number, buffer: CandleBuffer, row: number): boolean {
  let first = from
  while (first < to && isMissing(base, first)) first++
  if (first === to) return false
  const { high: highs, low: lows, volume: volumes } = base
  let high = cell(highs, first)
  let low = cell(lows, first)
  let volume = cell(volumes, first)
  let last = first
  for (let index = first + 1; index < to; index++) {
    const top = cell(highs, index)
    if (Number.isNaN(top)) continue
    const bottom = cell(lows, index)
    if (top > high) high = top
    if (bottom < low) low = bottom
    volume += cell(volumes, index)
    last = index
  }
  writeBar(buffer, row, { time: candleTime(base, from), open: cell(base.open, first), high, low, close: cell(base.close, last), volume })
  return true
}
