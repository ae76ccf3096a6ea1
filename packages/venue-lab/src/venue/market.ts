/** Prices of the venue's symbols: minutes that have closed, the one that runs, and in a replay those that nobody may see yet. */
import { barStart, cell, decimalOfDouble, doubleOf, MINUTE_MS, parseTimeframe, type Candle, type CandleColumns, type Decimal, type Instrument, type TimeMs } from '@hedgerow/core'
import type { FundingRate, NextMinute, TapeCandle } from '@hedgerow/driver-sandbox'

/** One symbol of a market. */
export interface MarketSymbol {
  readonly instrument: Instrument
  /** Minutes before the market begins, and in a replay those after it. Dense; a row of NaN is a minute without a candle. */
  readonly candles: CandleColumns
  /** Mark prices on the same minutes; absent: mark is last. */
  readonly marks?: CandleColumns
  /** Rising in time. */
  readonly funding?: readonly FundingRate[]
}

/** A minute as the market knows it. */
interface Series {
  readonly symbol: MarketSymbol
  readonly start: TimeMs
  readonly minutes: (Candle | null)[]
  /** Of the minute that runs: what was seen of it so far. */
  running: Candle | null
}

/** Volume of a minute that a script makes. */
const SCRIPT_VOLUME = 1_000_000

/** The market data of a venue. Times are market time. */
export class VenueMarket {
  readonly symbols: ReadonlyMap<string, MarketSymbol>
  readonly #series: ReadonlyMap<string, Series>
  readonly #scripted: Map<string, TapeCandle>[] = []
  /** What symbols that no script moves trade in a minute after the last given one. */
  readonly #idleVolume: number
  #now: TimeMs

  constructor(symbols: readonly MarketSymbol[], options: { readonly startAt: TimeMs; readonly idleVolume?: number }) {
    this.symbols = new Map(symbols.map((symbol) => [symbol.instrument.symbol, symbol]))
    this.#series = new Map(symbols.map((symbol) => [symbol.instrument.symbol, seriesOf(symbol)]))
    this.#idleVolume = options.idleVolume ?? SCRIPT_VOLUME
    this.#now = options.startAt
  }

  /** Everything that started before is over. */
  get now(): TimeMs {
    return this.#now
  }

  /** Lets the next minute after the given ones glide from the last price to the target, or jump there at its open. */
  script(targets: ReadonlyMap<string, { readonly to: number; readonly gap: boolean }>): void {
    const planned = this.#scripted.at(-1)
    const minute = new Map<string, TapeCandle>()
    for (const [name, series] of this.#series) {
      const last = planned?.get(name)?.close ?? lastClose(series)
      const target = targets.get(name)
      minute.set(name, target === undefined ? flat(last, this.#idleVolume) : straight(target.gap ? target.to : last, target.to))
    }
    this.#scripted.push(minute)
  }

  /** True while a scripted minute waits to be lived through. */
  get hasScript(): boolean {
    return this.#scripted.length > 0
  }

  /** The minute after the last one that is known: as scripted, else standing still. */
  next(): NextMinute {
    const last = this.#scripted.shift() ?? new Map([...this.#series].map(([name, series]) => [name, flat(lastClose(series), this.#idleVolume)]))
    for (const [name, series] of this.#series) {
      const candle = last.get(name)
      series.minutes.push(candle === undefined ? null : { time: series.start + series.minutes.length * MINUTE_MS, ...candle })
    }
    return { last, mark: last }
  }

  /** Time has passed and the price stands here. */
  observe(now: TimeMs, priceOf: (symbol: string) => Decimal | null): void {
    this.#now = now
    const start = now - (now % MINUTE_MS)
    for (const [name, series] of this.#series) {
      const exact = priceOf(name)
      if (exact === null) continue
      const price = doubleOf(exact)
      const { running } = series
      series.running = running === null || running.time !== start
        ? { time: start, open: price, high: price, low: price, close: price, volume: 0 }
        : { ...running, high: Math.max(running.high, price), low: Math.min(running.low, price), close: price }
    }
  }

  /** Candles of an interval in rising order, the running one last. `interval` is a timeframe such as `15m`. */
  candles(symbol: string, interval: string): readonly Candle[] {
    const series = this.#series.get(symbol)
    return series === undefined ? [] : barsOf(this.#visible(series), interval)
  }

  /** The candle of an interval that closed at a moment; undefined when none did, or there was no trade in it. */
  closedCandle(symbol: string, interval: string, at: TimeMs): Candle | undefined {
    const series = this.#series.get(symbol)
    if (series === undefined || barStart(parseTimeframe(interval), at) !== at) return undefined
    const start = barStart(parseTimeframe(interval), at - 1)
    const from = Math.max(0, indexOf(series, start))
    return barsOf(series.minutes.slice(from, indexOf(series, at)).filter((candle) => candle !== null), interval).at(-1)
  }

  /** When a candle of an interval ends. */
  endOf(interval: string, start: TimeMs): TimeMs {
    return start + parseTimeframe(interval).ms
  }

  /** The running candle of an interval. */
  runningCandle(symbol: string, interval: string): Candle | undefined {
    const series = this.#series.get(symbol)
    if (series === undefined) return undefined
    const start = barStart(parseTimeframe(interval), this.#now)
    const from = Math.max(0, Math.floor((start - series.start) / MINUTE_MS))
    return barsOf(this.#visible(series, from), interval).at(-1)
  }

  /** Funding that was settled, in rising order. */
  funding(symbol: string): readonly FundingRate[] {
    return (this.symbols.get(symbol)?.funding ?? []).filter(({ at }) => at <= this.#now)
  }

  #visible(series: Series, from = 0): Candle[] {
    const until = indexOf(series, this.#now)
    const visible = series.minutes.slice(from, Math.max(from, until)).filter((candle) => candle !== null)
    if (series.running !== null && series.running.time === this.#now - (this.#now % MINUTE_MS)) visible.push(series.running)
    return visible
  }
}

/** Minutes joined to bars; the last one may still run. */
function barsOf(minutes: readonly Candle[], interval: string): readonly Candle[] {
  if (interval === '1m') return minutes
  const timeframe = parseTimeframe(interval)
  const bars: Candle[] = []
  for (const minute of minutes) {
    const time = barStart(timeframe, minute.time)
    const bar = bars.at(-1)
    if (bar?.time !== time) bars.push({ ...minute, time })
    else bars[bars.length - 1] = { time, open: bar.open, high: Math.max(bar.high, minute.high), low: Math.min(bar.low, minute.low), close: minute.close, volume: addVolume(bar.volume, minute.volume) }
  }
  return bars
}

function addVolume(a: number, b: number): number {
  return doubleOf(decimalOfDouble(a).plus(decimalOfDouble(b)))
}

function indexOf(series: Series, at: TimeMs): number {
  return Math.floor((at - series.start) / MINUTE_MS)
}

function seriesOf(symbol: MarketSymbol): Series {
  const { start, length, open, high, low, close, volume } = symbol.candles
  const minutes = Array.from({ length }, (_, index): Candle | null => {
    const candle = { time: start + index * MINUTE_MS, open: cell(open, index), high: cell(high, index), low: cell(low, index), close: cell(close, index), volume: cell(volume, index) }
    return Number.isNaN(candle.close) ? null : candle
  })
  return { symbol, start, minutes, running: null }
}

function lastClose(series: Series): number {
  return series.minutes.findLast((candle) => candle !== null)?.close ?? Number.NaN
}

function flat(price: number, volume: number): TapeCandle {
  return { open: price, high: price, low: price, close: price, volume }
}

function straight(from: number, to: number): TapeCandle {
  return { open: from, high: Math.max(from, to), low: Math.min(from, to), close: to, volume: SCRIPT_VOLUME }
}
