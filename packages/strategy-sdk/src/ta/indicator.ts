/** What every indicator does alike: one column a (series, parameters), extended to the current bar and no further. */
import { bufferOf, cell, HedgerowError, type CandleBuffer, type CandleSeries } from '@hedgerow/core'

/**
 * Folds bars, oldest first, each once: takes row `row` of the bars and writes one value into row `to` of each output.
 * What it writes before the indicator's first value is ignored.
 */
export type Fold = (bars: CandleBuffer, row: number, outputs: Outputs, to: number) => void

/** One column per output. */
export type Outputs = readonly Float64Array[]

/** Writes one value of an output. */
export function put(outputs: Outputs, output: number, row: number, value: number): void {
  const column = outputs[output]
  if (column !== undefined) column[row] = value
}

/** An indicator with its parameters. */
export interface Plan {
  /** Bars up to and including the first value. */
  readonly bars: number
  /** Starts over before the first bar. */
  readonly start: () => Fold
}

interface Face<Params extends readonly unknown[], Value, Column> {
  /**
   * The value at the last bar.
   *
   * @throws HedgerowError `WARMUP_TOO_SHORT` with fewer bars than it needs; `PARAMETER_INVALID`.
   */
  (candles: CandleSeries, ...params: Params): Value
  /** The whole column, one row a bar, as a view that does not grow; rows before the first value are NaN. */
  series(candles: CandleSeries, ...params: Params): Column
  /** Bars it needs for its first value. */
  bars(...params: Params): number
}

/** An indicator with one output. */
export type Indicator<Params extends readonly unknown[]> = Face<Params, number, Float64Array>

/** An indicator with several outputs, as an object by name. */
export type Indicators<Params extends readonly unknown[], Name extends string> = Face<
  Params,
  Readonly<Record<Name, number>>,
  Readonly<Record<Name, Float64Array>>
>

/** Makes an object of outputs from what `at` tells of each: numbers for the last bar, columns for a series. */
export type Shape<Name extends string> = <Value>(at: (output: number) => Value) => Readonly<Record<Name, Value>>

/** An indicator with one output. `plan` reads the parameters, fills in defaults and refuses what is not valid. */
export function indicator<Params extends readonly unknown[]>(name: string, plan: (...params: Params) => Plan): Indicator<Params> {
  const kernel = new Kernel(name, 1, plan)
  const value = (candles: CandleSeries, ...params: Params): number => {
    const columns = kernel.current(candles, params)
    return columns.at(0, columns.rows - 1)
  }
  return Object.assign(value, {
    series: (candles: CandleSeries, ...params: Params): Float64Array => kernel.whole(candles, params).view(0),
    bars: (...params: Params): number => plan(...params).bars,
  })
}

/** An indicator with `count` outputs, named by `shape`. */
export function indicators<Params extends readonly unknown[], Name extends string>(
  name: string,
  count: number,
  shape: Shape<Name>,
  plan: (...params: Params) => Plan,
): Indicators<Params, Name> {
  const kernel = new Kernel(name, count, plan)
  const values = (candles: CandleSeries, ...params: Params): Readonly<Record<Name, number>> => {
    const columns = kernel.current(candles, params)
    return shape((output) => columns.at(output, columns.rows - 1))
  }
  const series = (candles: CandleSeries, ...params: Params): Readonly<Record<Name, Float64Array>> => {
    const columns = kernel.whole(candles, params)
    return shape((output) => columns.view(output))
  }
  return Object.assign(values, { series, bars: (...params: Params): number => plan(...params).bars })
}

class Kernel<Params extends readonly unknown[]> {
  readonly #name: string
  readonly #count: number
  readonly #plan: (...params: Params) => Plan
  /** The columns of each series, one for each parameters: few enough for a linear search. */
  readonly #memo = new WeakMap<CandleSeries, Columns[]>()

  constructor(name: string, count: number, plan: (...params: Params) => Plan) {
    this.#name = name
    this.#count = count
    this.#plan = plan
  }

  /** Columns whose last row is the value at the last bar. */
  current(candles: CandleSeries, params: Params): Columns {
    const bars = bufferOf(candles)
    if (candles.window !== null || bars.forming) return this.#ofWindow(candles, params)
    const columns = this.#memoised(candles, params)
    if (bars.length < columns.plan.bars) throw this.#tooShort(params, columns.plan.bars, bars.length)
    columns.extend(bars)
    return columns
  }

  /** Columns with one row a bar. */
  whole(candles: CandleSeries, params: Params): Columns {
    const bars = bufferOf(candles)
    const columns = bars.forming ? new Columns(this.#plan(...params), this.#count, params) : this.#memoised(candles, params)
    columns.extend(bars)
    return columns
  }

  /** Computed anew from the last `window` bars alone, as the predecessor does; one row, the last. */
  #ofWindow(candles: CandleSeries, params: Params): Columns {
    const bars = bufferOf(candles)
    const first = Math.max(0, bars.length - (candles.window ?? bars.length))
    const columns = new Columns(this.#plan(...params), this.#count, params)
    if (bars.length - first < columns.plan.bars) throw this.#tooShort(params, columns.plan.bars, bars.length - first)
    columns.foldLast(bars, first)
    return columns
  }

  #memoised(candles: CandleSeries, params: Params): Columns {
    const known = this.#memo.get(candles)
    if (known !== undefined) {
      for (let index = 0; index < known.length; index++) {
        const columns = known[index]
        if (columns?.isOf(params) === true) return columns
      }
    }
    const made = new Columns(this.#plan(...params), this.#count, params)
    if (known === undefined) this.#memo.set(candles, [made])
    else known.push(made)
    return made
  }

  #tooShort(params: Params, needed: number, had: number): HedgerowError {
    return new HedgerowError('WARMUP_TOO_SHORT', { where: `ta.${this.#name}(${params.join(', ')})`, found: `${had} bars`, expected: `at least ${needed}` })
  }
}

/** The outputs of one indicator with its parameters, up to the bar that was last asked for. */
class Columns {
  readonly plan: Plan
  rows = 0
  readonly #params: readonly unknown[]
  readonly #fold: Fold
  #outputs: Outputs
  #capacity = 0

  constructor(plan: Plan, count: number, params: readonly unknown[]) {
    this.plan = plan
    this.#params = params
    this.#fold = plan.start()
    this.#outputs = outputsOf(count, 0)
  }

  isOf(params: readonly unknown[]): boolean {
    const own = this.#params
    if (own.length !== params.length) return false
    for (let index = 0; index < own.length; index++) if (own[index] !== params[index]) return false
    return true
  }

  at(output: number, row: number): number {
    const column = this.#outputs[output]
    return column === undefined ? Number.NaN : cell(column, row)
  }

  view(output: number): Float64Array {
    return this.#outputs[output]?.subarray(0, this.rows) ?? new Float64Array(0)
  }

  extend(bars: CandleBuffer): void {
    const from = this.rows
    const to = bars.length
    if (from >= to) return
    if (this.#capacity < to) this.#reserve(bars.open.length)
    for (let row = from; row < to; row++) this.#fold(bars, row, this.#outputs, row)
    const unknown = Math.min(to, this.plan.bars - 1)
    if (from < unknown) for (const column of this.#outputs) column.fill(Number.NaN, from, unknown)
    this.rows = to
  }

  foldLast(bars: CandleBuffer, first: number): void {
    this.#outputs = outputsOf(this.#outputs.length, 1)
    for (let row = first; row < bars.length; row++) this.#fold(bars, row, this.#outputs, 0)
    this.rows = 1
  }

  /** Columns as long as those of the candles, which know their final length in a backtest and double in live. */
  #reserve(capacity: number): void {
    const larger = outputsOf(this.#outputs.length, capacity)
    for (const [index, column] of this.#outputs.entries()) larger[index]?.set(column.subarray(0, this.rows))
    this.#outputs = larger
    this.#capacity = capacity
  }
}

function outputsOf(count: number, rows: number): Outputs {
  return Array.from({ length: count }, () => new Float64Array(rows))
}
