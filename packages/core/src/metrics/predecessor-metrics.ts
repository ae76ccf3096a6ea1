/**
 * The statistics that the one-way predecessor (Jesse 3.0.6) reports, under its own names and by its own definitions: for comparing a migrated
 * strategy with what it was. Everything else in this folder defines them by SIMULATION 5.3.
 */
import { decimal, wide, ZERO, type Decimal } from '../domain/decimal.ts'
import { pointsOf } from './curve-units.ts'
import { deepest, drawdowns } from './drawdown.ts'
import { equityMetrics } from './equity-metrics.ts'
import { annualised, returnsOf, rootOfMean } from './returns.ts'
import { RATIO_PLACES, RETURN_PLACES, rounded } from './rounding.ts'

/** What the predecessor says of a run. Ratios are null where they do not exist; percentages are in percent (5 is 5 %). */
export interface PredecessorMetrics {
  /** Wallet plus unrealised profit: at the start, every 1440 minutes from there, and at the end. Quote units. */
  readonly daily_balance: readonly Decimal[]
  /** `mean / std x sqrt(365)`, sample standard deviation (ddof 1). */
  readonly sharpe_ratio: Decimal | null
  /** `mean / sqrt(sum of min(r, 0)^2 / (n + 1)) x sqrt(365)`: the divisor counts the empty return of the first balance as well. */
  readonly sortino_ratio: Decimal | null
  /** Sum of positive over sum of negative returns. */
  readonly omega_ratio: Decimal | null
  /** `annual_return / |max_drawdown|`; zero without a drawdown. */
  readonly calmar_ratio: Decimal | null
  /** Percent, at most 0; the peak begins with the second balance. */
  readonly max_drawdown: Decimal | null
  /** Percent: `((E_n / E_0)^(365 / n) - 1) x 100`. */
  readonly annual_return: Decimal | null
}

const HUNDRED: Decimal = decimal('100')

/**
 * Statistics of daily balances, oldest first. [O: source code and runs of Jesse 3.0.6]
 *
 * Worked: 1000, 1010, 999.9, 1019.898 return 1 %, -1 % and 2 %: mean 1/150, standard deviation sqrt(7/30000) = 0.01527525, Sharpe
 * 0.43643578 x sqrt(365) = 8.338; downside sqrt(0.0001 / 4) = 0.005, Sortino 1.3333 x sqrt(365) = 25.473.
 */
export function predecessorMetrics(balances: readonly Decimal[]): PredecessorMetrics {
  const points = pointsOf(balances)
  const { sharpe365, omega0, cagr365 } = equityMetrics(balances)
  const depth = points.length < 2 ? null : deepest(drawdowns(points.slice(1)))
  return {
    daily_balance: balances,
    sharpe_ratio: sharpe365,
    sortino_ratio: sortino(points),
    omega_ratio: omega0,
    calmar_ratio: calmar(cagr365, depth),
    max_drawdown: percent(rounded(depth, RETURN_PLACES)),
    annual_return: percent(cagr365),
  }
}

function sortino(points: readonly bigint[]): Decimal | null {
  const returns = returnsOf(points) ?? []
  const losses = returns.filter((value) => value < 0n)
  return annualised(returns, rootOfMean(losses, returns.length + 1))
}

function calmar(annualReturn: Decimal | null, depth: Decimal | null): Decimal | null {
  if (annualReturn === null || depth === null) return null
  return depth.isZero() ? ZERO : rounded(wide(annualReturn).div(depth.abs()), RATIO_PLACES)
}

function percent(fraction: Decimal | null): Decimal | null {
  return fraction === null ? null : decimal(fraction).times(HUNDRED)
}
