/** What the simulation may have been too kind about. */
import { decimalOfCount, maxDecimal, parseTimeframe, barStart, sumDecimals, ZERO, type Decimal, type Trade } from '@hedgerow/core'
import type { CriticisedRun, Criticism, Rule } from './criticism.ts'
import { closingFills } from './fills.ts'
import { counted, money, percent } from './numbers.ts'

/** Share of the winnings made inside single candles from which it is said aloud. */
const LOUD = '0.05'
/** Share of closed trades from which ambiguous candles matter. */
const AMBIGUOUS = '0.05'

const positive = (values: readonly Decimal[]): Decimal => sumDecimals(values.map((value) => maxDecimal(value, ZERO)))

/** True where a venue matched the fills: nothing was simulated. */
const isReal = ({ kind, warnings }: CriticisedRun): boolean => kind !== 'backtest' && kind !== 'paper' && !warnings.some(({ code }) => code === 'IMPORTED_BACKTEST')

const insideOneCandle: Rule = (run) => {
  const { events, markets: [market] } = run
  if (market === undefined || isReal(run)) return null
  const { candles: { start, step } } = market
  const closing = closingFills(events, { start, step })
  const within = closing.filter(({ withinCandle }) => withinCandle.qty.gt(0))
  const won = positive(closing.map(({ pnl }) => pnl))
  const wonWithin = positive(within.map(({ withinCandle }) => withinCandle.pnl))
  if (within.length === 0 || !wonWithin.gt(0)) return null
  const share = wonWithin.div(maxDecimal(won, wonWithin))
  const isLoud = share.gt(LOUD)
  return {
    id: 'inside-one-candle', severity: isLoud ? 'severe' : 'note',
    headline: `${percent(share)} of what was won came from ${counted(within.length, 'round trip')} opened and closed inside one candle.`,
    found: `A candle of ${step / 60_000} min says where the price went, not in which order it came by: each of these fills stands on the guess that the opening price came first. They won ${money(wonWithin)} of ${money(won)} before fees.`,
    remedy: isLoud ? 'Take the result as overstated. Widen the distance between entry and target beyond the usual candle, use shorter candles, or run with sim.path "pessimistic" and compare.' : 'Compare with sim.path "pessimistic".',
  }
}

/** Share of the result from which the path within candles makes most of it. */
const MOST_OF_IT = '0.5'

/** Both extremes of the path were run: how far they lie apart says what the order of the prices within candles decides. */
const pathDecides: Rule = ({ bracket, metrics: { total: { totalPnl } } }) => {
  if (bracket === null) return null
  const [olhc, ohlc] = [bracket.olhc.metrics.totalPnl, bracket.ohlc.metrics.totalPnl]
  if (olhc.eq(ohlc)) return null
  const apart = olhc.minus(ohlc).abs()
  const changesSign = [olhc, ohlc, totalPnl].some((value) => value.gt(0)) && [olhc, ohlc, totalPnl].some((value) => value.lt(0))
  if (!changesSign && apart.lt(totalPnl.abs().times(MOST_OF_IT))) return null
  return {
    id: 'path-decides', severity: changesSign ? 'severe' : 'warning',
    headline: changesSign ? `Whether it wins or loses depends on the path within candles: ${money(olhc)} or ${money(ohlc)}.` : `The path within candles decides ${money(apart)} of a result of ${money(totalPnl)}.`,
    found: `The same run along open-low-high-close made ${money(olhc)}, along open-high-low-close ${money(ohlc)}; the result itself is ${money(totalPnl)}. Candles do not tell which of the two happened.`,
    remedy: 'Use shorter candles, or orders that lie further apart than the usual candle. Believe no more than the lower of the two.',
  }
}

const ambiguous: Rule = ({ counts: { ambiguousCandles }, trades }) => {
  if (ambiguousCandles === 0 || decimalOfCount(ambiguousCandles).lt(decimalOfCount(trades.length).times(AMBIGUOUS))) return null
  return {
    id: 'ambiguous-candles', severity: 'warning',
    headline: `In ${counted(ambiguousCandles, 'candle')} the fills depend on whether the high or the low came first.`,
    found: `Both orders of each candle were tried, and gave different fills; the run has ${counted(trades.length, 'closed trade')}.`,
    remedy: 'See what both extremes would have given with sim.bracket, or use shorter candles.',
  }
}

/** Consecutive trades of one leg of one symbol, the second opened in the bar in which the first closed. */
function reopened({ trades, header: { routes } }: CriticisedRun): readonly (readonly [Trade, Trade])[] {
  return [...Map.groupBy(trades, ({ symbol, leg }) => `${symbol} ${leg}`).values()].flatMap((ofLeg) => ofLeg.toSorted((a, b) => a.openedAt - b.openedAt).flatMap((trade, index, all): (readonly [Trade, Trade])[] => {
    const next = all[index + 1]
    const route = routes.find(({ name }) => name === trade.strategy)
    if (next === undefined || route === undefined || route.timeframe === '' || trade.exitReason !== 'signal') return []
    const timeframe = parseTimeframe(route.timeframe)
    return barStart(timeframe, trade.closedAt) === barStart(timeframe, next.openedAt) ? [[trade, next]] : []
  }))
}

const sameBarReopen: Rule = (run) => {
  const pairs = reopened(run)
  if (pairs.length === 0 || pairs.length * 20 < run.trades.length) return null
  const wasted = sumDecimals(pairs.map(([before, after]) => before.fees.plus(after.fees).div(2)))
  return {
    id: 'reopened', severity: 'warning',
    headline: `${counted(pairs.length, 'time')} a leg was closed and opened again in the same bar: two fees for nothing, about ${money(wasted)}.`,
    found: 'A trade that its strategy closed, and the next of the same leg, lie within one bar of the route.',
    remedy: 'Keep the leg and change its size or its stops, or wait a bar before opening again.',
  }
}

/** Fills of a venue have what they slipped in their prices, and an export says nothing of it. */
const noSlippage: Rule = ({ kind, header: { sim }, events, counts: { slippage } }) => {
  if (kind === 'import' || kind === 'live') return null
  const takers = events.filter((event) => event.type === 'order.filled' && event.liquidity === 'taker').length
  if (takers === 0 || slippage === null || !slippage.long.plus(slippage.short).isZero()) return null
  const said = 'slippage' in sim && sim.slippage === 'none'
  return {
    id: 'no-slippage', severity: 'warning',
    headline: `${counted(takers, 'taker fill')} lost nothing to slippage.`,
    found: said ? 'sim.slippage is "none".' : 'No fill of a taker was worse than the price it met.',
    remedy: 'Set sim.slippage to what you pay live, such as { bps: 2 }, or choose the profile of a venue.',
  }
}

const fromWarning = (code: string, item: Omit<Criticism, 'found'>): Rule => ({ warnings }) => {
  const warning = warnings.find((row) => row.code === code)
  return warning === undefined ? null : { ...item, found: warning.text }
}

/** Rules about how the run was simulated. */
export const SIMULATION_RULES: readonly Rule[] = [
  insideOneCandle, pathDecides, ambiguous, sameBarReopen, noSlippage,
  fromWarning('FUNDING_NOT_MODELLED', { id: 'no-funding', severity: 'warning', headline: 'Funding counts as zero.', remedy: 'Pass the funding rates of the symbols: --funding FILE, or import them into the data folder.' }),
  fromWarning('MARK_IS_LAST', { id: 'mark-is-last', severity: 'note', headline: 'The last price stands in for the mark price.', remedy: 'Pass mark candles: --marks FILE. Without them liquidations and triggers by mark are approximate.' }),
]
