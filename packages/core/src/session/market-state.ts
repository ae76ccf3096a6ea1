/** What is known of the market: the last prices, and the closed bars of every route. */
import type { CandleSeries } from '../domain/candle-series.ts'
import { decimalOfDouble, type Decimal } from '../domain/decimal.ts'
import { HedgerowError } from '../errors.ts'
import type { MarketData } from '../ports/market-data.ts'

/** What is known of one symbol's prices. */
export class Quote {
  /** The last close; NaN before the first. */
  last: number = Number.NaN
  /** The last price as a decimal: of a fill, or the close once somebody has asked for it. */
  exact: Decimal | null = null
  mark: number | null = null
  /** Grows with every new price. */
  version = 0

  /** The close of a candle that has just closed, and of its mark candle where there is one. A missing candle (NaN) changes nothing. */
  close(close: number, mark: number | null): void {
    if (Number.isNaN(close)) return
    this.last = close
    this.exact = null
    if (mark === null || !Number.isNaN(mark)) this.mark = mark
    this.version++
  }

  /** The price of a fill: the last trade that we know of. */
  trade(price: Decimal): void {
    this.exact = price
    this.version++
  }
}

/** A fold of closed candles and fills into prices. */
export class MarketState implements MarketData {
  readonly #quotes = new Map<string, Quote>()
  /** The symbol that was asked for last, and its prices: it is asked for again and again. */
  #asked = ''
  #quote: Quote | null = null
  readonly #series: ReadonlyMap<string, CandleSeries>

  /** `series` by {@link seriesKey}. */
  constructor(symbols: readonly string[], series: ReadonlyMap<string, CandleSeries>) {
    for (const symbol of symbols) this.#quotes.set(symbol, new Quote())
    this.#series = series
  }

  /** Grows with every new price. */
  get version(): number {
    let version = 0
    for (const quote of this.#quotes.values()) version += quote.version
    return version
  }

  /** The prices of a symbol, to be told what happens to them. Throws `UNKNOWN_SYMBOL`. */
  quote(symbol: string): Quote {
    if (this.#quote !== null && this.#asked === symbol) return this.#quote
    const quote = this.#quotes.get(symbol)
    if (quote === undefined) throw new HedgerowError('UNKNOWN_SYMBOL', { found: symbol, expected: `one of ${[...this.#quotes.keys()].join(', ')}` })
    this.#asked = symbol
    this.#quote = quote
    return quote
  }

  /** See {@link Quote.close}. */
  closeCandle(symbol: string, close: number, mark: number | null): void {
    this.quote(symbol).close(close, mark)
  }

  /** See {@link Quote.trade}. */
  trade(symbol: string, price: Decimal): void {
    this.quote(symbol).trade(price)
  }

  price(symbol: string): Decimal {
    const quote = this.quote(symbol)
    if (quote.exact !== null) return quote.exact
    if (Number.isNaN(quote.last)) {
      throw new HedgerowError('DATA_EMPTY', { where: symbol, found: 'no candle of this symbol has closed yet', expected: 'a price', remedy: 'Start the run after the first candle of every symbol, or check the price only once it exists.' })
    }
    quote.exact = decimalOfDouble(quote.last)
    return quote.exact
  }

  markPrice(symbol: string): Decimal {
    const { mark } = this.quote(symbol)
    return mark === null ? this.price(symbol) : decimalOfDouble(mark)
  }

  candles(symbol: string, timeframe: string): CandleSeries {
    const series = this.#series.get(seriesKey(symbol, timeframe))
    if (series === undefined) {
      this.quote(symbol)
      throw new HedgerowError('TIMEFRAME_INVALID', { where: symbol, found: timeframe, expected: `one of ${[...this.#series.keys()].join(', ')}`, remedy: `Add { symbol: '${symbol}', timeframe: '${timeframe}' } to dataRoutes.` })
    }
    return series
  }
}

/** Names a series: `ETHUSDT 15m`. */
export function seriesKey(symbol: string, timeframe: string): string {
  return `${symbol} ${timeframe}`
}
