/**
 * The account on every candle of a run, reduced as it passes: deepest drawdown, exposures over time, distance to liquidation.
 * Between two events quantities and wallet are constant, so a stretch of candles is one pass over price columns:
 * `equity = wallet + L x (p - entryL) + S x (entryS - p)`, summed over the symbols.
 *
 * These are presentation statistics in floats (SIMULATION 0.3): nothing is posted, filled or decided from them.
 */
import type { BlockExtremes } from '../domain/block-extremes.ts'
import { cell } from '../domain/candles.ts'
import { decimalOfStatistic, type Decimal } from '../domain/decimal.ts'
import { marginAt, type MarginLine } from '../domain/margin-line.ts'
import { Drawdown, type PriceLine } from './drawdown.ts'
import type { ExposureTotals } from './exposure-metrics.ts'
import { addTimes, exposureTotals, hedgeRatio, NO_EXPOSURE, noteExtremes, type ExposureSums } from './exposure-sums.ts'
import { JointBlock } from './joint-block.ts'
import { RATIO_PLACES } from './rounding.ts'

/** What one symbol holds during a stretch. Quantities are magnitudes; zero (with any entry) where a leg is flat. */
export interface StretchBook {
  /** Prices that value the legs (marks where there are any), one per candle of the run; NaN where a candle is missing. */
  readonly prices: Float64Array
  /** Of these prices. */
  readonly extremes: BlockExtremes
  /** The price before the stretch: it holds while candles are missing. */
  readonly lastPrice: number
  readonly longQty: number
  readonly longEntry: number
  readonly shortQty: number
  readonly shortEntry: number
  /** Margin of both legs at a price, quote units. */
  readonly initialMargin: MarginLine
  /** Convex in the price: rates rise from tier to tier. */
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
  /** The lowest `(equity - maintenance margin) / equity` while in the market, at least 0: liquidation; null when never in it. 10 places. */
  readonly minLiquidationDistance: Decimal | null
}

/** The fold of stretches, in order of time. */
export class RunCurve {
  readonly #start: number
  readonly #drawdowns: Readonly<Record<CurveName, Drawdown>>
  readonly #sums: ExposureSums = { ...NO_EXPOSURE }
  /** Memory of its own for accounts of several symbols. */
  #joint: JointBlock | null = null

  constructor(startingBalance: number) {
    this.#start = startingBalance
    this.#drawdowns = { total: new Drawdown(startingBalance), long: new Drawdown(startingBalance), short: new Drawdown(startingBalance) }
  }

  /** Takes the next stretch. A flat one costs nothing per candle, one symbol a few nanoseconds. */
  addStretch(stretch: Stretch): void {
    const { from, to, step, books } = stretch
    if (to <= from) return
    this.#sums.totalMs += (to - from) * step
    const [first, second] = books
    if (first === undefined) this.#see(stretch, 0, 0)
    else if (second === undefined) this.#addPair(stretch, first)
    else (this.#joint ??= new JointBlock()).take(stretch, { drawdowns: this.#drawdowns, sums: this.#sums, start: this.#start })
  }

  /** The end of the run: what closing the last legs cost comes after the last candle. */
  end({ total, longNet, shortNet }: { readonly total: number; readonly longNet: number; readonly shortNet: number }): void {
    this.#drawdowns.total.see(total)
    this.#drawdowns.long.see(this.#start + longNet)
    this.#drawdowns.short.see(this.#start + shortNet)
  }

  /** The statistics so far. */
  summary(): CurveSummary {
    const { total, long, short } = this.#drawdowns
    return {
      drawdowns: { total: total.depth(), long: long.depth(), short: short.depth() },
      exposure: exposureTotals(this.#sums),
      minLiquidationDistance: decimalOfStatistic(this.#sums.minDistance, RATIO_PLACES),
    }
  }

  /** One symbol: every curve is a line over its price. */
  #addPair(stretch: Stretch, book: StretchBook): void {
    const { longQty, longEntry, shortQty, shortEntry } = book
    const longCost = longQty * longEntry
    const shortCost = shortQty * shortEntry
    if (Number.isNaN(cell(book.prices, stretch.from))) this.#see(stretch, longQty * book.lastPrice - longCost, shortCost - shortQty * book.lastPrice)
    const account = { slope: longQty - shortQty, intercept: stretch.wallet - longCost + shortCost }
    this.#drawdowns.total.seeLine(book, stretch, account)
    this.#drawdowns.long.seeLine(book, stretch, { slope: longQty, intercept: this.#start + stretch.longNet - longCost })
    this.#drawdowns.short.seeLine(book, stretch, { slope: -shortQty, intercept: this.#start + stretch.shortNet + shortCost })
    addPairExposure(this.#sums, { stretch, book, pass: sumOverEquity(stretch, book, account) })
  }

  #see({ wallet, longNet, shortNet }: Stretch, longPnl: number, shortPnl: number): void {
    this.#drawdowns.total.see(wallet + longPnl + shortPnl)
    this.#drawdowns.long.see(this.#start + longNet + longPnl)
    this.#drawdowns.short.see(this.#start + shortNet + shortPnl)
  }
}

/** What a pass over the candles of one symbol has found. */
interface PricePass {
  readonly low: number
  readonly high: number
  /** Sum over the candles of `1 / equity`. */
  readonly perEquity: number
  /** Sum over the candles of `price / equity`. */
  readonly pricePerEquity: number
}

function sumOverEquity({ from, to }: Stretch, { prices, extremes, lastPrice }: StretchBook, { slope, intercept }: PriceLine): PricePass {
  const first = cell(prices, from)
  let price = Number.isNaN(first) ? lastPrice : first
  const seen = extremes.between(from, to)
  const low = Math.min(price, seen.low)
  const high = Math.max(price, seen.high)
  let perEquity = 0
  let pricePerEquity = 0
  for (let candle = from; candle < to; candle++) {
    const now = cell(prices, candle)
    if (!Number.isNaN(now)) price = now
    const equity = intercept + slope * price
    const inverse = equity > 0 ? 1 / equity : Number.NaN
    perEquity += inverse
    pricePerEquity += price * inverse
  }
  return { low, high, perEquity, pricePerEquity }
}

/**
 * Exposures are a quantity times price over equity; their largest stands at an extreme price, since equity is linear in it.
 * So does the smallest distance to liquidation: a convex margin over a positive linear equity has no maximum in between. [D]
 */
function addPairExposure(sums: ExposureSums, { stretch, book, pass }: { readonly stretch: Stretch; readonly book: StretchBook; readonly pass: PricePass }): void {
  const { low, high, perEquity, pricePerEquity } = pass
  const { longQty, shortQty } = book
  const ms = (stretch.to - stretch.from) * stretch.step
  addTimes(sums, { isLong: longQty > 0, isShort: shortQty > 0, ms })
  sums.long += longQty * pricePerEquity * stretch.step
  sums.short += shortQty * pricePerEquity * stretch.step
  sums.absNet += Math.abs(longQty - shortQty) * pricePerEquity * stretch.step
  sums.hedgeRatio += hedgeRatio(longQty, shortQty) * ms
  const slope = high > low ? (marginAt(book.initialMargin, high) - marginAt(book.initialMargin, low)) / (high - low) : 0
  sums.marginUtilisation += ((marginAt(book.initialMargin, low) - slope * low) * perEquity + slope * pricePerEquity) * stretch.step
  for (const price of [low, high]) {
    const value = { longNotional: longQty * price, shortNotional: shortQty * price, maintenanceMargin: book.maintenanceMargin(price) }
    noteExtremes(sums, value, stretch.wallet + longQty * (price - book.longEntry) + shortQty * (book.shortEntry - price))
  }
}
