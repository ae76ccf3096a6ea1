/**
 * The account on every candle of a run, reduced as it passes: deepest drawdown, exposures over time, distance to liquidation.
 * Between two events quantities and wallet are constant, so a stretch of candles is one pass over price columns:
 * `equity = wallet + L x (p - entryL) + S x (entryS - p)`, summed over the symbols.
 *
 * These are presentation statistics in floats (SIMULATION 0.3): nothing is posted, filled or decided from them.
 */
import { decimalOfStatistic, ZERO, type Decimal } from '../domain/decimal.ts'
import type { ExposureTotals } from './exposure-metrics.ts'
import { RATIO_PLACES, RETURN_PLACES } from './rounding.ts'

/** What one symbol holds during a stretch. Quantities are magnitudes; zero (with any entry) where a leg is flat. */
export interface StretchBook {
  /** Prices that value the legs (marks where there are any), one per candle of the run; NaN where a candle is missing. */
  readonly prices: Float64Array
  /** The price before the stretch: it holds while candles are missing. */
  readonly lastPrice: number
  readonly longQty: number
  readonly longEntry: number
  readonly shortQty: number
  readonly shortEntry: number
  /** Margin of both legs at a price, quote units. */
  readonly initialMargin: (price: number) => number
  readonly maintenanceMargin: (price: number) => number
}

/** Candles `from` (inclusive) to `to` (exclusive) with no event among them. Quote units. */
export interface Stretch {
  readonly from: number
  readonly to: number
  /** Milliseconds of a candle. */
  readonly step: number
  readonly wallet: number
  /** Realised minus fees plus funding of all long legs since the start. */
  readonly longNet: number
  readonly shortNet: number
  /** Symbols with an open leg; none when the account is flat. */
  readonly books: readonly StretchBook[]
}

/** The account, and each leg as if it had been held alone in it. */
export type CurveName = 'total' | 'long' | 'short'

/** What is left of a run's curve. */
export interface CurveSummary {
  /** The lowest `E / peak - 1` on a candle, at most 0; of a leg: of the starting balance plus its own result. 12 places. */
  readonly drawdowns: Readonly<Record<CurveName, Decimal | null>>
  readonly exposure: Readonly<Record<CurveName, ExposureTotals>>
  /** The lowest `(equity - maintenance margin) / equity` while in the market: liquidation at 0; null when never in it. 10 places. */
  readonly minLiquidationDistance: Decimal | null
}

/** The fold of stretches, in order of time. */
export class RunCurve {
  readonly #start: number
  readonly #peaks: Readonly<Record<CurveName, Peak>>
  readonly #sums: Sums = { ...NOTHING }

  constructor(startingBalance: number) {
    this.#start = startingBalance
    this.#peaks = { total: new Peak(startingBalance), long: new Peak(startingBalance), short: new Peak(startingBalance) }
  }

  /** Takes the next stretch. A flat one costs nothing per candle. */
  addStretch(stretch: Stretch): void {
    const { from, to, step, books } = stretch
    if (to <= from) return
    this.#sums.totalMs += (to - from) * step
    if (books.length === 0) this.#see(stretch, FLAT)
    else this.#addOpen(stretch)
  }

  /** The statistics so far. */
  summary(): CurveSummary {
    const { total, long, short } = this.#peaks
    return {
      drawdowns: { total: total.depth(), long: long.depth(), short: short.depth() },
      exposure: exposuresOf(this.#sums),
      minLiquidationDistance: decimalOfStatistic(this.#sums.minDistance, RATIO_PLACES),
    }
  }

  #addOpen(stretch: Stretch): void {
    const last = Float64Array.from(stretch.books, (book) => book.lastPrice)
    for (let candle = stretch.from; candle < stretch.to; candle++) {
      const value = valueOf(stretch.books, last, candle)
      this.#see(stretch, value)
      addExposure(this.#sums, value, { equity: stretch.wallet + value.longPnl + value.shortPnl, step: stretch.step })
    }
  }

  #see({ wallet, longNet, shortNet }: Stretch, { longPnl, shortPnl }: Value): void {
    this.#peaks.total.see(wallet + longPnl + shortPnl)
    this.#peaks.long.see(this.#start + longNet + longPnl)
    this.#peaks.short.see(this.#start + shortNet + shortPnl)
  }
}

/** All open legs at one candle. */
interface Value {
  longPnl: number
  shortPnl: number
  longNotional: number
  shortNotional: number
  initialMargin: number
  maintenanceMargin: number
}

const FLAT: Value = { longPnl: 0, shortPnl: 0, longNotional: 0, shortNotional: 0, initialMargin: 0, maintenanceMargin: 0 }

function valueOf(books: readonly StretchBook[], last: Float64Array, candle: number): Value {
  const value = { ...FLAT }
  for (const [index, book] of books.entries()) {
    const now = book.prices[candle] ?? Number.NaN
    const price = Number.isNaN(now) ? (last[index] ?? Number.NaN) : now
    last[index] = price
    value.longPnl += book.longQty * (price - book.longEntry)
    value.shortPnl += book.shortQty * (book.shortEntry - price)
    value.longNotional += book.longQty * price
    value.shortNotional += book.shortQty * price
    value.initialMargin += book.initialMargin(price)
    value.maintenanceMargin += book.maintenanceMargin(price)
  }
  return value
}

/** Times in ms; ratios multiplied by the ms they stood. A ratio without equity is NaN, and makes its sum NaN. */
interface Sums {
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
  minDistance: number
}

const NOTHING: Sums = {
  totalMs: 0, longMs: 0, shortMs: 0, hedgedMs: 0,
  long: 0, short: 0, absNet: 0, hedgeRatio: 0, marginUtilisation: 0,
  maxGross: 0, maxLong: 0, maxShort: 0, minDistance: Number.POSITIVE_INFINITY,
}

/** The float twin of the sums in `exposure-metrics.ts`. */
function addExposure(sums: Sums, value: Value, { equity, step }: { readonly equity: number; readonly step: number }): void {
  const perEquity = equity > 0 ? 1 / equity : Number.NaN
  const long = value.longNotional * perEquity
  const short = value.shortNotional * perEquity
  const isLong = value.longNotional > 0
  const isShort = value.shortNotional > 0
  if (isLong) sums.longMs += step
  if (isShort) sums.shortMs += step
  if (isLong && isShort) sums.hedgedMs += step
  sums.long += long * step
  sums.short += short * step
  sums.absNet += Math.abs(long - short) * step
  sums.hedgeRatio += (2 * Math.min(value.longNotional, value.shortNotional) * step) / (value.longNotional + value.shortNotional)
  sums.marginUtilisation += value.initialMargin * perEquity * step
  sums.maxGross = Math.max(sums.maxGross, long + short)
  sums.maxLong = Math.max(sums.maxLong, long)
  sums.maxShort = Math.max(sums.maxShort, short)
  sums.minDistance = Math.min(sums.minDistance, equity > 0 ? (equity - value.maintenanceMargin) * perEquity : 0)
}

function exposuresOf(sums: Sums): CurveSummary['exposure'] {
  const { totalMs, longMs, shortMs, hedgedMs } = sums
  const long = decimalOfStatistic(sums.long, RATIO_PLACES)
  const short = decimalOfStatistic(sums.short, RATIO_PLACES)
  const alone = { totalMs, hedgedMs: 0, hedgeRatio: ZERO, marginUtilisation: null }
  return {
    total: {
      totalMs, longMs, shortMs, hedgedMs,
      inMarketMs: longMs + shortMs - hedgedMs,
      gross: decimalOfStatistic(sums.long + sums.short, RATIO_PLACES),
      net: decimalOfStatistic(sums.long - sums.short, RATIO_PLACES),
      absNet: decimalOfStatistic(sums.absNet, RATIO_PLACES),
      hedgeRatio: decimalOfStatistic(sums.hedgeRatio, RATIO_PLACES),
      marginUtilisation: decimalOfStatistic(sums.marginUtilisation, RATIO_PLACES),
      maxGross: decimalOfStatistic(sums.maxGross, RATIO_PLACES),
    },
    long: { ...alone, inMarketMs: longMs, longMs, shortMs: 0, gross: long, net: long, absNet: long, maxGross: decimalOfStatistic(sums.maxLong, RATIO_PLACES) },
    short: { ...alone, inMarketMs: shortMs, longMs: 0, shortMs, gross: short, net: short === null ? null : short.neg(), absNet: short, maxGross: decimalOfStatistic(sums.maxShort, RATIO_PLACES) },
  }
}

/** The highest point so far and the deepest fall from one. */
class Peak {
  #peak: number
  #depth = 0

  constructor(first: number) {
    this.#peak = first
  }

  see(point: number): void {
    if (point >= this.#peak) this.#peak = point
    else this.#depth = Math.min(this.#depth, point / this.#peak - 1)
  }

  depth(): Decimal | null {
    return this.#peak > 0 ? decimalOfStatistic(this.#depth, RETURN_PLACES) : null
  }
}
