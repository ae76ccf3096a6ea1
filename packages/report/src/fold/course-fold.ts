/** Reduces the account on every candle to rows that a chart can show. Presentation statistics, in floats. */
import { doubleOf, marginAt, type Decimal, type Stretch, type StretchBook, type TimeMs } from '@hedgerow/core'
import { COURSE_COLUMNS, type Course, type CourseColumn } from '../finished-run.ts'

/** What a course is folded over. */
export interface CourseGrid {
  readonly start: TimeMs
  readonly end: TimeMs
  /** Start of candle 0. */
  readonly gridStart: TimeMs
  readonly candleStep: number
  readonly startingBalance: Decimal
}

const MINUTE = 60_000
/** Rows are as long as one of these, or as a candle where that is longer. */
const STEPS: readonly number[] = [1, 5, 15, 30, 60, 120, 240, 360, 720, 1440, 10_080].map((minutes) => minutes * MINUTE)
/** More rows than this say nothing more on a screen. */
const MOST_ROWS = 4000

/** The fold of stretches, in order of time. */
export class CourseFold {
  readonly #grid: CourseGrid
  readonly #step: number
  readonly #columns: Readonly<Record<CourseColumn, Float64Array>>
  #peak: number
  /** Candles so far, and those of them with one leg open and the other flat. */
  #candles = 0
  #naked = 0

  constructor(grid: CourseGrid) {
    this.#grid = grid
    this.#step = rowStep(grid)
    const rows = Math.max(1, Math.ceil((grid.end - grid.start) / this.#step))
    const column = (): Float64Array => new Float64Array(rows).fill(Number.NaN)
    this.#columns = { drawdown: column(), gross: column(), net: column(), hedgeRatio: column(), marginUse: column(), liquidationDistance: column(), nakedTime: column() }
    this.#peak = doubleOf(grid.startingBalance)
  }

  /** Takes the next stretch. */
  add(stretch: Stretch): void {
    const { books } = stretch
    const prices = books.map(({ lastPrice }) => lastPrice)
    for (let candle = stretch.from; candle < stretch.to; candle++) {
      for (const [index, book] of books.entries()) {
        const price = book.prices[candle] ?? Number.NaN
        if (!Number.isNaN(price)) prices[index] = price
      }
      this.#see(candle, reading(stretch, books, prices))
    }
  }

  /** The rows; one without a candle repeats the row before it. */
  finish(): Course {
    for (const name of COURSE_COLUMNS) {
      const column = this.#columns[name]
      if (name === 'liquidationDistance') continue
      for (let row = 1; row < column.length; row++) if (Number.isNaN(column[row])) column[row] = column[row - 1] ?? Number.NaN
    }
    return { start: this.#grid.start, step: this.#step, length: this.#columns.drawdown.length, ...this.#columns }
  }

  #see(candle: number, { equity, long, short, initialMargin, maintenanceMargin }: Reading): void {
    const { start, gridStart, candleStep } = this.#grid
    const row = Math.floor((gridStart + candle * candleStep - start) / this.#step)
    const perEquity = equity > 0 ? 1 / equity : Number.NaN
    const isIn = long + short > 0
    const columns = this.#columns
    this.#peak = Math.max(this.#peak, equity)
    lower(columns.drawdown, row, equity / this.#peak - 1)
    columns.gross[row] = isIn ? (long + short) * perEquity : 0
    columns.net[row] = isIn ? (long - short) * perEquity : 0
    columns.hedgeRatio[row] = isIn ? (2 * Math.min(long, short)) / (long + short) : 0
    this.#candles++
    if (long > 0 !== short > 0) this.#naked++
    columns.nakedTime[row] = this.#naked / this.#candles
    raise(columns.marginUse, row, isIn ? initialMargin * perEquity : 0)
    if (isIn) lower(columns.liquidationDistance, row, equity > 0 ? Math.max(0, 1 - maintenanceMargin * perEquity) : 0)
  }
}

interface Reading {
  readonly equity: number
  readonly long: number
  readonly short: number
  readonly initialMargin: number
  readonly maintenanceMargin: number
}

function reading({ wallet }: Stretch, books: readonly StretchBook[], prices: readonly number[]): Reading {
  let [equity, long, short, initialMargin, maintenanceMargin] = [wallet, 0, 0, 0, 0]
  for (const [index, book] of books.entries()) {
    const price = prices[index] ?? Number.NaN
    equity += book.longQty * (price - book.longEntry) + book.shortQty * (book.shortEntry - price)
    long += book.longQty * price
    short += book.shortQty * price
    initialMargin += marginAt(book.initialMargin, price)
    maintenanceMargin += book.maintenanceMargin(price)
  }
  return { equity, long, short, initialMargin, maintenanceMargin }
}

function lower(column: Float64Array, row: number, value: number): void {
  const before = column[row] ?? Number.NaN
  if (!(before <= value)) column[row] = value
}

function raise(column: Float64Array, row: number, value: number): void {
  const before = column[row] ?? Number.NaN
  if (!(before >= value)) column[row] = value
}

/** The shortest step that leaves few enough rows. */
function rowStep({ start, end, candleStep }: CourseGrid): number {
  const fits = STEPS.find((step) => step >= candleStep && (end - start) / step <= MOST_ROWS)
  return fits ?? Math.max(candleStep, STEPS.at(-1) ?? candleStep)
}
