/** Statistics of trades, equity, exposure and excursions. */
import { cagr, equityMetrics, excursionMetrics, exposureMetrics, roundToPlaces, tradeMetricsByLeg, type TradeMetrics } from '@hedgerow/core'
import { z } from 'zod'
import { amount, op, whole, type OpAdapter, type OracleValue } from '../op.ts'

/** The leg as the oracle writes it; `BOTH` is the one position of one-way mode. */
const Pos = z.enum(['LONG', 'SHORT']).transform((pos) => (pos === 'LONG' ? 'long' as const : 'short' as const))
const TradePos = z.union([Pos, z.literal('BOTH').transform(() => null)]).optional().transform((leg) => leg ?? null)

const Trades = z.object({
  trades: z.array(z.object({ gross: amount, fees: amount, funding: amount, pos: TradePos })
    .transform(({ gross, fees, funding, pos }) => ({ grossPnl: gross, fees, funding, leg: pos }))),
})

const Equity = z.object({ equity_daily: z.array(amount) })

const Exposure = z.object({
  end_ms: whole,
  samples: z.array(z.object({ t_ms: whole, long_notional: amount, short_notional: amount, equity: amount, im: amount })
    .transform((sample) => ({ at: sample.t_ms, longNotional: sample.long_notional, shortNotional: sample.short_notional, equity: sample.equity, initialMargin: sample.im }))),
})

const Excursion = z.object({ pos: Pos, entry: amount, qty: amount, lows: z.array(amount), highs: z.array(amount), exit: amount })
  .transform(({ pos, ...rest }) => ({ leg: pos, ...rest }))

const Span = z.object({ start: amount, end: amount, days: amount })

function tradeRow(metrics: TradeMetrics): OracleValue {
  return {
    count: metrics.count,
    wins: metrics.wins,
    losses: metrics.losses,
    gross_pnl: metrics.grossPnl,
    fees: metrics.fees,
    funding: metrics.funding,
    net_pnl: metrics.netPnl,
    win_rate: metrics.winRate,
    avg_win: metrics.avgWin,
    avg_loss: metrics.avgLoss,
    payoff_ratio: metrics.payoffRatio,
    expectancy: metrics.expectancy,
    expectancy_ratio: metrics.expectancyRatio,
    profit_factor: metrics.profitFactor,
    largest_win: metrics.largestWin,
    largest_loss: metrics.largestLoss,
  }
}

const trade_metrics = op(Trades, ({ trades }) => {
  const { total, long, short } = tradeMetricsByLeg(trades)
  return { total: tradeRow(total), ...(long && { LONG: tradeRow(long) }), ...(short && { SHORT: tradeRow(short) }) }
})

const equity_metrics = op(Equity, ({ equity_daily }) => {
  const metrics = equityMetrics(equity_daily)
  return {
    total_return: metrics.totalReturn,
    mean_daily: metrics.meanDaily,
    std_daily_ddof1: metrics.stdDailyDdof1,
    sharpe_365: metrics.sharpe365,
    sortino_365: metrics.sortino365,
    cagr_365: metrics.cagr365,
    max_drawdown: metrics.maxDrawdown,
    calmar: metrics.calmar,
    omega_0: metrics.omega0,
    ulcer_index_jesse_n_minus_1: metrics.ulcerIndexJesseNMinus1,
    ulcer_index_population: metrics.ulcerIndexPopulation,
    var_95_hist_linear: metrics.var95HistLinear,
    cvar_95_hist: metrics.cvar95Hist,
    max_underwater_days: metrics.maxUnderwaterDays,
  }
})

const exposure_metrics = op(Exposure, ({ samples, end_ms }) => {
  const metrics = exposureMetrics(samples, end_ms)
  return {
    gross_exposure_twa: metrics.grossExposureTwa,
    net_exposure_twa: metrics.netExposureTwa,
    abs_net_exposure_twa: metrics.absNetExposureTwa,
    max_gross_leverage: metrics.maxGrossLeverage,
    time_in_market: metrics.timeInMarket,
    time_long: metrics.timeLong,
    time_short: metrics.timeShort,
    hedged_time_ratio: metrics.hedgedTimeRatio,
    hedged_time_ratio_of_in_market: metrics.hedgedTimeRatioOfInMarket,
    hedge_ratio_twa: metrics.hedgeRatioTwa,
    margin_utilisation_twa: metrics.marginUtilisationTwa,
  }
})

const mae_mfe = op(Excursion, (input) => {
  const metrics = excursionMetrics(input)
  return {
    mae: metrics.mae,
    mfe: metrics.mfe,
    mae_pct: metrics.maePct,
    mfe_pct: metrics.mfePct,
    realised: metrics.realised,
    edge_captured: metrics.edgeCaptured,
  }
})

const cagrToFourPlaces = op(Span, (span) => {
  const growth = cagr(span)
  return { cagr_4dp: growth === null ? null : roundToPlaces(growth, 4, 'half-up') }
})

export const ops: Record<string, OpAdapter> = { trade_metrics, equity_metrics, exposure_metrics, mae_mfe, cagr: cagrToFourPlaces }
