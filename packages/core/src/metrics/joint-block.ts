/**
 * An account of several symbols over one block of candles: what each is worth is added up column by column. How far the prices of the block
 * go bounds what the account can have been worth, and tells whether any of its candles can be an extreme of the run.
 */
import { BLOCK_ROWS } from '../domain/block-extremes.ts'
import { cell } from '../domain/candles.ts'
import { marginAt, type MarginLine } from '../domain/margin-line.ts'
import type { Drawdown } from './drawdown.ts'
import { addTimes, hedgeRatio, noteExtremes, type ExposureSums } from './exposure-sums.ts'
import type { Stretch, StretchBook } from './run-curve.ts'

/** Room for the rounding of margins between the ends of a block. */
const MARGIN_ERROR = 1e-9

/** Candles of a run from `from` on, all within one block of {@link BLOCK_ROWS}. */
interface BlockOfRows {
  readonly from: number
  readonly rows: number
}

/** What the candles of an account are recorded in; each leg's curve begins at `start`. */
export interface CurveRecord {
  readonly drawdowns: { readonly total: Drawdown; readonly long: Drawdown; readonly short: Drawdown }
  readonly sums: ExposureSums
  readonly start: number
}

/** Blocks of candles, one after the other in the same memory. Quote units. */
export class JointBlock {
  readonly #longPnl = blockColumn()
  readonly #shortPnl = blockColumn()
  readonly #longNotional = blockColumn()
  readonly #shortNotional = blockColumn()
  readonly #initialMargin = blockColumn()
  readonly #maintenanceMargin = blockColumn()
  /** Prices of one symbol, with those that missing candles keep. */
  readonly #prices = blockColumn()
  readonly #bounds: BlockBounds = { lowLong: 0, highLong: 0, lowShort: 0, highShort: 0, longNotional: 0, shortNotional: 0, maintenanceMargin: 0 }
  /** By book: its price before the block, and after it. */
  #before = new Float64Array(0)
  #after = new Float64Array(0)

  /** Takes a stretch, block by block. */
  take(stretch: Stretch, record: CurveRecord): void {
    const { books, to } = stretch
    if (this.#after.length < books.length) {
      this.#before = new Float64Array(books.length)
      this.#after = new Float64Array(books.length)
    }
    for (let index = 0; index < books.length; index++) this.#after[index] = books[index]?.lastPrice ?? Number.NaN
    for (let from = stretch.from; from < to;) {
      const end = Math.min(to, (Math.floor(from / BLOCK_ROWS) + 1) * BLOCK_ROWS)
      this.#takeBlock(stretch, { from, rows: end - from }, record)
      from = end
    }
  }

  #takeBlock(stretch: Stretch, block: BlockOfRows, record: CurveRecord): void {
    const { books, wallet } = stretch
    const { rows } = block
    this.#clear(rows)
    for (let index = 0; index < books.length; index++) {
      const book = books[index]
      const price = cell(this.#after, index)
      this.#before[index] = price
      if (book !== undefined) this.#after[index] = this.#add(book, block, price)
    }
    this.#seeDrawdowns(stretch, rows, record)
    this.#addSums(record.sums, stretch, rows)
    if (!this.#mayBeExtreme(record.sums, wallet)) return
    this.#maintenanceMargin.fill(0, 0, rows)
    for (const [index, book] of books.entries()) {
      holdPrices(this.#prices, book.prices, block, cell(this.#before, index))
      addCurve(this.#maintenanceMargin, this.#prices, rows, book.maintenanceMargin)
    }
    this.#noteExtremes(record.sums, wallet, rows)
  }

  #clear(rows: number): void {
    clear(this.#longPnl, rows)
    clear(this.#shortPnl, rows)
    clear(this.#longNotional, rows)
    clear(this.#shortNotional, rows)
    clear(this.#initialMargin, rows)
    const bounds = this.#bounds
    bounds.lowLong = 0
    bounds.highLong = 0
    bounds.lowShort = 0
    bounds.highShort = 0
    bounds.longNotional = 0
    bounds.shortNotional = 0
    bounds.maintenanceMargin = 0
  }

  /** Adds a symbol to every row; the last price that it had. */
  #add(book: StretchBook, block: BlockOfRows, price: number): number {
    const { longQty, longEntry, shortQty, shortEntry } = book
    const { from, rows } = block
    const last = holdPrices(this.#prices, book.prices, block, price)
    if (longQty > 0) addLeg(this.#longPnl, this.#longNotional, this.#prices, { rows, qty: longQty, entry: longEntry, sign: 1 })
    if (shortQty > 0) addLeg(this.#shortPnl, this.#shortNotional, this.#prices, { rows, qty: shortQty, entry: shortEntry, sign: -1 })
    addLine(this.#initialMargin, this.#prices, rows, book.initialMargin)
    const place = Math.floor(from / BLOCK_ROWS)
    addBounds(this.#bounds, book, Math.min(price, book.extremes.lowestIn(place)), Math.max(price, book.extremes.highestIn(place)))
    return last
  }

  /** Rounding to doubles keeps the order: what is added up from the lowest prices of all symbols is no more than what any candle gives. */
  #seeDrawdowns({ wallet, longNet, shortNet }: Stretch, rows: number, { drawdowns: { total, long, short }, start }: CurveRecord): void {
    const { lowLong, highLong, lowShort, highShort } = this.#bounds
    if (total.mayChange(wallet + lowLong + lowShort, wallet + highLong + highShort)) {
      for (let row = 0; row < rows; row++) total.see(wallet + cell(this.#longPnl, row) + cell(this.#shortPnl, row))
    }
    if (long.mayChange(start + longNet + lowLong, start + longNet + highLong)) {
      for (let row = 0; row < rows; row++) long.see(start + longNet + cell(this.#longPnl, row))
    }
    if (short.mayChange(start + shortNet + lowShort, start + shortNet + highShort)) {
      for (let row = 0; row < rows; row++) short.see(start + shortNet + cell(this.#shortPnl, row))
    }
  }

  #addSums(sums: ExposureSums, { wallet, step, books }: Stretch, rows: number): void {
    let isLong = false
    let isShort = false
    for (const { longQty, shortQty } of books) {
      isLong ||= longQty > 0
      isShort ||= shortQty > 0
    }
    addTimes(sums, { isLong, isShort, ms: rows * step })
    let { long, short, absNet, hedgeRatio: hedged, marginUtilisation } = sums
    for (let row = 0; row < rows; row++) {
      const equity = wallet + cell(this.#longPnl, row) + cell(this.#shortPnl, row)
      const perEquity = equity > 0 ? 1 / equity : Number.NaN
      const longNotional = cell(this.#longNotional, row)
      const shortNotional = cell(this.#shortNotional, row)
      long += longNotional * perEquity * step
      short += shortNotional * perEquity * step
      absNet += Math.abs(longNotional - shortNotional) * perEquity * step
      hedged += hedgeRatio(longNotional, shortNotional) * step
      marginUtilisation += cell(this.#initialMargin, row) * perEquity * step
    }
    sums.long = long
    sums.short = short
    sums.absNet = absNet
    sums.hedgeRatio = hedged
    sums.marginUtilisation = marginUtilisation
  }

  /** False where no candle can have larger exposures than were noted, or stand nearer to liquidation. */
  #mayBeExtreme({ maxGross, maxLong, maxShort, minDistance }: ExposureSums, wallet: number): boolean {
    const { lowLong, lowShort, longNotional, shortNotional, maintenanceMargin } = this.#bounds
    const equity = wallet + lowLong + lowShort
    if (!(equity > 0)) return true
    const perEquity = 1 / equity
    const long = longNotional * perEquity
    const short = shortNotional * perEquity
    return !(long <= maxLong && short <= maxShort && long + short <= maxGross && 1 - maintenanceMargin * (1 + MARGIN_ERROR) * perEquity >= minDistance)
  }

  #noteExtremes(sums: ExposureSums, wallet: number, rows: number): void {
    for (let row = 0; row < rows; row++) {
      const equity = wallet + cell(this.#longPnl, row) + cell(this.#shortPnl, row)
      noteExtremes(sums, { longNotional: cell(this.#longNotional, row), shortNotional: cell(this.#shortNotional, row), maintenanceMargin: cell(this.#maintenanceMargin, row) }, equity)
    }
  }
}

/** What a block can have been worth, from the lowest and highest prices of each symbol. */
interface BlockBounds {
  lowLong: number
  highLong: number
  lowShort: number
  highShort: number
  /** Highest. */
  longNotional: number
  shortNotional: number
  maintenanceMargin: number
}

/** A margin is convex in the price, so it is largest at one of the ends. */
function addBounds(bounds: BlockBounds, { longQty, longEntry, shortQty, shortEntry, maintenanceMargin }: StretchBook, low: number, high: number): void {
  bounds.lowLong += longQty * (low - longEntry)
  bounds.highLong += longQty * (high - longEntry)
  bounds.lowShort += shortQty * (shortEntry - high)
  bounds.highShort += shortQty * (shortEntry - low)
  bounds.longNotional += longQty * high
  bounds.shortNotional += shortQty * high
  bounds.maintenanceMargin += Math.max(maintenanceMargin(low), maintenanceMargin(high))
}

function clear(column: Float64Array, rows: number): void {
  for (let row = 0; row < rows; row++) column[row] = 0
}

function blockColumn(): Float64Array {
  return new Float64Array(BLOCK_ROWS)
}

/** Fills rows with the prices of a column from `from` on; a missing one is the price before it. Returns the last. */
function holdPrices(held: Float64Array, prices: Float64Array, { from, rows }: BlockOfRows, price: number): number {
  let last = price
  for (let row = 0; row < rows; row++) {
    const now = cell(prices, from + row)
    if (!Number.isNaN(now)) last = now
    held[row] = last
  }
  return last
}

function addLeg(pnl: Float64Array, notional: Float64Array, prices: Float64Array, { rows, qty, entry, sign }: { readonly rows: number; readonly qty: number; readonly entry: number; readonly sign: 1 | -1 }): void {
  for (let row = 0; row < rows; row++) {
    const price = cell(prices, row)
    pnl[row] = cell(pnl, row) + sign * qty * (price - entry)
    notional[row] = cell(notional, row) + qty * price
  }
}

function addLine(margins: Float64Array, prices: Float64Array, rows: number, line: MarginLine): void {
  for (let row = 0; row < rows; row++) margins[row] = cell(margins, row) + marginAt(line, cell(prices, row))
}

function addCurve(margins: Float64Array, prices: Float64Array, rows: number, curveAt: (price: number) => number): void {
  for (let row = 0; row < rows; row++) margins[row] = cell(margins, row) + curveAt(cell(prices, row))
}
