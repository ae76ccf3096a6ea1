/** The figures of the scorecard: how each is called, what it means, and where it is read. */
import type { Decimal, RunMetrics } from '@hedgerow/core'
import { durationText } from '../html/time-words.ts'
import { ABSENT, countText, percentText, plainText, signedPercentText, signedText, type Maybe } from '../number-text.ts'

/** One line: the same reading of the account and of each leg. */
export interface ScorecardRow {
  /** Key in `result.json`; of what is derived from several, a name. */
  readonly key: keyof RunMetrics | 'nakedTime'
  readonly label: string
  readonly definition: string
  readonly text: (metrics: RunMetrics) => string
  /** Quote units or returns that were won or lost: coloured by sign. */
  readonly signed?: boolean
  /** A leg has none. */
  readonly accountOnly?: boolean
  /** A statistic of daily returns: it says little when there are few. */
  readonly needsSample?: boolean
}

/** Rows under a heading. */
export interface ScorecardGroup {
  readonly title: string
  readonly rows: readonly ScorecardRow[]
}

type DecimalKey = { [Key in keyof RunMetrics]: RunMetrics[Key] extends Decimal | null ? Key : never }[keyof RunMetrics]
type CountKey = { [Key in keyof RunMetrics]: RunMetrics[Key] extends number ? Key : never }[keyof RunMetrics]
type More = Pick<ScorecardRow, 'accountOnly' | 'needsSample'>

function row(key: DecimalKey, label: string, { definition, write, signed = false, ...more }: { readonly definition: string; readonly write: (value: Maybe) => string; readonly signed?: boolean } & More): ScorecardRow {
  return { key, label, definition, text: (metrics) => write(metrics[key]), signed, ...more }
}

function money(key: DecimalKey, label: string, definition: string): ScorecardRow {
  return row(key, label, { definition, write: (value) => signedText(value), signed: true })
}

function ratio(key: DecimalKey, label: string, definition: string, more: More = {}): ScorecardRow {
  return row(key, label, { definition, write: (value) => plainText(value), ...more })
}

function share(key: DecimalKey, label: string, definition: string, more: More = {}): ScorecardRow {
  return row(key, label, { definition, write: (value) => percentText(value), ...more })
}

function change(key: DecimalKey, label: string, definition: string, more: More = {}): ScorecardRow {
  return row(key, label, { definition, write: (value) => signedPercentText(value), signed: true, ...more })
}

function count(key: CountKey, label: string, definition: string): ScorecardRow {
  return { key, label, definition, text: (metrics) => countText(metrics[key]) }
}

function duration(key: 'holdingMsMean' | 'holdingMsMedian' | 'holdingMsMax', label: string, definition: string): ScorecardRow {
  return { key, label, definition, text: (metrics) => durationOf(metrics[key]) }
}

function nakedTime({ timeInMarket, hedgedTimeRatio }: RunMetrics): Maybe {
  return timeInMarket === null || hedgedTimeRatio === null ? null : timeInMarket.minus(hedgedTimeRatio)
}

function durationOf(value: Decimal | number | null): string {
  return value === null ? ABSENT : durationText(Number(value))
}

const DAILY = 'From daily equity (UTC midnights), risk-free rate 0, 365 days a year.'

/** In the order of the page. */
export const SCORECARD: readonly ScorecardGroup[] = [
  { title: 'Result', rows: [
    money('totalPnl', 'Total pnl', 'Closed trades and what is still open: net pnl + open pnl.'),
    change('totalReturn', 'Total return', 'End equity over starting equity, less 1. Of a leg: as if it had been traded alone with the same balance.'),
    money('netPnl', 'Net pnl, closed', 'Gross pnl - fees + funding of the closed trades.'),
    money('grossPnl', 'Gross pnl', 'Realised pnl of the closes, before fees and funding.'),
    money('openPnl', 'Open pnl', 'Net pnl of the legs that are open at the end: unrealised, and booked so far.'),
    change('cagr365', 'Yearly growth (CAGR)', '(E_n / E_0)^(365 / days) - 1. Of a short run it is an extrapolation.', { needsSample: true }),
  ] },
  { title: 'Trades', rows: [
    count('count', 'Trades', 'Closed round trips of one leg, from flat to flat. Adding and reducing in between stays one trade.'),
    share('winRate', 'Win rate', 'Trades with net pnl above 0, over all. A trade that nets exactly 0 is neither a win nor a loss.'),
    money('expectancy', 'Expectancy', 'Mean net pnl of a trade: win rate x average win - loss rate x average loss.'),
    ratio('profitFactor', 'Profit factor', 'Net pnl of the wins over net loss of the losses. Does not exist without losses.'),
    ratio('payoffRatio', 'Payoff ratio', 'Average win over average loss.'),
    money('largestWin', 'Largest win', 'Highest net pnl of a trade.'),
    money('largestLoss', 'Largest loss', 'Lowest net pnl of a trade.'),
    count('maxConsecutiveLosses', 'Longest losing streak', 'Most losses in a row, in the order in which trades closed.'),
    duration('holdingMsMedian', 'Holding time, median', 'From the first fill of a trade to its last.'),
    duration('holdingMsMax', 'Holding time, longest', 'From the first fill of a trade to its last.'),
  ] },
  { title: 'Risk', rows: [
    change('intradayMaxDrawdown', 'Max drawdown', 'Lowest equity over its peak so far, less 1, on every candle and at every fill: the headline risk figure.'),
    change('maxDrawdown', 'Max drawdown, daily', 'The same on daily points only.'),
    count('maxUnderwaterDays', 'Longest under water, days', 'Longest run of days below an earlier peak.'),
    ratio('sharpe365', 'Sharpe', `Mean over sample standard deviation of returns, x sqrt(365). ${DAILY}`, { needsSample: true }),
    ratio('sortino365', 'Sortino', `Mean over downside deviation of returns, x sqrt(365). ${DAILY}`, { needsSample: true }),
    ratio('calmar', 'Calmar', 'Yearly growth over the size of the daily max drawdown.', { needsSample: true }),
    change('var95HistLinear', 'Value at risk, 95 %', 'The 5 % quantile of the daily returns, interpolated.', { needsSample: true }),
    change('cvar95Hist', 'Tail loss, 95 %', 'Mean of the daily returns at or below the value at risk.', { needsSample: true }),
    share('minLiquidationDistance', 'Nearest to liquidation', 'Lowest (equity - maintenance margin) / equity while in the market. 0 is liquidation.', { accountOnly: true }),
    change('hedgeBenefit', 'Hedge benefit', 'Drawdown of the leg that fell deeper, less that of the account. Above 0 the other leg softened the fall.', { accountOnly: true }),
  ] },
  { title: 'Exposure', rows: [
    share('grossExposureTwa', 'Gross exposure, mean', '(L + S) / equity, weighted by time over the whole run.'),
    row('netExposureTwa', 'Net exposure, mean', { definition: '(L - S) / equity, signed, weighted by time.', write: (value) => signedPercentText(value, 1) }),
    share('maxGrossLeverage', 'Gross exposure, highest', 'Largest (L + S) / equity.'),
    share('timeInMarket', 'Time in market', 'Share of the time with the leg open; of the account: with any leg open.'),
    share('hedgedTimeRatio', 'Hedged time', 'Share of the time with both legs open.', { accountOnly: true }),
    { key: 'nakedTime', label: 'Naked-leg time', definition: 'Share of the time with one leg open and the other flat: time in the market less hedged time.', text: (metrics) => percentText(nakedTime(metrics)), accountOnly: true },
    share('hedgeRatioTwa', 'Hedge ratio, mean', '2 x min(L, S) / (L + S): 1 with equal legs, 0 with one. Weighted by time.', { accountOnly: true }),
    share('marginUtilisationTwa', 'Margin use, mean', 'Initial margin over equity, weighted by time.', { accountOnly: true }),
  ] },
]

/** Costs, all as what they took or gave. */
export const COST_DEFINITIONS: Readonly<Record<'fees' | 'funding' | 'slippage' | 'turnover' | 'feesToTurnover', string>> = {
  fees: 'Fees of all fills of the closed trades, and what liquidations charged, less what the insurance fund paid.',
  funding: 'Funding of the legs while they were open. Above 0 it was received.',
  slippage: "What takers lost beside the market's price: quantity x distance. It is part of the fill prices, so it is in the gross pnl already.",
  turnover: 'Sum of quantity x price over all fills, over mean daily equity. Does not exist where that is not above 0.',
  feesToTurnover: 'Fees over the traded notional: the fee rate that was really paid.',
}
