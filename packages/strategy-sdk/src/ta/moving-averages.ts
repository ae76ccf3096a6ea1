/**
 * Moving averages. Unless stated, definitions are TA-Lib's (default compatibility), whose first value of a recursive
 * average is the simple mean of its first `period` inputs.
 */
import { exponential, simple, weighted, wilder, type Average } from './averages.ts'
import { copyRows, scratch, valueAt } from './column.ts'
import { columnOf, indicator, type Fold, type Indicator, type Plan } from './indicator.ts'
import { requirePeriods } from './parameters.ts'
import { readerOf, type Source } from './source.ts'

type AverageIndicator = Indicator<[period: number, source?: Source]>

/** Simple moving average: the mean of the last `period` values. [P] TA-Lib SMA. First value at bar `period`. */
export const sma: AverageIndicator = average('sma', 1, simple)

/** Exponential moving average: previous + 2 / (period + 1) x (value - previous). [P] TA-Lib EMA. First value at bar `period`. */
export const ema: AverageIndicator = average('ema', 1, exponential)

/** Weighted moving average with weights 1 (oldest) to `period` (newest). [P] TA-Lib WMA. First value at bar `period`. */
export const wma: AverageIndicator = average('wma', 1, weighted)

/** Wilder's moving average: previous + (value - previous) / period. [P] Wilder 1978, the smoothing of TA-Lib's ATR. First value at bar `period`. */
export const rma: AverageIndicator = average('rma', 1, wilder)

/** Double exponential moving average: 2 x e1 - e2, e2 the EMA of e1 (Mulloy 1994). [P] TA-Lib DEMA. First value at bar 2 x period - 1. */
export const dema: AverageIndicator = average('dema', 2, (period) => new Dema(period))

/** Triple exponential moving average: 3 x e1 - 3 x e2 + e3, each the EMA of the one before (Mulloy 1994). [P] TA-Lib TEMA. First value at bar 3 x period - 2. */
export const tema: AverageIndicator = average('tema', 3, (period) => new Tema(period))

/**
 * Hull moving average: WMA(2 x WMA(period / 2) - WMA(period), sqrt(period)), both lengths rounded down, at least 1.
 * [P] Hull 2005. First value at bar period + floor(sqrt(period)) - 1.
 */
export const hma: AverageIndicator = indicator('hma', (period: number, source: Source = 'close'): Plan => {
  requirePeriods('hma', { period })
  return planOf(period + hullSmoothing(period) - 1, source, () => new Hull(period))
})

/** An average that is `depth` averages of one period deep. */
function average(name: string, depth: number, make: (period: number) => Average): AverageIndicator {
  return indicator(name, (period: number, source: Source = 'close'): Plan => {
    requirePeriods(name, { period })
    return planOf(depth * (period - 1) + 1, source, () => make(period))
  })
}

function planOf(bars: number, source: Source, make: () => Average): Plan {
  const read = readerOf(source)
  const start = (): Fold => {
    const values = make()
    return (candles, from, to, outputs, at) => {
      const column = columnOf(outputs, 0)
      read(candles, from, to, column, at)
      values.fold(column, at, at + to - from)
    }
  }
  return { bars, start }
}

class Dema implements Average {
  readonly #first: Average
  readonly #second: Average
  readonly #twice = scratch()

  constructor(period: number) {
    this.#first = exponential(period)
    this.#second = exponential(period)
  }

  fold(column: Float64Array, from: number, to: number): void {
    const twice = this.#twice
    this.#first.fold(column, from, to)
    copyRows(column, from, to, twice, 0)
    this.#second.fold(twice, 0, to - from)
    for (let row = from; row < to; row++) column[row] = 2 * valueAt(column, row) - valueAt(twice, row - from)
  }
}

class Tema implements Average {
  readonly #first: Average
  readonly #second: Average
  readonly #third: Average
  readonly #twice = scratch()
  readonly #thrice = scratch()

  constructor(period: number) {
    this.#first = exponential(period)
    this.#second = exponential(period)
    this.#third = exponential(period)
  }

  fold(column: Float64Array, from: number, to: number): void {
    const twice = this.#twice
    const thrice = this.#thrice
    this.#first.fold(column, from, to)
    copyRows(column, from, to, twice, 0)
    this.#second.fold(twice, 0, to - from)
    copyRows(twice, 0, to - from, thrice, 0)
    this.#third.fold(thrice, 0, to - from)
    for (let row = from; row < to; row++) column[row] = 3 * valueAt(column, row) - 3 * valueAt(twice, row - from) + valueAt(thrice, row - from)
  }
}

class Hull implements Average {
  readonly #half: Average
  readonly #whole: Average
  readonly #smoothing: Average
  readonly #wholes = scratch()

  constructor(period: number) {
    this.#half = weighted(Math.max(1, Math.floor(period / 2)))
    this.#whole = weighted(period)
    this.#smoothing = weighted(hullSmoothing(period))
  }

  fold(column: Float64Array, from: number, to: number): void {
    const wholes = this.#wholes
    copyRows(column, from, to, wholes, 0)
    this.#half.fold(column, from, to)
    this.#whole.fold(wholes, 0, to - from)
    for (let row = from; row < to; row++) column[row] = 2 * valueAt(column, row) - valueAt(wholes, row - from)
    this.#smoothing.fold(column, from, to)
  }
}

function hullSmoothing(period: number): number {
  return Math.max(1, Math.floor(Math.sqrt(period)))
}
