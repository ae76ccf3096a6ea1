/** The market of a run: candles, marks and funding of every symbol on one grid, and the bars that strategies read. */
import { basename } from 'node:path'
import {
  CandleSeries, candleTime, countedFrom, FormingBars, HedgerowError, isHedgerowError, isMissing, parseTimeframe, PrecomputedBars, seriesKey, timeText,
  type BarFeed, type CandleColumns, type Decimal, type RecordedSymbol, type TimeMs, type Timeframe, type VenueProfile,
} from '@hedgerow/core'
import { withoutGaps } from '@hedgerow/driver-sandbox'
import { readCandles, readFunding, readMarks, type CandleSource } from '../data/inputs.ts'
import { onGrid, unionGrid } from './grid.ts'
import type { BacktestSettings } from './options.ts'
import type { RunHeader } from './result.ts'

/** One funding settlement. */
export interface FundingSettlement {
  readonly at: TimeMs
  readonly rate: Decimal
}

/** One symbol of the market. */
export interface MarketSymbol extends RecordedSymbol {
  readonly funding?: readonly FundingSettlement[]
  /** Mark candles of another spacing than the candles: they value funding only. */
  readonly coarseMarks?: CandleColumns
}

/** Everything that a run reads of the outside world. */
export interface Market {
  readonly symbols: readonly MarketSymbol[]
  readonly symbolNames: readonly string[]
  /** First tradable moment. */
  readonly start: TimeMs
  readonly end: TimeMs
  /** Warm-up bars that the first route has of those that were asked for. */
  readonly warmupBars: number
  readonly data: RunHeader['data']
  /** The bars of a route; the same feed for the same symbol and timeframe. */
  readonly feedOf: (symbol: string, timeframe: string) => BarFeed
  readonly dataFeeds: readonly BarFeed[]
  /** By `seriesKey`. */
  readonly series: ReadonlyMap<string, CandleSeries>
  readonly nextFunding: (symbol: string, now: TimeMs) => TimeMs | null
}

/**
 * Reads candles, marks and funding of the options.
 *
 * @throws HedgerowError `DATA_*` codes, `UNKNOWN_SYMBOL` for a route without candles, `TIMEFRAME_INVALID`.
 */
export function readMarket(settings: BacktestSettings, profile: VenueProfile): Market {
  const sources = new Map(Object.entries(settings.candles).map(([symbol, input]) => [symbol, readCandles(symbol, input)]))
  requireKnown(settings, sources)
  const grid = unionGrid(new Map([...sources].map(([symbol, { columns }]) => [symbol, columns])), settings.end)
  const symbols = [...sources].map(([symbol, { columns }]) => marketSymbol(symbol, onGrid(profile.execution.gapFix ? withoutGaps(columns) : columns, grid), settings))
  requireNoGaps(symbols, settings)
  const bars = new BarTable(symbols, profile.execution.predecessor, settings)
  const start = firstTradable(settings, bars, grid.start)
  if (start >= grid.end) {
    throw new HedgerowError('DATA_EMPTY', {
      where: 'backtest window', found: `candles from ${timeText(grid.start)} to ${timeText(grid.end)}, first tradable moment ${timeText(start)}`,
      expected: 'candles after the warm-up', remedy: `Load more candles, set start and end within them, or lower warmupCandles (${settings.warmupCandles}).`,
    })
  }
  return {
    symbols, symbolNames: [...sources.keys()], start, end: grid.end, dataFeeds: bars.dataFeeds, series: bars.series,
    warmupBars: Math.min(...settings.routes.map(({ timeframe }) => Math.floor((start - grid.start) / parseTimeframe(timeframe).ms))),
    data: symbols.map(({ symbol, candles }) => dataRow(symbol, candles, sources.get(symbol))),
    feedOf: (symbol, timeframe) => bars.feedOf(symbol, timeframe),
    nextFunding: nextFundingOf(symbols),
  }
}

/** The feeds and series of all routes and data routes. */
class BarTable {
  readonly series = new Map<string, CandleSeries>()
  readonly dataFeeds: BarFeed[] = []
  readonly #feeds = new Map<string, BarFeed>()
  readonly #symbols: readonly MarketSymbol[]
  readonly #predecessor: boolean

  constructor(symbols: readonly MarketSymbol[], predecessor: boolean, { routes, dataRoutes, warmupCandles }: BacktestSettings) {
    this.#symbols = symbols
    this.#predecessor = predecessor
    const window = predecessor && warmupCandles > 0 ? warmupCandles : null
    for (const { symbol, timeframe } of routes) this.#add(symbol, timeframe, { window, forming: false })
    for (const { symbol, timeframe } of dataRoutes) {
      const feed = this.#add(symbol, timeframe, { window, forming: predecessor })
      if (feed !== null) this.dataFeeds.push(feed)
    }
  }

  /** The timeframe as this run counts it: from the UTC epoch, or from the first candle. */
  timeframe(symbol: string, text: string): Timeframe {
    const timeframe = parseTimeframe(text)
    return this.#predecessor ? countedFrom(timeframe, this.#columns(symbol).start) : timeframe
  }

  feedOf(symbol: string, timeframe: string): BarFeed {
    const feed = this.#feeds.get(seriesKey(symbol, timeframe))
    if (feed === undefined) throw new HedgerowError('INVARIANT_BROKEN', { found: `no bars of ${symbol} ${timeframe}`, expected: 'bars of every route' })
    return feed
  }

  /** Null when the route has these bars already. */
  #add(symbol: string, text: string, how: { readonly window: number | null; readonly forming: boolean }): BarFeed | null {
    const key = seriesKey(symbol, text)
    if (this.#feeds.has(key)) return null
    const columns = this.#columns(symbol)
    const feed = located(`route ${symbol} ${text}`, () => {
      const timeframe = this.timeframe(symbol, text)
      return how.forming ? new FormingBars(columns, timeframe) : new PrecomputedBars(columns, timeframe)
    })
    this.#feeds.set(key, feed)
    this.series.set(key, new CandleSeries(feed.buffer, how.window))
    return feed
  }

  #columns(symbol: string): CandleColumns {
    const found = this.#symbols.find((candidate) => candidate.symbol === symbol)
    if (found === undefined) throw unknownSymbol(symbol, 'routes', this.#symbols.map((candidate) => candidate.symbol))
    return found.candles
  }
}

/** Adds the place to an error that cannot know it. */
function located<T>(where: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw isHedgerowError(error) && error.details.where === undefined ? new HedgerowError(error.code, { ...error.details, where }) : error
  }
}

function marketSymbol(symbol: string, candles: CandleColumns, { funding, marks }: BacktestSettings): MarketSymbol {
  const rates = funding[symbol]
  const markInput = marks[symbol]
  const marked = markInput === undefined ? undefined : readMarks(symbol, markInput).columns
  const fine = marked !== undefined && marked.step === candles.step
  return {
    symbol, candles,
    ...(rates === undefined ? {} : { funding: readFunding(symbol, rates) }),
    ...(marked === undefined ? {} : fine ? { marks: onGrid(marked, { start: candles.start, end: candleTime(candles, candles.length), step: candles.step }) } : { coarseMarks: marked }),
  }
}

function requireKnown({ routes, dataRoutes, funding, marks }: BacktestSettings, sources: ReadonlyMap<string, unknown>): void {
  const known = [...sources.keys()]
  const named: readonly (readonly [string, readonly string[]])[] = [
    ['routes', routes.map(({ symbol }) => symbol)], ['dataRoutes', dataRoutes.map(({ symbol }) => symbol)], ['funding', Object.keys(funding)], ['marks', Object.keys(marks)],
  ]
  for (const [where, symbols] of named) for (const symbol of symbols) if (!sources.has(symbol)) throw unknownSymbol(symbol, where, known)
}

function unknownSymbol(symbol: string, where: string, known: readonly string[]): HedgerowError {
  return new HedgerowError('UNKNOWN_SYMBOL', { where, found: `"${symbol}"`, expected: `a symbol with candles: ${known.length === 0 ? 'none were given' : known.join(', ')}` })
}

/** A run of missing minutes longer than `sim.maxGapMinutes` ends it before it starts; without that key gaps are allowed and reported. */
function requireNoGaps(symbols: readonly MarketSymbol[], { sim: { maxGapMinutes } }: BacktestSettings): void {
  if (maxGapMinutes === undefined) return
  for (const { symbol, candles } of symbols) {
    let since = -1
    for (let index = 0; index < candles.length; index++) {
      if (!isMissing(candles, index)) {
        const minutes = since < 0 ? 0 : ((index - since - 1) * candles.step) / 60_000
        if (minutes > maxGapMinutes) throw new HedgerowError('DATA_GAP', { where: `candles of ${symbol}`, found: `${minutes} minutes missing from ${timeText(candleTime(candles, since + 1))}`, expected: `at most ${maxGapMinutes} (sim.maxGapMinutes)` })
        since = index
      }
    }
  }
}

/** `start`, or the moment at which every route has its warm-up behind it. */
function firstTradable({ start, routes, warmupCandles }: BacktestSettings, bars: BarTable, gridStart: TimeMs): TimeMs {
  if (start !== undefined) return Math.max(start, gridStart)
  return Math.max(...routes.map(({ symbol, timeframe }) => {
    const { ms, origin } = bars.timeframe(symbol, timeframe)
    return origin + Math.ceil((gridStart - origin) / ms) * ms + warmupCandles * ms
  }))
}

function dataRow(symbol: string, candles: CandleColumns, source: CandleSource | undefined): RunHeader['data'][number] {
  let missing = 0
  for (let index = 0; index < candles.length; index++) if (isMissing(candles, index)) missing++
  const { source: path = '', synthetic = false } = source?.columns ?? {}
  return { symbol, source: basename(path), synthetic, hash: source?.hash() ?? '', candles: candles.length - missing, missing, start: candles.start, end: candleTime(candles, candles.length) }
}

function nextFundingOf(symbols: readonly MarketSymbol[]): Market['nextFunding'] {
  return (name, now) => symbols.find(({ symbol }) => symbol === name)?.funding?.find(({ at }) => at > now)?.at ?? null
}
