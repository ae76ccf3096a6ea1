/**
 * Statistics of a daily equity curve (SIMULATION 5.3): `n` returns of `n + 1` points, risk-free rate 0, 365 days a year.
 * Computed with whole numbers and with 100 digits, and rounded once. What does not exist is null, never Infinity.
 */
import { decimalOfCount, ONE, wide, type Decimal } from '../domain/decimal.ts'
import { decimalOfUnits, pointsOf, sumOf } from './curve-units.ts'
import { deepest, drawdowns, longestUnderwater } from './drawdown.ts'
import { growthEstimate, quotientEstimate, roundedEstimate } from './estimate.ts'
import { annualised, meanOf, returnsOf, rootOfMean, roundedRoot, sampleDeviation, YEAR_DAYS } from './returns.ts'
import { ratio, RATIO_PLACES, RETURN_PLACES, rounded } from './rounding.ts'

/** The tail of value at risk is one return in twenty. */
const TAIL = 20

/** Statistics of daily equity. Returns and drawdowns are fractions (0.05 = 5 %). */
export interface EquityMetrics {
  /** `E_n / E_0 - 1` */
  readonly totalReturn: Decimal | null
  readonly meanDaily: Decimal | null
  /** Sample standard deviation of the returns. */
  readonly stdDailyDdof1: Decimal | null
  /** `mean / std x sqrt(365)` */
  readonly sharpe365: Decimal | null
  /** `mean / sqrt(sum of min(r, 0)^2 / n) x sqrt(365)` */
  readonly sortino365: Decimal | null
  /** `(E_n / E_0)^(365 / n) - 1` */
  readonly cagr365: Decimal | null
  /** At most 0: the lowest `E / peak - 1`, the first point in the peak. */
  readonly maxDrawdown: Decimal | null
  /** `cagr365 / |maxDrawdown|` */
  readonly calmar: Decimal | null
  /** Sum of positive over sum of negative returns. */
  readonly omega0: Decimal | null
  /** `sqrt(sum of drawdown^2 / (n - 1))` over the n points after the first. */
  readonly ulcerIndexJesseNMinus1: Decimal | null
  /** `sqrt(sum of drawdown^2 / n)` */
  readonly ulcerIndexPopulation: Decimal | null
  /** The 5 % quantile of the returns, interpolated between neighbours. */
  readonly var95HistLinear: Decimal | null
  /** Mean of the returns at or below the value at risk. */
  readonly cvar95Hist: Decimal | null
  /** Longest run of points below the peak; touching it ends the run. */
  readonly maxUnderwaterDays: number
}

/**
 * Statistics of the points of one curve, oldest first. [P: the definitions of the sources named in SIMULATION 5.3]
 *
 * A return on nothing or on debt does not exist, and with it every statistic of the returns is null.
 */
export function equityMetrics(equity: readonly Decimal[]): EquityMetrics {
  const points = pointsOf(equity)
  const returns = returnsOf(points)
  const depths = drawdowns(points)
  const lowest = deepest(depths)
  const { cagr365, calmar } = growthMetrics(equity, lowest)
  return {
    totalReturn: rounded(totalReturn(equity), RETURN_PLACES),
    ...returnMetrics(returns ?? []),
    cagr365,
    maxDrawdown: rounded(lowest, RETURN_PLACES),
    calmar,
    ...ulcerIndexes(depths),
    maxUnderwaterDays: longestUnderwater(points),
  }
}

/**
 * Compound annual growth: `(end / start)^(365 / days) - 1`, unrounded. [P: freqtrade]
 * Null where it does not exist: no time, nothing to grow from, or an end in debt. Worked: 1000 to 1500 in 100 days is 3.3927.
 */
export function cagr(span: { readonly start: Decimal; readonly end: Decimal; readonly days: Decimal }): Decimal | null {
  if (!span.start.gt(0) || !span.days.gt(0) || span.end.lt(0)) return null
  return wide(span.end).div(span.start).pow(wide(YEAR_DAYS).div(span.days)).minus(ONE)
}

type ReturnMetrics = Pick<EquityMetrics, 'meanDaily' | 'stdDailyDdof1' | 'sharpe365' | 'sortino365' | 'omega0' | 'var95HistLinear' | 'cvar95Hist'>

function returnMetrics(returns: readonly bigint[]): ReturnMetrics {
  const deviation = sampleDeviation(returns)
  const losses = returns.filter((value) => value < 0n)
  const risk = valueAtRisk(returns)
  return {
    meanDaily: rounded(meanOf(returns), RETURN_PLACES),
    stdDailyDdof1: roundedRoot(deviation, RETURN_PLACES),
    sharpe365: annualised(returns, deviation),
    sortino365: annualised(returns, rootOfMean(losses, returns.length)),
    omega0: rounded(ratio(decimalOfUnits(sumOf(returns.filter((value) => value > 0n))), decimalOfUnits(-sumOf(losses))), RATIO_PLACES),
    var95HistLinear: rounded(risk === null ? null : decimalOfUnits(risk).div(TAIL), RETURN_PLACES),
    cvar95Hist: rounded(risk === null ? null : meanOf(returns.filter((value) => value * BigInt(TAIL) <= risk)), RETURN_PLACES),
  }
}

function ulcerIndexes(depths: readonly bigint[] | null): Pick<EquityMetrics, 'ulcerIndexJesseNMinus1' | 'ulcerIndexPopulation'> {
  const population = rootOfMean(depths, depths?.length ?? 0)
  const days = depths?.length ?? 0
  return {
    ulcerIndexJesseNMinus1: days < 2 || population === null ? null : roundedRoot({ ...population, divisor: days - 1 }, RETURN_PLACES),
    ulcerIndexPopulation: roundedRoot(population, RETURN_PLACES),
  }
}

function totalReturn(points: readonly Decimal[]): Decimal | null {
  const first = points[0]
  const last = points.at(-1)
  return first === undefined || last === undefined || !first.gt(0) ? null : wide(last).div(first).minus(ONE)
}

/** In doubles where they leave no doubt, else with 100 digits. */
function growthMetrics(points: readonly Decimal[], lowest: Decimal | null): Pick<EquityMetrics, 'cagr365' | 'calmar'> {
  const start = points[0]
  const end = points.at(-1)
  if (start === undefined || end === undefined) return { cagr365: null, calmar: null }
  const days = points.length - 1
  const depth = lowest === null || lowest.isZero() ? null : lowest.abs()
  if (start.gt(0) && end.gt(0) && days > 0) {
    const growth = growthEstimate({ start: start.toNumber(), end: end.toNumber(), exponent: YEAR_DAYS.toNumber() / days })
    const cagr365 = roundedEstimate(growth, RATIO_PLACES)
    const calmar = depth === null ? null : roundedEstimate(quotientEstimate(growth, depth.toNumber()), RATIO_PLACES)
    if (cagr365 !== null && (depth === null || calmar !== null)) return { cagr365, calmar }
  }
  const annual = cagr({ start, end, days: decimalOfCount(days) })
  return { cagr365: rounded(annual, RATIO_PLACES), calmar: rounded(ratio(annual, depth), RATIO_PLACES) }
}

/** Twenty times the return at position `(n - 1) / 20` of the sorted returns, linear between two: a whole number again. */
function valueAtRisk(returns: readonly bigint[]): bigint | null {
  const sorted = returns.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const steps = sorted.length - 1
  const lower = sorted[Math.floor(steps / TAIL)]
  if (lower === undefined) return null
  const upper = sorted[Math.floor(steps / TAIL) + 1] ?? lower
  return BigInt(TAIL) * lower + (upper - lower) * BigInt(steps % TAIL)
}
