/** What is known of the market: the last prices, and the closed bars of every route. */
import type { CandleSeries } from '../domain/candle-series.ts'
import { decimalOfDouble, type Decimal } from '../domain/decimal.ts'
import { HedgerowError } from '../errors.ts'
import type { MarketData } from '../ports/market-data.ts'

interface Quote {
  last: number | Decimal
  mark: number | null
}

/** A fold of closed candles and fills into prices. */
export class MarketState implements MarketData {
  readonly #quotes = new Map<string, Quote>()
  readonly #series: ReadonlyMap<string, CandleSeries>
  #version = 0

  /** `series` by {@link seriesKey}. */
  constructor(symbols: readonly string[], series: ReadonlyMap<string, CandleSeries>) {
    for (const symbol of symbols) this.#quotes.set(symbol, { last: Number.NaN, mark: null })
    this.#series = series
  }

  /** Grows with every new price. */
  get version(): number {
    return this.#version
  }

  /** The close of a candle that has just closed, and of its mark candle where there is one. A missing candle (NaN) changes nothing. */
  closeCandle(symbol: string, close: number, mark: number | null): void {
    if (Number.isNaN(close)) return
    const quote = this.#quote(symbol)
    quote.last = close
    if (mark === null || !Number.isNaN(mark)) quote.mark = mark
    this.#version++
  }

  /** The price of a fill: the last trade that we know of. */
  trade(symbol: string, price: Decimal): void {
    this.#quote(symbol).last = price
    this.#version++
  }

  price(symbol: string): Decimal {
    const quote = this.#quote(symbol)
    if (typeof quote.last !== 'number') return quote.last
    if (Number.isNaN(quote.last)) {
      throw new HedgerowError('DATA_EMPTY', { where: symbol, found: 'no candle of this symbol has closed yet', expected: 'a price', remedy: 'Start the run after the first candle of every symbol, or check the price only once it exists.' })
    }
    quote.last = decimalOfDouble(quote.last)
    return quote.last
  }

  markPrice(symbol: string): Decimal {
    const { mark } = this.#quote(symbol)
    return mark === null ? this.price(symbol) : decimalOfDouble(mark)
  }

  candles(symbol: string, timeframe: string): CandleSeries {
    const series = this.#series.get(seriesKey(symbol, timeframe))
    if (series === undefined) {
      this.#quote(symbol)
      throw new HedgerowError('TIMEFRAME_INVALID', { where: symbol, found: timeframe, expected: `one of ${[...this.#series.keys()].join(', ')}`, remedy: `Add { symbol: '${symbol}', timeframe: '${timeframe}' } to dataRoutes.` })
    }
    return series
  }

  #quote(symbol: string): Quote {
    const quote = this.#quotes.get(symbol)
    if (quote === undefined) throw new HedgerowError('UNKNOWN_SYMBOL', { found: symbol, expected: `one of ${[...this.#quotes.keys()].join(', ')}` })
    return quote
  }
}

/** Names a series: `ETHUSDT 15m`. */
export function seriesKey(symbol: string, timeframe: string): string {
  return `${symbol} ${timeframe}`
}
