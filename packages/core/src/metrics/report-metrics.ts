/** Everything that is said about a finished run: for the account, and for each leg as if it had been held alone in it. */
import { decimalOfCount, minDecimal, type Decimal } from '../domain/decimal.ts'
import { DecimalSum, sumDecimals } from '../domain/sum.ts'
import type { Leg } from '../domain/leg.ts'
import type { TimeMs } from '../domain/time.ts'
import type { Trade } from '../domain/trade.ts'
import { equityMetrics, type EquityMetrics } from './equity-metrics.ts'
import { exposureMetricsOf, type ExposureMetrics } from './exposure-metrics.ts'
import type { OpenPosition } from './round-trip.ts'
import { ratio, RATIO_PLACES, RETURN_PLACES, rounded } from './rounding.ts'
import type { CurveName, CurveSummary } from './run-curve.ts'
import { sequenceMetrics, type SequenceMetrics } from './sequence-metrics.ts'
import { tradeMetrics, type TradeMetrics } from './trade-metrics.ts'

/** With fewer daily returns than this, ratios of returns say little. */
const ENOUGH_RETURNS = 30

/** Mark-to-market equity at one UTC midnight (or at the start or end of the run). Legs are cumulative: both start at 0. */
export interface DailyEquity {
  readonly at: TimeMs
  readonly equity: Decimal
  /** Realised minus fees plus funding plus unrealised pnl of all long legs. */
  readonly long: Decimal
  readonly short: Decimal
}

/** A finished run, as the metrics need it. */
export interface RunRecord {
  readonly startingBalance: Decimal
  readonly trades: readonly Trade[]
  readonly openPositions: readonly OpenPosition[]
  /** Oldest first. */
  readonly daily: readonly DailyEquity[]
  readonly curve: CurveSummary
}

/** What the parts do not say. Quote units unless said; ratios to 10 places. */
export interface RunTotals {
  /** Net profit of what is still open: unrealised, and booked so far. */
  readonly openPnl: Decimal
  /** The headline: closed trades and what is still open. */
  readonly totalPnl: Decimal
  /** Sum of quantity times price over all fills. */
  readonly tradedNotional: Decimal
  /** Traded notional over mean daily equity; null where that is not above zero. */
  readonly turnover: Decimal | null
  /** Fees of trades and open positions over traded notional: the fee rate that was paid. */
  readonly feesToTurnover: Decimal | null
  /** Funding over `|gross pnl|` of closed trades. */
  readonly fundingToGross: Decimal | null
  /** Deepest fall from a peak on any candle: the headline risk number. At most 0, 12 places. */
  readonly intradayMaxDrawdown: Decimal | null
  /** How near the account came to liquidation: 0 is liquidation. Null for a leg, and when never in the market. */
  readonly minLiquidationDistance: Decimal | null
  /** `|deeper leg's intraday drawdown| - |account's|`: above 0 when the other leg softened it. Null for a leg. */
  readonly hedgeBenefit: Decimal | null
  /** True with fewer than 30 daily returns. */
  readonly lowSample: boolean
}

/** All metrics of the account or of one leg. */
export interface RunMetrics extends TradeMetrics, SequenceMetrics, EquityMetrics, ExposureMetrics, RunTotals {}

/** Computes the metrics of the account and of each leg. */
export function runMetrics(record: RunRecord): Readonly<Record<CurveName, RunMetrics>> {
  const ofLeg = (leg: Leg): RunMetrics => metricsOf(legRecord(record, leg), leg)
  return { total: metricsOf(record, 'total'), long: ofLeg('long'), short: ofLeg('short') }
}

/** The record of a run in which only this leg had been traded. */
function legRecord(record: RunRecord, leg: Leg): RunRecord {
  return {
    ...record,
    trades: record.trades.filter((trade) => trade.leg === leg),
    openPositions: record.openPositions.filter((position) => position.leg === leg),
    daily: record.daily.map((day) => ({ ...day, equity: record.startingBalance.plus(day[leg]) })),
  }
}

function metricsOf(record: RunRecord, name: CurveName): RunMetrics {
  const trades = tradeMetrics(record.trades)
  return {
    ...trades,
    ...sequenceMetrics(record.trades),
    ...equityMetrics(record.daily.map((day) => day.equity)),
    ...exposureMetricsOf(record.curve.exposure[name]),
    ...tradingTotals(record, trades),
    intradayMaxDrawdown: record.curve.drawdowns[name],
    minLiquidationDistance: name === 'total' ? record.curve.minLiquidationDistance : null,
    hedgeBenefit: name === 'total' ? hedgeBenefit(record.curve.drawdowns) : null,
    lowSample: record.daily.length <= ENOUGH_RETURNS,
  }
}

type TradingTotals = Pick<RunTotals, 'openPnl' | 'totalPnl' | 'tradedNotional' | 'turnover' | 'feesToTurnover' | 'fundingToGross'>

function tradingTotals({ trades, openPositions, daily }: RunRecord, closed: TradeMetrics): TradingTotals {
  const openPnl = sumDecimals(openPositions.map((position) => position.netPnl))
  const fees = closed.fees.plus(sumDecimals(openPositions.map((position) => position.fees)))
  const traded = new DecimalSum()
  for (const { qty, entryPrice, exitPrice } of trades) traded.add(qty.times(entryPrice.plus(exitPrice)))
  for (const position of openPositions) traded.add(position.tradedNotional)
  const tradedNotional = traded.total()
  const meanEquity = ratio(sumDecimals(daily.map((day) => day.equity)), decimalOfCount(daily.length))
  return {
    openPnl,
    totalPnl: closed.netPnl.plus(openPnl),
    tradedNotional,
    turnover: meanEquity?.gt(0) === true ? rounded(ratio(tradedNotional, meanEquity), RATIO_PLACES) : null,
    feesToTurnover: rounded(ratio(fees, tradedNotional), RATIO_PLACES),
    fundingToGross: rounded(ratio(closed.funding, closed.grossPnl.abs()), RATIO_PLACES),
  }
}

function hedgeBenefit(drawdowns: CurveSummary['drawdowns']): Decimal | null {
  const { total, long, short } = drawdowns
  return total === null || long === null || short === null ? null : rounded(total.minus(minDecimal(long, short)), RETURN_PLACES)
}
