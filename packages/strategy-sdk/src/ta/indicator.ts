/** What every indicator does alike: one column a (series, parameters), extended to the current bar and no further. */
import { bufferOf, cell, derivedOf, HedgerowError, type CandleBuffer, type CandleSeries } from '@hedgerow/core'
import { copyRows, ROWS } from './column.ts'

/**
 * Folds bars, oldest first, each once: takes rows `from` up to `to`, at least one and at most {@link ROWS}, and writes a
 * value for each into every output, the first into row `at`. How the rows are cut into calls changes no value: a year
 * at once and bar by bar are one code. What it writes before the indicator's first value is ignored.
 */
export type Fold = (bars: CandleBuffer, from: number, to: number, outputs: Outputs, at: number) => void

/** One column per output; the rows that the fold wrote before are in it. */
export type Outputs = readonly Float64Array[]

const NO_COLUMN = new Float64Array(0)

/** The column of an output that the indicator has. */
export function columnOf(outputs: Outputs, output: number): Float64Array {
  return outputs[output] ?? NO_COLUMN
}

/** An indicator with its parameters. */
export interface Plan {
  /** Bars up to and including the first value. */
  readonly bars: number
  /** Starts over before the first bar. */
  readonly start: () => Fold
  /** Outputs that are others of some bars ago. */
  readonly delayed?: readonly Delayed[]
}

/**
 * An output whose value is that of another `by` bars ago. Both are one column, read from different rows: a fold writes
 * the other alone, which has its first value `by` bars before the rest.
 */
export interface Delayed {
  readonly output: number
  readonly of: number
  readonly by: number
}

type Parameter = number | string | undefined
/** Four at most. */
type Parameters = [a?: Parameter, b?: Parameter, c?: Parameter, d?: Parameter]

/**
 * The value at the last bar.
 *
 * @throws HedgerowError `WARMUP_TOO_SHORT` with fewer bars than it needs; `PARAMETER_INVALID`.
 */
type Value<Params extends Parameters, Now> = (candles: CandleSeries, ...params: Params) => Now

interface Face<Params extends Parameters, Now, Column> extends Value<Params, Now> {
  /** The whole column, one row a bar, as a view that does not grow; rows before the first value are NaN. */
  series(candles: CandleSeries, ...params: Params): Column
  /** Bars it needs for its first value. */
  bars(...params: Params): number
}

/** An indicator with one output. */
export type Indicator<Params extends Parameters> = Face<Params, number, Float64Array>

/** An indicator with several outputs, as an object by name. */
export type Indicators<Params extends Parameters, Name extends string> = Face<
  Params,
  Readonly<Record<Name, number>>,
  Readonly<Record<Name, Float64Array>>
>

/** Makes an object of outputs from what `at` tells of each: numbers for the last bar, columns for a series. */
export type Shape<Name extends string> = <Value>(at: (output: number) => Value) => Readonly<Record<Name, Value>>

/**
 * Fills in defaults and refuses what is not valid. Four parameters at most, each on its own all the way down: an array of
 * them would cost a call as much as its work.
 */
export type Planner<Params extends Parameters> = (a: Params[0], b: Params[1], c: Params[2], d: Params[3]) => Plan

/** An indicator with one output. */
export function indicator<Params extends Parameters>(name: string, plan: Planner<Params>): Indicator<Params> {
  const kernel = new Kernel(name, 1, plan)
  const value = (candles: CandleSeries, a?: Params[0], b?: Params[1], c?: Params[2], d?: Params[3]): number => {
    const columns = kernel.current(candles, a, b, c, d)
    return columns.at(0, columns.rows - 1)
  }
  const series = (candles: CandleSeries, a?: Params[0], b?: Params[1], c?: Params[2], d?: Params[3]): Float64Array => kernel.whole(candles, a, b, c, d).view(0)
  const bars = (...[a, b, c, d]: Params): number => plan(a, b, c, d).bars
  return Object.assign(value as Value<Params, number>, { series, bars })
}

/** An indicator with `count` outputs, named by `shape`. */
export function indicators<Params extends Parameters, Name extends string>(name: string, count: number, shape: Shape<Name>, plan: Planner<Params>): Indicators<Params, Name> {
  const kernel = new Kernel(name, count, plan)
  const values = (candles: CandleSeries, a?: Params[0], b?: Params[1], c?: Params[2], d?: Params[3]): Readonly<Record<Name, number>> => {
    const columns = kernel.current(candles, a, b, c, d)
    return shape((output) => columns.at(output, columns.rows - 1))
  }
  const series = (candles: CandleSeries, a?: Params[0], b?: Params[1], c?: Params[2], d?: Params[3]): Readonly<Record<Name, Float64Array>> => {
    const columns = kernel.whole(candles, a, b, c, d)
    return shape((output) => columns.view(output))
  }
  const bars = (...[a, b, c, d]: Params): number => plan(a, b, c, d).bars
  return Object.assign(values as Value<Params, Readonly<Record<Name, number>>>, { series, bars })
}

/** Columns and the bars that they are computed from. */
interface Known {
  /** Whose columns they are. */
  readonly kernel: object
  readonly bars: CandleBuffer
  readonly columns: Columns
}

class Kernel<Params extends Parameters> {
  readonly #name: string
  readonly #count: number
  readonly #plan: Planner<Params>
  /** What is known of bars that outlive a run: computed once, copied bar by bar into the columns of each. */
  readonly #kept = new WeakMap<object, Columns[]>()

  constructor(name: string, count: number, plan: Planner<Params>) {
    this.#name = name
    this.#count = count
    this.#plan = plan
  }

  /** Columns whose last row is the value at the last bar. */
  current(candles: CandleSeries, a: Params[0], b: Params[1], c: Params[2], d: Params[3]): Columns {
    const { bars, columns } = this.#known(candles, a, b, c, d)
    if (candles.window !== null || bars.forming) return this.#ofWindow(candles, this.#columns(a, b, c, d))
    if (bars.length < columns.needed) throw this.#tooShort(columns, bars.length)
    columns.extend(bars)
    return columns
  }

  /** Columns with one row a bar. */
  whole(candles: CandleSeries, a: Params[0], b: Params[1], c: Params[2], d: Params[3]): Columns {
    const known = this.#known(candles, a, b, c, d)
    const columns = known.bars.forming ? this.#columns(a, b, c, d) : known.columns
    columns.extend(known.bars)
    return columns
  }

  /** Computed anew from the last `window` bars alone, as the predecessor does; only the last rows are kept. */
  #ofWindow(candles: CandleSeries, columns: Columns): Columns {
    const bars = bufferOf(candles)
    const first = Math.max(0, bars.length - (candles.window ?? bars.length))
    if (bars.length - first < columns.needed) throw this.#tooShort(columns, bars.length - first)
    columns.foldLast(bars, first)
    return columns
  }

  #known(candles: CandleSeries, a: Params[0], b: Params[1], c: Params[2], d: Params[3]): Known {
    // Few enough for a linear search. Another copy of this package keeps its own among them.
    const list = derivedOf(candles) as Known[]
    for (const known of list) if (known.kernel === this && known.columns.a === a && known.columns.b === b && known.columns.c === c && known.columns.d === d) return known
    const made: Known = { kernel: this, bars: bufferOf(candles), columns: this.#columns(a, b, c, d) }
    const { lasting } = made.bars
    if (lasting !== null) made.columns.follow(this.#keptFor(lasting, made.columns))
    list.push(made)
    return made
  }

  #keptFor(lasting: object, { a, b, c, d }: Columns): Columns {
    const known = this.#kept.get(lasting) ?? []
    this.#kept.set(lasting, known)
    const found = known.find((columns) => columns.a === a && columns.b === b && columns.c === c && columns.d === d)
    if (found !== undefined) return found
    const made = this.#columns(a, b, c, d)
    known.push(made)
    return made
  }

  #columns(a: Parameter, b: Parameter, c: Parameter, d: Parameter): Columns {
    return new Columns(this.#plan(a, b, c, d), this.#count, [a, b, c, d])
  }

  #tooShort({ a, b, c, d, needed }: Columns, had: number): HedgerowError {
    const params = [a, b, c, d].filter((param) => param !== undefined)
    return new HedgerowError('WARMUP_TOO_SHORT', { where: `ta.${this.#name}(${params.join(', ')})`, found: `${had} bars`, expected: `at least ${needed}` })
  }
}

/** The outputs of one indicator with its parameters, up to the bar that was last asked for. */
class Columns {
  /** Bars up to and including the first value. */
  readonly needed: number
  readonly a: Parameter
  readonly b: Parameter
  readonly c: Parameter
  readonly d: Parameter
  rows = 0
  readonly #fold: Fold
  readonly #delayed: readonly Delayed[]
  #outputs: Outputs
  #capacity = 0
  /** What {@link Columns.view} has made last of each output: a bar asks more than once. */
  readonly #views: Float64Array[] = []
  /** Where the values are computed, when that is not here. */
  #leader: Columns | null = null

  constructor(plan: Plan, count: number, [a, b, c, d]: Parameters) {
    this.needed = plan.bars
    this.a = a
    this.b = b
    this.c = c
    this.d = d
    this.#fold = plan.start()
    this.#delayed = plan.delayed ?? []
    this.#outputs = outputsOf(count, 0, this.#delayed)
  }

  at(output: number, row: number): number {
    const column = this.#outputs[output]
    return column === undefined ? Number.NaN : cell(column, row)
  }

  view(output: number): Float64Array {
    const known = this.#views[output]
    if (known?.length === this.rows) return known
    const { buffer, byteOffset } = columnOf(this.#outputs, output)
    const view = new Float64Array(buffer, byteOffset, this.rows)
    this.#views[output] = view
    return view
  }

  extend(bars: CandleBuffer): void {
    const from = this.rows
    const to = bars.length
    if (from >= to) return
    if (this.#capacity < to) this.#reserve(bars.open.length)
    if (this.#leader !== null) return this.#copy(this.#leader, bars)
    for (let row = from; row < to; row += ROWS) this.#fold(bars, row, Math.min(to, row + ROWS), this.#outputs, row)
    if (from < this.needed - 1) this.#forget(from, to)
    this.rows = to
  }

  /** Of rows before the first value of an output nothing is known. */
  #forget(from: number, to: number): void {
    for (const [output, column] of this.#outputs.entries()) {
      const ahead = this.#delayed.find(({ of }) => of === output)?.by ?? 0
      column.fill(Number.NaN, from, Math.max(from, Math.min(to, this.needed - 1 - ahead)))
    }
  }

  /** Values come from columns over the same bars that outlive the run, which may be ahead: only bars that are visible are copied. */
  follow(leader: Columns): void {
    this.#leader = leader
  }

  #copy(leader: Columns, bars: CandleBuffer): void {
    leader.extend(bars)
    for (let output = 0; output < this.#outputs.length; output++) copyRows(columnOf(leader.#outputs, output), this.rows, bars.length, columnOf(this.#outputs, output), this.rows)
    this.rows = bars.length
  }

  foldLast(bars: CandleBuffer, first: number): void {
    this.rows = bars.length - first
    this.#outputs = outputsOf(this.#outputs.length, this.rows, this.#delayed)
    for (let row = first; row < bars.length; row += ROWS) this.#fold(bars, row, Math.min(bars.length, row + ROWS), this.#outputs, row - first)
  }

  /** Columns as long as those of the candles, which know their final length in a backtest and double in live. */
  #reserve(capacity: number): void {
    const larger = outputsOf(this.#outputs.length, capacity, this.#delayed)
    for (const [index, column] of this.#outputs.entries()) larger[index]?.set(column.subarray(0, this.rows))
    this.#outputs = larger
    this.#capacity = capacity
  }
}

function outputsOf(count: number, rows: number, delayed: readonly Delayed[]): Outputs {
  const shared = new Map<number, Float64Array>()
  for (const { output, of, by } of delayed) {
    const column = new Float64Array(by + rows)
    shared.set(output, column.subarray(0, rows)).set(of, column.subarray(by))
  }
  return Array.from({ length: count }, (_, output) => shared.get(output) ?? new Float64Array(rows))
}
