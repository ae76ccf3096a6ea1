/** Statistics of closed trades (SIMULATION 5.2). A trade that nets zero is neither a win nor a loss. */
import { decimalOfCount, ONE, type Decimal } from '../domain/decimal.ts'
import { DecimalSum } from '../domain/sum.ts'
import type { Leg } from '../domain/leg.ts'
import type { Trade } from '../domain/trade.ts'
import { ratio, RATIO_PLACES, rounded } from './rounding.ts'

/** The money of one trade: all that these statistics need. Fees paid and funding received are positive; `netPnl` follows from the others. */
export type TradeMoney = Pick<Trade, 'grossPnl' | 'fees' | 'funding'> & Partial<Pick<Trade, 'netPnl'>>

/** Statistics of a set of trades. Money in quote units, unrounded; ratios and averages to 10 places; null does not exist. */
export interface TradeMetrics {
  readonly count: number
  readonly wins: number
  readonly losses: number
  readonly grossPnl: Decimal
  readonly fees: Decimal
  readonly funding: Decimal
  readonly netPnl: Decimal
  /** `wins / count` */
  readonly winRate: Decimal | null
  /** Mean net profit of the wins. */
  readonly avgWin: Decimal | null
  /** Mean net loss of the losses, positive. */
  readonly avgLoss: Decimal | null
  /** `avgWin / avgLoss` */
  readonly payoffRatio: Decimal | null
  /** `winRate x avgWin - lossRate x avgLoss`, which is the mean net profit of a trade. */
  readonly expectancy: Decimal | null
  /** `(1 + payoffRatio) x winRate - 1` */
  readonly expectancyRatio: Decimal | null
  /** Net profit of the wins over net loss of the losses; zero without wins, null without losses. */
  readonly profitFactor: Decimal | null
  readonly largestWin: Decimal | null
  /** Negative. */
  readonly largestLoss: Decimal | null
}

/** What a trade leaves: `grossPnl - fees + funding`. [P] */
export function netPnlOf(trade: Pick<Trade, 'grossPnl' | 'fees' | 'funding'>): Decimal {
  return trade.grossPnl.minus(trade.fees).plus(trade.funding)
}

/** The same, computed only where the trade does not say it. */
export function netOf(trade: TradeMoney): Decimal {
  return trade.netPnl ?? netPnlOf(trade)
}

/**
 * Folds trades into statistics; their order does not matter. Formulas [P: freqtrade for expectancy and its ratio; D].
 *
 * Worked: nets 100, 200, 50, -150, 300, -100, 80, -30 give a win rate of 5/8, averages 146 and 93.33, expectancy 56.25.
 */
export function tradeMetrics(trades: readonly TradeMoney[]): TradeMetrics {
  const sums = { gross: new DecimalSum(), fees: new DecimalSum(), funding: new DecimalSum(), net: new DecimalSum(), won: new DecimalSum(), lost: new DecimalSum() }
  let wins = 0
  let losses = 0
  let largestWin: Decimal | null = null
  let largestLoss: Decimal | null = null
  for (const trade of trades) {
    const net = netOf(trade)
    sums.gross.add(trade.grossPnl)
    sums.fees.add(trade.fees)
    sums.funding.add(trade.funding)
    sums.net.add(net)
    if (net.isZero()) continue
    if (net.isNegative()) {
      losses++
      sums.lost.add(net)
      if (largestLoss === null || net.lt(largestLoss)) largestLoss = net
    } else {
      wins++
      sums.won.add(net)
      if (largestWin === null || net.gt(largestWin)) largestWin = net
    }
  }
  return {
    count: trades.length,
    wins,
    losses,
    grossPnl: sums.gross.total(),
    fees: sums.fees.total(),
    funding: sums.funding.total(),
    netPnl: sums.net.total(),
    ...ratiosOf({ count: trades.length, wins, losses, won: sums.won.total(), lost: sums.lost.total().abs() }),
    largestWin,
    largestLoss,
  }
}

/** The same statistics for all trades and for each leg; a leg without trades is null. */
export function tradeMetricsByLeg(trades: readonly (TradeMoney & { readonly leg: Leg | null })[]): Record<Leg, TradeMetrics | null> & { readonly total: TradeMetrics } {
  const ofLeg = (leg: Leg): TradeMetrics | null => {
    const own = trades.filter((trade) => trade.leg === leg)
    return own.length === 0 ? null : tradeMetrics(own)
  }
  return { total: tradeMetrics(trades), long: ofLeg('long'), short: ofLeg('short') }
}

type Ratios = Pick<TradeMetrics, 'winRate' | 'avgWin' | 'avgLoss' | 'payoffRatio' | 'expectancy' | 'expectancyRatio' | 'profitFactor'>

function ratiosOf({ count, wins, losses, won, lost }: Record<'count' | 'wins' | 'losses', number> & Record<'won' | 'lost', Decimal>): Ratios {
  const all = decimalOfCount(count)
  const winRate = ratio(decimalOfCount(wins), all)
  const avgWin = ratio(won, decimalOfCount(wins))
  const avgLoss = ratio(lost, decimalOfCount(losses))
  const payoff = ratio(avgWin, avgLoss)
  return {
    winRate: rounded(winRate, RATIO_PLACES),
    avgWin: rounded(avgWin, RATIO_PLACES),
    avgLoss: rounded(avgLoss, RATIO_PLACES),
    payoffRatio: rounded(payoff, RATIO_PLACES),
    expectancy: rounded(ratio(won.minus(lost), all), RATIO_PLACES),
    expectancyRatio: payoff === null || winRate === null ? null : rounded(payoff.plus(ONE).times(winRate).minus(ONE), RATIO_PLACES),
    profitFactor: rounded(ratio(won, lost), RATIO_PLACES),
  }
}
