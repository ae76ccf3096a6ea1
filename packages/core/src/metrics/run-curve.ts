/**
 * The account on every candle of a run, reduced as it passes: deepest drawdown, exposures over time, distance to liquidation.
 * Between two events quantities and wallet are constant, so a stretch of candles is one pass over price columns:
 * `equity = wallet + L x (p - entryL) + S x (entryS - p)`, summed over the symbols.
 *
 * These are presentation statistics in floats (SIMULATION 0.3): nothing is posted, filled or decided from them.
 */
import { decimalOfStatistic, type Decimal } from '../domain/decimal.ts'
import { Drawdown } from './drawdown.ts'
import type { ExposureTotals } from './exposure-metrics.ts'
import { addExposure, addTimes, exposureTotals, hedgeRatio, NO_EXPOSURE, noteExtremes, type CandleValue, type ExposureSums } from './exposure-sums.ts'
import { RATIO_PLACES } from './rounding.ts'

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
  /** Margin of both legs at a price, quote units: linear in the price. */
  readonly initialMargin: (price: number) => number
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
  #block: Block | null = null

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
    else this.#addPairs(stretch)
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
    const { longQty, longEntry, shortQty, shortEntry, prices } = book
    const [longCost, shortCost] = [longQty * longEntry, shortQty * shortEntry]
    if (Number.isNaN(prices[stretch.from])) this.#see(stretch, longQty * book.lastPrice - longCost, shortCost - shortQty * book.lastPrice)
    const account = { slope: longQty - shortQty, intercept: stretch.wallet - longCost + shortCost }
    this.#drawdowns.total.seeLine(prices, stretch, account)
    this.#drawdowns.long.seeLine(prices, stretch, { slope: longQty, intercept: this.#start + stretch.longNet - longCost })
    this.#drawdowns.short.seeLine(prices, stretch, { slope: -shortQty, intercept: this.#start + stretch.shortNet + shortCost })
    addPairExposure(this.#sums, { stretch, book, pass: sumOverEquity(stretch, book, account) })
  }

  /** Several symbols: what each is worth is added up column by column, a block of candles at a time. */
  #addPairs(stretch: Stretch): void {
    const { books, step } = stretch
    const last = Float64Array.from(books, (book) => book.lastPrice)
    const { columns, value } = (this.#block ??= newBlock())
    for (let from = stretch.from; from < stretch.to; from += BLOCK) {
      const rows = Math.min(BLOCK, stretch.to - from)
      for (const column of Object.values(columns)) column.fill(0, 0, rows)
      for (const [index, book] of books.entries()) last[index] = addBook(columns, book, { from, rows, price: last[index] ?? Number.NaN })
      for (let row = 0; row < rows; row++) {
        readRow(columns, row, value)
        this.#see(stretch, value.longPnl, value.shortPnl)
        addExposure(this.#sums, value, equityOf(stretch, value), step)
      }
    }
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

function sumOverEquity({ from, to }: Stretch, { prices, lastPrice }: StretchBook, { slope, intercept }: { readonly slope: number; readonly intercept: number }): PricePass {
  let price = lastPrice
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  let perEquity = 0
  let pricePerEquity = 0
  for (let candle = from; candle < to; candle++) {
    const now = prices[candle] ?? Number.NaN
    if (!Number.isNaN(now)) price = now
    if (price < low) low = price
    if (price > high) high = price
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
  const slope = high > low ? (book.initialMargin(high) - book.initialMargin(low)) / (high - low) : 0
  sums.marginUtilisation += ((book.initialMargin(low) - slope * low) * perEquity + slope * pricePerEquity) * stretch.step
  for (const price of [low, high]) {
    const value = valueOf(book, price)
    noteExtremes(sums, value, equityOf(stretch, value))
  }
}

function equityOf(stretch: Stretch, value: CandleValue): number {
  return stretch.wallet + value.longPnl + value.shortPnl
}

function valueOf({ longQty, longEntry, shortQty, shortEntry, initialMargin, maintenanceMargin }: StretchBook, price: number): CandleValue {
  return {
    longPnl: longQty * (price - longEntry), shortPnl: shortQty * (shortEntry - price), longNotional: longQty * price, shortNotional: shortQty * price,
    initialMargin: initialMargin(price), maintenanceMargin: maintenanceMargin(price),
  }
}

/** Candles whose values are added up together: their columns stay in the nearest cache. */
const BLOCK = 256

type BlockColumns = Readonly<Record<keyof CandleValue, Float64Array>>

/** Values of the candles of a block, and of one of them. */
interface Block {
  readonly columns: BlockColumns
  readonly value: CandleValue
}

const blockColumn = (): Float64Array => new Float64Array(BLOCK)

function newBlock(): Block {
  return {
    columns: { longPnl: blockColumn(), shortPnl: blockColumn(), longNotional: blockColumn(), shortNotional: blockColumn(), initialMargin: blockColumn(), maintenanceMargin: blockColumn() },
    value: { longPnl: 0, shortPnl: 0, longNotional: 0, shortNotional: 0, initialMargin: 0, maintenanceMargin: 0 },
  }
}

/** Adds a symbol to every row; the last price that it had. */
function addBook(columns: BlockColumns, book: StretchBook, { from, rows, price }: { readonly from: number; readonly rows: number; readonly price: number }): number {
  const { prices, longQty, longEntry, shortQty, shortEntry, initialMargin, maintenanceMargin } = book
  const { longPnl, shortPnl, longNotional, shortNotional } = columns
  let last = price
  for (let row = 0; row < rows; row++) {
    const now = prices[from + row] ?? Number.NaN
    if (!Number.isNaN(now)) last = now
    add(longPnl, row, longQty * (last - longEntry))
    add(shortPnl, row, shortQty * (shortEntry - last))
    add(longNotional, row, longQty * last)
    add(shortNotional, row, shortQty * last)
    add(columns.initialMargin, row, initialMargin(last))
    add(columns.maintenanceMargin, row, maintenanceMargin(last))
  }
  return last
}

function add(column: Float64Array, row: number, value: number): void {
  column[row] = (column[row] ?? Number.NaN) + value
}

function readRow(columns: BlockColumns, row: number, value: CandleValue): void {
  value.longPnl = columns.longPnl[row] ?? Number.NaN
  value.shortPnl = columns.shortPnl[row] ?? Number.NaN
  value.longNotional = columns.longNotional[row] ?? Number.NaN
  value.shortNotional = columns.shortNotional[row] ?? Number.NaN
  value.initialMargin = columns.initialMargin[row] ?? Number.NaN
  value.maintenanceMargin = columns.maintenanceMargin[row] ?? Number.NaN
}
