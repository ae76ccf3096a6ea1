/**
 * Moving averages. Unless stated, definitions are TA-Lib's (default compatibility), whose first value of a recursive
 * average is the simple mean of its first `period` inputs.
 */
import { exponential, SimpleAverage, WeightedAverage, wilder, type Average } from './averages.ts'
import { indicator, put, type Fold, type Indicator, type Plan } from './indicator.ts'
import { requirePeriods } from './parameters.ts'
import { readerOf, type Source } from './source.ts'

type AverageIndicator = Indicator<[period: number, source?: Source]>

/** Simple moving average: the mean of the last `period` values. [P] TA-Lib SMA. First value at bar `period`. */
export const sma: AverageIndicator = average('sma', 1, (period) => new SimpleAverage(period))

/** Exponential moving average: previous + 2 / (period + 1) x (value - previous). [P] TA-Lib EMA. First value at bar `period`. */
export const ema: AverageIndicator = average('ema', 1, exponential)

/** Weighted moving average with weights 1 (oldest) to `period` (newest). [P] TA-Lib WMA. First value at bar `period`. */
export const wma: AverageIndicator = average('wma', 1, (period) => new WeightedAverage(period))

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
    return (candles, row, outputs, to) => put(outputs, 0, to, values.next(read(candles, row)))
  }
  return { bars, start }
}

class Dema implements Average {
  readonly #first: Average
  readonly #second: Average

  constructor(period: number) {
    this.#first = exponential(period)
    this.#second = exponential(period)
  }

  next(value: number): number {
    const first = this.#first.next(value)
    return 2 * first - this.#second.next(first)
  }
}

class Tema implements Average {
  readonly #first: Average
  readonly #second: Average
  readonly #third: Average

  constructor(period: number) {
    this.#first = exponential(period)
    this.#second = exponential(period)
    this.#third = exponential(period)
  }

  next(value: number): number {
    const first = this.#first.next(value)
    const second = this.#second.next(first)
    return 3 * first - 3 * second + this.#third.next(second)
  }
}

class Hull implements Average {
  readonly #half: Average
  readonly #whole: Average
  readonly #smoothing: Average

  constructor(period: number) {
    this.#half = new WeightedAverage(Math.max(1, Math.floor(period / 2)))
    this.#whole = new WeightedAverage(period)
    this.#smoothing = new WeightedAverage(hullSmoothing(period))
  }

  next(value: number): number {
    return this.#smoothing.next(2 * this.#half.next(value) - this.#whole.next(value))
  }
}

function hullSmoothing(period: number): number {
  return Math.max(1, Math.floor(Math.sqrt(period)))
}
