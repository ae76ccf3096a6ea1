/** The market of a run: candles, marks and funding of every symbol on one grid, and the bars that strategies read. */
import { basename } from 'node:path'
import {
  candleTime, FundingCalendar, HedgerowError, isMissing, MINUTE_MS, missingRows, timeText,
  type BarFeed, type CandleColumns, type CandleSeries, type FundingRow, type RecordedSymbol, type TimeMs, type VenueProfile,
} from '@hedgerow/core'
import { withoutGaps } from '@hedgerow/driver-sandbox'
import { readCandles, readFunding, readIndexes, readMarks, type CandleSource } from '../data/inputs.ts'
import { BarTable, namedTimeframes, readTimeframe, type NamedTimeframe, type RouteBars } from './bars.ts'
import { indexesBeside, marksBeside, type FineMarks } from './beside-candles.ts'
import { onGrid, unionGrid, type Grid } from './grid.ts'
import type { BacktestSettings } from './options.ts'
import type { RunHeader } from './result.ts'

/** One symbol of the market. */
export interface MarketSymbol extends RecordedSymbol {
  readonly funding?: readonly FundingRow[]
  /** Mark candles of another spacing than the candles: they value funding only. */
  readonly coarseMarks?: CandleColumns
  /** Index prices on the grid of the candles. */
  readonly indexes?: CandleColumns
  readonly lastAsMark?: FineMarks['lastAsMark']
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
  /** What the header of the result says of each symbol. Hashes its candles: asked for when there is a result. */
  readonly data: () => RunHeader['data']
  /** The same bars for the same symbol and timeframe. */
  readonly routeBars: (symbol: string, timeframe: string) => RouteBars
  readonly dataFeeds: readonly BarFeed[]
  /** What strategies read beside the bars of their own route, by `seriesKey`. */
  readonly series: ReadonlyMap<string, CandleSeries>
  /** True when some of these series show a bar before it has closed. */
  readonly showsForming: boolean
  readonly funding: FundingCalendar
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
  const { predecessor, gapFix } = profile.execution
  const beside = predecessor ? { marks: {}, funding: {}, indexes: {} } : settings
  const symbols = [...sources].map(([symbol, { columns }]) => marketSymbol(symbol, onGrid(gapFix ? withoutGaps(columns) : columns, grid), beside))
  requireNoGaps(symbols, settings)
  requireIndexes(symbols, settings)
  const start = firstTradable(settings, predecessor ? grid.start : null, grid.start)
  const bars = new BarTable(symbols, settings, predecessor ? ceilToGrid(start, grid) : null)
  if (start >= grid.end) {
    throw new HedgerowError('DATA_EMPTY', {
      where: 'backtest window', found: `candles from ${timeText(grid.start)} to ${timeText(grid.end)}, first tradable moment ${timeText(start)}`,
      expected: 'candles after the warm-up', remedy: `Load more candles, set start and end within them, or lower warmupCandles (${settings.warmupCandles}).`,
    })
  }
  for (const route of settings.routes.flatMap(namedTimeframes)) requireBars(route, bars.routeBars(route.symbol, route.timeframe).feed, { start, end: grid.end })
  return {
    symbols, symbolNames: [...sources.keys()], start, end: grid.end, dataFeeds: bars.dataFeeds, series: bars.series,
    warmupBars: Math.min(...settings.routes.flatMap(namedTimeframes).map((route) => Math.floor((start - grid.start) / readTimeframe(route).ms))),
    data: () => symbols.map(({ symbol, candles }) => dataRow(symbol, candles, sources.get(symbol))),
    routeBars: (symbol, timeframe) => bars.routeBars(symbol, timeframe),
    showsForming: bars.showsForming,
    funding: new FundingCalendar(new Map(symbols.map(({ symbol, funding = [] }) => [symbol, funding]))),
  }
}

/** A route that no bar would ever reach is a mistake, not a run without trades. */
function requireBars({ symbol, timeframe }: NamedTimeframe, feed: BarFeed, { start, end }: { readonly start: TimeMs; readonly end: TimeMs }): void {
  feed.advanceTo(start)
  if (feed.nextCloseAt <= end) return
  throw new HedgerowError('DATA_EMPTY', { where: `route ${symbol} ${timeframe}`, found: `no bar that closes from ${timeText(start)} to ${timeText(end)}`, expected: 'at least one whole bar' })
}

function marketSymbol(symbol: string, candles: CandleColumns, { funding, marks, indexes }: Pick<BacktestSettings, 'funding' | 'marks' | 'indexes'>): MarketSymbol {
  const rates = funding[symbol]
  const markInput = marks[symbol]
  const marked = markInput === undefined ? undefined : readMarks(symbol, markInput).columns
  const indexInput = indexes[symbol]
  const own = { ...(rates === undefined ? {} : { funding: readFunding(symbol, rates) }), ...(indexInput === undefined ? {} : { indexes: indexesBeside(symbol, readIndexes(symbol, indexInput).columns, candles) }) }
  if (marked === undefined) return { symbol, candles, ...own }
  return marked.step === candles.step ? { symbol, candles, ...own, ...marksBeside(symbol, marked, candles) } : { symbol, candles, ...own, coarseMarks: marked }
}

/** A run that triggers by index needs index prices of every symbol that it trades. */
function requireIndexes(symbols: readonly MarketSymbol[], { routes, sim }: BacktestSettings): void {
  if (sim.triggerBy !== 'index') return
  const traded = new Set(routes.flatMap((route) => route.symbols))
  for (const { symbol, indexes } of symbols) {
    if (traded.has(symbol) && indexes === undefined) throw new HedgerowError('INDEX_MISSING', { where: `sim.triggerBy, ${symbol}`, found: 'no index prices', expected: 'index candles of every routed symbol' })
  }
}

function requireKnown({ routes, dataRoutes, funding, marks, indexes }: BacktestSettings, sources: ReadonlyMap<string, unknown>): void {
  const known = [...sources.keys()]
  const named: readonly (readonly [string, readonly string[]])[] = [
    ['routes', routes.flatMap(({ symbols }) => symbols)], ['dataRoutes', dataRoutes.map(({ symbol }) => symbol)], ['funding', Object.keys(funding)], ['marks', Object.keys(marks)], ['indexes', Object.keys(indexes)],
  ]
  for (const [where, symbols] of named) for (const symbol of symbols) if (!sources.has(symbol)) throw unknownSymbol(symbol, where, known)
}

function unknownSymbol(symbol: string, where: string, known: readonly string[]): HedgerowError {
  return new HedgerowError('UNKNOWN_SYMBOL', { where, found: `"${symbol}"`, expected: `a symbol with candles: ${known.length === 0 ? 'none were given' : known.join(', ')}` })
}

/**
 * More than `sim.maxGapMinutes` (none unless it is said) missing between two candles ends a run before it starts.
 * Before its first candle and after its last a symbol does not trade: that is no gap.
 */
function requireNoGaps(symbols: readonly MarketSymbol[], { sim: { maxGapMinutes = 0 } }: BacktestSettings): void {
  for (const { symbol, candles } of symbols) {
    if (missingRows(candles) === 0) continue
    let [from, to] = [0, candles.length - 1]
    while (from <= to && isMissing(candles, from)) from++
    while (from <= to && isMissing(candles, to)) to--
    requireDense(`candles of ${symbol}`, candles, { from, to, maxGapMinutes })
  }
}

function requireDense(where: string, columns: CandleColumns, { from, to, maxGapMinutes }: { readonly from: number; readonly to: number; readonly maxGapMinutes: number }): void {
  let since = from
  for (let index = from; index <= to + 1; index++) {
    if (index <= to && isMissing(columns, index)) continue
    const minutes = ((index - since) * columns.step) / MINUTE_MS
    if (minutes > maxGapMinutes) throw new HedgerowError('DATA_GAP', { where, found: `${minutes} minutes missing from ${timeText(candleTime(columns, since))}`, expected: `at most ${maxGapMinutes} (sim.maxGapMinutes)` })
    since = index + 1
  }
}

/** `start`, or the moment at which every route has its warm-up behind it. Bars count from `origin`, or from that of their timeframe. */
function firstTradable({ start, routes, warmupCandles }: BacktestSettings, origin: TimeMs | null, gridStart: TimeMs): TimeMs {
  if (start !== undefined) return Math.max(start, gridStart)
  return Math.max(...routes.flatMap(namedTimeframes).map((route) => {
    const timeframe = readTimeframe(route)
    const from = origin ?? timeframe.origin
    return from + (Math.ceil((gridStart - from) / timeframe.ms) + warmupCandles) * timeframe.ms
  }))
}

function ceilToGrid(at: TimeMs, { start, step }: Grid): TimeMs {
  return start + Math.ceil((at - start) / step) * step
}

function dataRow(symbol: string, candles: CandleColumns, source: CandleSource | undefined): RunHeader['data'][number] {
  const missing = missingRows(candles)
  const { source: path = '', synthetic = false } = source?.columns ?? {}
  return { symbol, source: basename(path), synthetic, hash: source?.hash() ?? '', candles: candles.length - missing, missing, start: candles.start, end: candleTime(candles, candles.length) }
}
