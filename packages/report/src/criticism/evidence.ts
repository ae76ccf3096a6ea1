/** Is there enough to believe, and does it hang on one thing? */
import { decimalOfCount, maxDecimal, sumDecimals, ZERO } from '@hedgerow/core'
import type { Rule } from './criticism.ts'
import { counted, money, percent } from './numbers.ts'

/** With fewer closed trades than this, averages say little. */
const ENOUGH_TRADES = 30
/** The share of the result that one trade may have. */
const ONE_TRADE_SHARE = '0.5'

const nothingTraded: Rule = ({ trades, openPositions, counts }) => trades.length + openPositions.length > 0 ? null : {
  id: 'no-trades', severity: 'severe',
  headline: counts.denied === 0 ? 'Nothing was traded.' : `Nothing was traded; ${counted(counts.denied, 'order')} were denied.`,
  found: 'The run has no closed trade and no open leg.',
  remedy: counts.denied === 0 ? 'Check the entry conditions, the warm-up and the window.' : 'Read why the first order was denied: `hedgerow why RUN ORDER`.',
}

const fewTrades: Rule = ({ trades }) => trades.length === 0 || trades.length >= ENOUGH_TRADES ? null : {
  id: 'few-trades', severity: 'warning',
  headline: `Only ${counted(trades.length, 'closed trade')}.`,
  found: `Fewer than ${ENOUGH_TRADES} round trips: win rate, expectancy and ratios may be luck.`,
  remedy: 'Run over a longer window or more symbols before believing any average.',
}

const oneTradeMakesIt: Rule = ({ trades, metrics: { total } }) => {
  const best = trades.reduce((most, { netPnl }) => maxDecimal(most, netPnl), ZERO)
  if (trades.length < 2 || !total.totalPnl.gt(0) || best.lt(total.totalPnl.times(ONE_TRADE_SHARE))) return null
  const trade = trades.find(({ netPnl }) => netPnl.eq(best))
  const rest = total.totalPnl.minus(best)
  return {
    id: 'one-trade', severity: rest.lte(0) ? 'severe' : 'warning',
    headline: `One trade makes the result: ${money(best)} of ${money(total.totalPnl)} are trade ${trade?.id ?? ''}, a ${trade?.leg ?? ''} on ${trade?.symbol ?? ''}.`,
    found: `Without it the run would have made ${money(rest)}; the other ${counted(trades.length - 1, 'trade')} averaged ${money(sumDecimals(trades.map(({ netPnl }) => netPnl)).minus(best).div(decimalOfCount(trades.length - 1)))}.`,
    remedy: 'Look at that trade in the chart. If it was one event that will not come again, take it out of the window and run again.',
  }
}

const openLossBesideWins: Rule = ({ metrics: { total }, openPositions }) => {
  const { winRate, openPnl, netPnl, count } = total
  if (count === 0 || winRate === null || winRate.lt('0.95') || !openPnl.lt(0) || openPnl.abs().lt(netPnl.abs().times('0.25'))) return null
  return {
    id: 'open-loss', severity: openPnl.abs().gte(netPnl.abs()) ? 'severe' : 'warning',
    headline: `A win rate of ${percent(winRate)} beside an open loss of ${money(openPnl.abs())}.`,
    found: `Closed trades made ${money(netPnl)}, and ${openPositions.filter(({ netPnl: pnl }) => pnl.lt(0)).map(({ symbol, leg }) => `the ${symbol} ${leg}`).join(', ')} is still under water: only what won was closed.`,
    remedy: 'Judge by total pnl, which counts what is open. Run with closeAtEnd, and give the legs a stop.',
  }
}

/** Rules about the weight of the evidence. */
export const EVIDENCE_RULES: readonly Rule[] = [nothingTraded, fewTrades, oneTradeMakesIt, openLossBesideWins]
