/** Turns a run into what its page draws. */
import { doubleOf, type Decimal, type JournalEvent, type Leg } from '@hedgerow/core'
import type { FinishedRun, PairChange, RunMarket } from '../finished-run.ts'
import { pricePlaces } from '../read/candles-file.ts'
import { COURSE_COLUMNS } from '../finished-run.ts'
import type { ColumnRef, Columns, PageChart, PageCurve, PageData, PageMarket, TradeColumns } from '../shared/page-data.ts'
import { coarseCandles, keptRanges, MOST_CANDLES } from './candle-choice.ts'
import { fillColumns } from './fill-columns.ts'
import { NumberBlock } from './number-block.ts'

/** Decimals of prices that no decimals name exactly, and of ratios. */
const PRICE_PLACES = 8
const RATIO_PLACES = 6
/** Decimals of what is only drawn, or read as an average. */
const DRAWN_PLACES = 5

/** The data of a page, and the block that its columns lie in. */
export interface PackedPage {
  readonly data: PageData
  readonly block: Uint8Array
}

/** Packs a run. */
export function packedPage(run: FinishedRun): PackedPage {
  const block = new NumberBlock()
  const { header, trades, equity, course } = run
  const symbols = run.markets.map(({ symbol }) => symbol)
  const strategies = [...new Set([...header.routes.map(({ name }) => name), ...trades.map(({ strategy }) => strategy)])]
  const reasons = [...new Set(trades.map(({ exitReason }) => exitReason))].sort()
  const data: PageData = {
    start: header.start, end: header.end, startingBalance: doubleOf(header.startingBalance), strategies, reasons,
    markets: run.markets.map((market) => marketOf(run, market, block)),
    ...fillColumns(run, symbols, block),
    trades: tradeColumns(run, { symbols, strategies, reasons }, block),
    mostGain: Math.max(0, ...equity.flatMap(({ long, short }) => [Math.abs(doubleOf(long)), Math.abs(doubleOf(short))])),
    course: { start: course.start, step: course.step, ...columnsOf(COURSE_COLUMNS, (name) => block.column(course[name], RATIO_PLACES)) },
    curves: curvesOf(run, block), charts: chartsOf(run, symbols, block),
  }
  return { data, block: block.finish() }
}

function columnsOf<Name extends string>(names: readonly Name[], make: (name: Name) => ColumnRef): Columns<Name> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, ColumnRef>
}

function marketOf({ markets, events, positions }: FinishedRun, { symbol, candles }: RunMarket, block: NumberBlock): PageMarket {
  const places = pricePlaces(candles) ?? PRICE_PLACES
  const budget = Math.floor(MOST_CANDLES / markets.length)
  const fillTimes = events.flatMap((event) => (event.type === 'order.filled' && event.symbol === symbol ? [event.at] : []))
  const ranges = keptRanges(candles, { fillTimes, budget })
  const whole = ranges.length === 1 && ranges[0]?.to === candles.length && ranges[0].from === 0
  const coarse = whole ? null : coarseCandles(candles)
  return {
    symbol, places, step: candles.step, candles: block.candles(candles, ranges, places), coarse: coarse === null ? null : block.candles(coarse, [{ from: 0, to: coarse.length }], places),
    positions: positionColumns(positions.filter((change) => change.symbol === symbol), block), funding: fundingColumns(events, symbol, block),
  }
}

function positionColumns(changes: readonly PairChange[], block: NumberBlock): PageMarket['positions'] {
  const column = (read: (change: PairChange) => Decimal | null): ColumnRef => block.column(changes.map((change) => doubleOrNone(read(change))), DRAWN_PLACES)
  const exact = (read: (change: PairChange) => Decimal): ColumnRef => block.column(changes.map((change) => doubleOf(read(change))))
  return {
    at: block.column(changes.map(({ at }) => at)),
    longQty: exact(({ long }) => long.qty), longEntry: column(({ long }) => long.entryPrice), longBooked: column(({ long }) => long.booked), longLiquidation: column(({ long }) => long.liquidationPrice),
    shortQty: exact(({ short }) => short.qty), shortEntry: column(({ short }) => short.entryPrice), shortBooked: column(({ short }) => short.booked), shortLiquidation: column(({ short }) => short.liquidationPrice),
    lockedPnl: column(({ lockedPnl }) => lockedPnl), breakEven: column(({ breakEvenPrice }) => breakEvenPrice),
  }
}

function fundingColumns(events: readonly JournalEvent[], symbol: string, block: NumberBlock): PageMarket['funding'] {
  const rows = events.flatMap((event) => (event.type === 'funding.settled' && event.symbol === symbol ? [event] : []))
  return {
    at: block.column(rows.map(({ at }) => at)), leg: block.column(rows.map(({ leg }) => legIndex(leg))),
    amount: block.column(rows.map(({ amount }) => doubleOf(amount))), rate: block.column(rows.map(({ rate }) => doubleOf(rate))),
  }
}

function tradeColumns({ trades }: FinishedRun, { symbols, strategies, reasons }: { readonly symbols: readonly string[]; readonly strategies: readonly string[]; readonly reasons: readonly string[] }, block: NumberBlock): TradeColumns {
  const numbers = (read: (trade: FinishedRun['trades'][number]) => number): ColumnRef => block.column(trades.map(read))
  const money = (read: (trade: FinishedRun['trades'][number]) => Decimal): ColumnRef => numbers((trade) => doubleOf(read(trade)))
  const drawn = (read: (trade: FinishedRun['trades'][number]) => Decimal): ColumnRef => block.column(trades.map((trade) => doubleOf(read(trade))), DRAWN_PLACES)
  return {
    id: numbers(({ id }) => id), strategy: numbers(({ strategy }) => strategies.indexOf(strategy)), symbol: numbers(({ symbol }) => symbols.indexOf(symbol)), leg: numbers(({ leg }) => legIndex(leg)),
    reason: numbers(({ exitReason }) => reasons.indexOf(exitReason)), openedAt: numbers(({ openedAt }) => openedAt), closedAt: numbers(({ closedAt }) => closedAt),
    qty: money(({ qty }) => qty), entryPrice: money(({ entryPrice }) => entryPrice), exitPrice: money(({ exitPrice }) => exitPrice), grossPnl: money(({ grossPnl }) => grossPnl), fees: money(({ fees }) => fees),
    funding: money(({ funding }) => funding), percent: drawn(({ pnlPercentage }) => pnlPercentage), mae: money(({ mae }) => mae), mfe: money(({ mfe }) => mfe), peakNotional: drawn(({ peakNotional }) => peakNotional),
  }
}

function curvesOf({ counterfactuals, header }: FinishedRun, block: NumberBlock): readonly PageCurve[] {
  return counterfactuals.flatMap(({ kind, run }) => (run === null ? [] : [{
    title: kind, at: block.column(run.equity.map(({ at }) => at)), gain: block.column(run.equity.map(({ equity }) => doubleOf(equity.minus(header.startingBalance)))),
  }]))
}

function chartsOf({ charts }: FinishedRun, symbols: readonly string[], block: NumberBlock): readonly PageChart[] {
  return Object.entries(charts).flatMap(([strategy, list]) => list.map(({ symbol, name, lines, levels }): PageChart => ({
    strategy, symbol: symbols.indexOf(symbol), name, levels: levels.map(({ title, value, color, lineWidth, lineStyle }) => ({ title, value, color, lineWidth, lineStyle })),
    lines: lines.map(({ title, color, time, value }) => ({ title, color, at: block.column(time), value: block.column(value) })),
  })))
}

function legIndex(leg: Leg): number {
  return leg === 'long' ? 0 : 1
}

function doubleOrNone(value: Decimal | null): number {
  return value === null ? Number.NaN : doubleOf(value)
}
