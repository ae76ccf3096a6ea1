/** The bars of a run: what each route is called on, and what strategies read of others. */
import {
  CandleSeries, countedFrom, FormingBars, HedgerowError, isHedgerowError, parseTimeframe, PrecomputedBars, seriesKey,
  type BarFeed, type CandleColumns, type RecordedSymbol, type TimeMs, type Timeframe,
} from '@hedgerow/core'
import type { BacktestSettings, RouteSettings } from './options.ts'

/** The bars that a route is called on, and how its strategy reads them. */
export interface RouteBars {
  readonly feed: BarFeed
  readonly series: CandleSeries
}

/** A timeframe by its text, and the symbol whose bars it cuts. */
export interface NamedTimeframe {
  readonly symbol: string
  readonly timeframe: string
}

/** The bars that a route is called on: one row a symbol. */
export function namedTimeframes({ symbols, timeframe }: Pick<RouteSettings, 'symbols' | 'timeframe'>): readonly NamedTimeframe[] {
  return symbols.map((symbol) => ({ symbol, timeframe }))
}

/** Reads a timeframe. @throws HedgerowError `TIMEFRAME_INVALID` naming the route. */
export function readTimeframe(route: NamedTimeframe): Timeframe {
  return located(route, () => parseTimeframe(route.timeframe))
}

/** The feeds and series of all routes and data routes. */
export class BarTable {
  /** What a strategy reads of other routes and of data routes. */
  readonly series: Map<string, CandleSeries> = new Map()
  readonly dataFeeds: BarFeed[] = []
  readonly #routes = new Map<string, RouteBars>()
  readonly #symbols: readonly RecordedSymbol[]
  readonly #origin: TimeMs | null
  readonly #window: number | null

  /** `origin` is where bars begin as the predecessor counts them, the start of trading; null counts from the UTC epoch and shows closed bars only. */
  constructor(symbols: readonly RecordedSymbol[], { routes, dataRoutes, warmupCandles }: BacktestSettings, origin: TimeMs | null) {
    this.#symbols = symbols
    this.#origin = origin
    this.#window = origin !== null && warmupCandles > 0 ? warmupCandles : null
    const routed = routes.flatMap(namedTimeframes)
    const shortest = Math.min(...routed.map((route) => readTimeframe(route).ms))
    for (const { symbol, timeframe } of routed) this.#addRoute(symbol, timeframe)
    for (const { symbol, timeframe } of [...dataRoutes, ...routed]) this.#addReadable(symbol, timeframe, shortest)
  }

  routeBars(symbol: string, timeframe: string): RouteBars {
    const bars = this.#routes.get(seriesKey(symbol, timeframe))
    if (bars === undefined) throw new HedgerowError('INVARIANT_BROKEN', { found: `no bars of ${symbol} ${timeframe}`, expected: 'bars of every route' })
    return bars
  }

  /** True when a series shows a bar before it has closed. */
  get showsForming(): boolean {
    return this.dataFeeds.some((feed) => feed instanceof FormingBars)
  }

  #addRoute(symbol: string, text: string): void {
    const feed = this.#feed({ symbol, timeframe: text }, PrecomputedBars)
    this.#routes.set(seriesKey(symbol, text), { feed, series: new CandleSeries(feed.buffer, this.#window) })
  }

  /** The predecessor shows bars longer than those of some route while they form. Routes keep their own, which have closed when they are called. */
  #addReadable(symbol: string, text: string, shortest: number): void {
    const key = seriesKey(symbol, text)
    if (this.series.has(key)) return
    const own = this.#routes.get(key)
    const forming = this.#origin !== null && readTimeframe({ symbol, timeframe: text }).ms > shortest
    if (own !== undefined && !forming) {
      this.series.set(key, own.series)
      return
    }
    const feed = this.#feed({ symbol, timeframe: text }, forming ? FormingBars : PrecomputedBars)
    this.dataFeeds.push(feed)
    this.series.set(key, new CandleSeries(feed.buffer, this.#window))
  }

  #feed(route: NamedTimeframe, Bars: new (base: CandleColumns, timeframe: Timeframe) => BarFeed): BarFeed {
    const timeframe = readTimeframe(route)
    return located(route, () => new Bars(this.#columns(route.symbol), this.#origin === null ? timeframe : countedFrom(timeframe, this.#origin)))
  }

  #columns(symbol: string): CandleColumns {
    const found = this.#symbols.find((candidate) => candidate.symbol === symbol)
    if (found === undefined) throw new HedgerowError('INVARIANT_BROKEN', { found: `no candles of ${symbol}`, expected: 'candles of every route and data route' })
    return found.candles
  }
}

/** Adds the place to an error that cannot know it. */
function located<T>({ symbol, timeframe }: NamedTimeframe, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!isHedgerowError(error) || error.details.where !== undefined) throw error
    throw new HedgerowError(error.code, { ...error.details, where: `route ${symbol} ${timeframe}` })
  }
}
