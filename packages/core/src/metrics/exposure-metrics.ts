/**
 * How much was held, how long, and how much of it was hedged: averages over time (SIMULATION 5.2).
 * Two sources feed the same totals: exact samples here, and the float pass over price columns in `run-curve.ts`.
 */
import { decimalOfCount, maxDecimal, minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import type { TimeMs } from '../domain/time.ts'
import { HedgerowError } from '../errors.ts'
import { ratio, RATIO_PLACES, rounded } from './rounding.ts'

/** The account from one moment until the next sample. Quote units; notionals are magnitudes. */
export interface ExposureSample {
  readonly at: TimeMs
  readonly longNotional: Decimal
  readonly shortNotional: Decimal
  readonly equity: Decimal
  readonly initialMargin: Decimal
}

/** Time in ms, and values multiplied by the time they stood; null where one of them did not exist. */
export interface ExposureTotals {
  readonly totalMs: number
  readonly inMarketMs: number
  readonly longMs: number
  readonly shortMs: number
  readonly hedgedMs: number
  readonly gross: Decimal | null
  readonly net: Decimal | null
  readonly absNet: Decimal | null
  readonly hedgeRatio: Decimal | null
  readonly marginUtilisation: Decimal | null
  /** The largest gross exposure, not a sum. */
  readonly maxGross: Decimal | null
}

/** Averages over the whole time, 10 places; exposures are multiples of equity. */
export interface ExposureMetrics {
  /** `(L + S) / E` */
  readonly grossExposureTwa: Decimal | null
  /** `(L - S) / E`, signed. */
  readonly netExposureTwa: Decimal | null
  /** `|L - S| / E` */
  readonly absNetExposureTwa: Decimal | null
  readonly maxGrossLeverage: Decimal | null
  /** Share of the time with a leg open. */
  readonly timeInMarket: Decimal | null
  readonly timeLong: Decimal | null
  readonly timeShort: Decimal | null
  /** Share of the time with both legs open. */
  readonly hedgedTimeRatio: Decimal | null
  /** The same share of the time in the market; null when never in it. */
  readonly hedgedTimeRatioOfInMarket: Decimal | null
  /** `2 x min(L, S) / (L + S)`, 0 when flat. */
  readonly hedgeRatioTwa: Decimal | null
  /** Initial margin over equity. */
  readonly marginUtilisationTwa: Decimal | null
}

const NOTHING: ExposureTotals = {
  totalMs: 0, inMarketMs: 0, longMs: 0, shortMs: 0, hedgedMs: 0,
  gross: ZERO, net: ZERO, absNet: ZERO, hedgeRatio: ZERO, marginUtilisation: ZERO, maxGross: ZERO,
}

/**
 * Averages over samples that each stand until the next one, the last until `end`. [D]
 * An exposure without equity above zero does not exist, and neither does an average over it; a flat account has none, whatever its equity.
 *
 * @throws HedgerowError `DATA_UNSORTED` when times fall.
 */
export function exposureMetrics(samples: readonly ExposureSample[], end: TimeMs): ExposureMetrics {
  const totals = samples.reduce((so, sample, index) => addSample(so, sample, (samples[index + 1]?.at ?? end) - sample.at), NOTHING)
  return exposureMetricsOf(totals)
}

/** Turns totals into averages. */
export function exposureMetricsOf(totals: ExposureTotals): ExposureMetrics {
  const time = decimalOfCount(totals.totalMs)
  const average = (value: Decimal | null): Decimal | null => rounded(ratio(value, time), RATIO_PLACES)
  const share = (ms: number): Decimal | null => average(decimalOfCount(ms))
  return {
    grossExposureTwa: average(totals.gross),
    netExposureTwa: average(totals.net),
    absNetExposureTwa: average(totals.absNet),
    maxGrossLeverage: rounded(totals.maxGross, RATIO_PLACES),
    timeInMarket: share(totals.inMarketMs),
    timeLong: share(totals.longMs),
    timeShort: share(totals.shortMs),
    hedgedTimeRatio: share(totals.hedgedMs),
    hedgedTimeRatioOfInMarket: rounded(ratio(decimalOfCount(totals.hedgedMs), decimalOfCount(totals.inMarketMs)), RATIO_PLACES),
    hedgeRatioTwa: average(totals.hedgeRatio),
    marginUtilisationTwa: average(totals.marginUtilisation),
  }
}

function addSample(totals: ExposureTotals, sample: ExposureSample, ms: number): ExposureTotals {
  if (ms < 0) throw new HedgerowError('DATA_UNSORTED', { where: 'exposure samples', found: `a sample at ${sample.at} that ends ${-ms} ms before it starts`, expected: 'times that rise up to the end' })
  const { longNotional: long, shortNotional: short, equity } = sample
  const gross = long.plus(short)
  const net = long.minus(short)
  const isLong = long.gt(0)
  const isShort = short.gt(0)
  return {
    totalMs: totals.totalMs + ms,
    inMarketMs: totals.inMarketMs + (isLong || isShort ? ms : 0),
    longMs: totals.longMs + (isLong ? ms : 0),
    shortMs: totals.shortMs + (isShort ? ms : 0),
    hedgedMs: totals.hedgedMs + (isLong && isShort ? ms : 0),
    gross: addWeighted(totals.gross, perEquity(gross, equity), ms),
    net: addWeighted(totals.net, perEquity(net, equity), ms),
    absNet: addWeighted(totals.absNet, perEquity(net.abs(), equity), ms),
    hedgeRatio: addWeighted(totals.hedgeRatio, ratio(minDecimal(long, short).times(2), gross) ?? ZERO, ms),
    marginUtilisation: addWeighted(totals.marginUtilisation, perEquity(sample.initialMargin, equity), ms),
    maxGross: largest(totals.maxGross, perEquity(gross, equity)),
  }
}

/** A value over equity; zero stays zero, and nothing else exists without equity. */
function perEquity(value: Decimal, equity: Decimal): Decimal | null {
  if (value.isZero()) return ZERO
  return equity.gt(0) ? value.div(equity) : null
}

function addWeighted(total: Decimal | null, value: Decimal | null, ms: number): Decimal | null {
  return total === null || value === null ? null : total.plus(value.times(ms))
}

function largest(a: Decimal | null, b: Decimal | null): Decimal | null {
  return a === null || b === null ? null : maxDecimal(a, b)
}
