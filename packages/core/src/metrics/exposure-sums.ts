/**
 * The float twin of the totals in `exposure-metrics.ts`, for every candle of a run. Presentation statistics (SIMULATION 0.3).
 * An exposure without equity is NaN, and makes its sum NaN: it ends as null.
 */
import { decimalOfStatistic, ZERO, type Decimal } from '../domain/decimal.ts'
import type { ExposureTotals } from './exposure-metrics.ts'
import { RATIO_PLACES } from './rounding.ts'

/** All open legs at one price of each, quote units. */
export interface HeldValue {
  readonly longNotional: number
  readonly shortNotional: number
  readonly maintenanceMargin: number
}

/** Times in ms; ratios multiplied by the ms they stood. */
export interface ExposureSums {
  totalMs: number
  longMs: number
  shortMs: number
  hedgedMs: number
  long: number
  short: number
  absNet: number
  hedgeRatio: number
  marginUtilisation: number
  maxGross: number
  maxLong: number
  maxShort: number
  /** Lowest share of the equity above the maintenance margin; infinite when never in the market. */
  minDistance: number
}

/** Nothing has passed. */
export const NO_EXPOSURE: ExposureSums = {
  totalMs: 0, longMs: 0, shortMs: 0, hedgedMs: 0,
  long: 0, short: 0, absNet: 0, hedgeRatio: 0, marginUtilisation: 0,
  maxGross: 0, maxLong: 0, maxShort: 0, minDistance: Number.POSITIVE_INFINITY,
}

/** Adds the times that the legs were open. */
export function addTimes(sums: ExposureSums, { isLong, isShort, ms }: { readonly isLong: boolean; readonly isShort: boolean; readonly ms: number }): void {
  if (isLong) sums.longMs += ms
  if (isShort) sums.shortMs += ms
  if (isLong && isShort) sums.hedgedMs += ms
}

/** Keeps the largest exposures and the smallest distance to liquidation. */
export function noteExtremes(sums: ExposureSums, value: HeldValue, equity: number): void {
  const perEquity = equity > 0 ? 1 / equity : Number.NaN
  const long = value.longNotional * perEquity
  const short = value.shortNotional * perEquity
  sums.maxGross = Math.max(sums.maxGross, long + short)
  sums.maxLong = Math.max(sums.maxLong, long)
  sums.maxShort = Math.max(sums.maxShort, short)
  sums.minDistance = Math.min(sums.minDistance, equity > 0 ? Math.max(0, 1 - value.maintenanceMargin * perEquity) : 0)
}

/** `2 x min / (L + S)`, in any unit; 0 when flat. */
export function hedgeRatio(long: number, short: number): number {
  return long + short > 0 ? (2 * Math.min(long, short)) / (long + short) : 0
}

/** The sums as totals: of the account, and of each leg as if it had been held alone in it. */
export function exposureTotals(sums: ExposureSums): Readonly<Record<'total' | 'long' | 'short', ExposureTotals>> {
  const { totalMs, longMs, shortMs, hedgedMs } = sums
  const alone = { totalMs, hedgedMs: 0, hedgeRatio: ZERO, marginUtilisation: null }
  return {
    total: {
      totalMs, longMs, shortMs, hedgedMs,
      inMarketMs: longMs + shortMs - hedgedMs,
      gross: toDecimal(sums.long + sums.short),
      net: toDecimal(sums.long - sums.short),
      absNet: toDecimal(sums.absNet),
      hedgeRatio: toDecimal(sums.hedgeRatio),
      marginUtilisation: toDecimal(sums.marginUtilisation),
      maxGross: toDecimal(sums.maxGross),
    },
    long: { ...alone, ...sameOf(sums.long), inMarketMs: longMs, longMs, shortMs: 0, maxGross: toDecimal(sums.maxLong) },
    short: { ...alone, ...sameOf(sums.short), inMarketMs: shortMs, longMs: 0, shortMs, net: toDecimal(-sums.short), maxGross: toDecimal(sums.maxShort) },
  }
}

/** With one leg, gross, net and |net| are one value. */
function sameOf(sum: number): Pick<ExposureTotals, 'gross' | 'net' | 'absNet'> {
  const value = toDecimal(sum)
  return { gross: value, net: value, absNet: value }
}

function toDecimal(value: number): Decimal | null {
  return decimalOfStatistic(value, RATIO_PLACES)
}
