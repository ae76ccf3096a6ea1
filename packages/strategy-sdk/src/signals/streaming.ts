/**
 * Makes an indicator of `ta`'s kind from any object that takes values one by one: those of `trading-signals`, or an author's own.
 * One object is fed a series and parameters, each closed bar once, so that it is memoised and cannot see ahead.
 */
import { barTime, bufferOf, cell, HedgerowError, type Candle, type CandleBuffer, type CandleSeries } from '@hedgerow/core'
import { valueAt } from '../ta/column.ts'
import { columnOf, indicator, indicators, type Fold, type Indicator, type Indicators, type Plan } from '../ta/indicator.ts'
import { readerOf, type Source } from '../ta/source.ts'

/** Takes inputs one by one. */
export interface Streaming<Input, Result> {
  add(input: Input): unknown
  /** The result at the last input; null while there is none. */
  getResult(): Result | null
  /** Inputs up to and including the first result. */
  getRequiredInputs(): number
}

type Given = number | string | undefined
type Values<Name extends string> = Readonly<Record<Name, number>>

/** The parameters of an indicator by name, in the order of a call, with their defaults: whole numbers, or by {@link real} any above zero. */
export type Defaults<Name extends string> = Readonly<Record<Name, number | RealDefault>>

interface RealDefault {
  readonly real: number
}

/** The default of a parameter that need not be whole. */
export function real(value: number): RealDefault {
  return { real: value }
}

/**
 * An indicator of one price of each bar; a call's last parameter names the price, `source` where it is left out.
 *
 * `const kama = ofValues('kama', { period: 10 }, ({ period }) => new KAMA(period))`, then `kama(this.candles, 10)`.
 */
export function ofValues<Name extends string, Params extends [a?: Given, b?: Given, c?: Given, d?: Given]>(
  name: string, defaults: Defaults<Name>, make: (params: Values<Name>) => Streaming<number, number>, source: Source = 'close',
): Indicator<Params> {
  return known(name, indicator<Params>(name, (...given) => planOfValues(name, given, { defaults, make, source, count: 1, read: (result) => result })))
}

/** An indicator of whole bars. */
export function ofBars<Name extends string, Params extends [a?: Given, b?: Given, c?: Given, d?: Given]>(
  name: string, defaults: Defaults<Name>, make: (params: Values<Name>) => Streaming<Candle, number>,
): Indicator<Params> {
  return known(name, indicator<Params>(name, (...given) => planOf(name, given, { defaults, make, count: 1, read: (result) => result }, barAt)))
}

/** An indicator of one price of each bar with several outputs, by the names that its results have. */
export function linesOfValues<Name extends string, Params extends [a?: Given, b?: Given, c?: Given, d?: Given], Line extends string>(
  name: string, lines: readonly Line[], defaults: Defaults<Name>, make: (params: Values<Name>) => Streaming<number, Readonly<Record<Line, number>>>,
): Indicators<Params, Line> {
  return knownLines(name, indicators<Params, Line>(name, lines.length, shapeOf(lines), (...given) => planOfValues(name, given, { defaults, make, source: 'close', count: lines.length, read: lineReader(lines) })))
}

/** An indicator of whole bars with several outputs, by the names that its results have. */
export function linesOfBars<Name extends string, Params extends [a?: Given, b?: Given, c?: Given, d?: Given], Line extends string>(
  name: string, lines: readonly Line[], defaults: Defaults<Name>, make: (params: Values<Name>) => Streaming<Candle, Readonly<Record<Line, number>>>,
): Indicators<Params, Line> {
  return knownLines(name, indicators<Params, Line>(name, lines.length, shapeOf(lines), (...given) => planOf(name, given, { defaults, make, count: lines.length, read: lineReader(lines) }, barAt)))
}

/** How one indicator is made and read. */
interface Recipe<Name extends string, Input, Result> {
  readonly defaults: Defaults<Name>
  readonly make: (params: Values<Name>) => Streaming<Input, Result>
  /** Outputs. */
  readonly count: number
  readonly read: (result: Result, output: number) => number
}

function planOfValues<Name extends string, Result>(name: string, given: readonly Given[], recipe: Recipe<Name, number, Result> & { readonly source: Source }): Plan {
  const source = given[Object.keys(recipe.defaults).length] ?? recipe.source
  // What is no source is refused by name.
  const read = readerOf(source as Source)
  const value = new Float64Array(1)
  return planOf(name, given, recipe, (bars, row) => {
    read(bars, row, row + 1, value, 0)
    return valueAt(value, 0)
  })
}

function planOf<Name extends string, Input, Result>(name: string, given: readonly Given[], { defaults, make, count, read }: Recipe<Name, Input, Result>, inputAt: (bars: CandleBuffer, row: number) => Input): Plan {
  const params = paramsOf(name, given, defaults)
  const start = (): Fold => {
    const object = made(name, params, make)
    return (bars, from, to, outputs, at) => {
      for (let row = from; row < to; row++) {
        object.add(inputAt(bars, row))
        const result = object.getResult()
        for (let output = 0; output < count; output++) columnOf(outputs, output)[at + row - from] = result === null ? Number.NaN : finite(read(result, output))
      }
    }
  }
  return { bars: made(name, params, make).getRequiredInputs(), start }
}

/** A result that is no number is not known; zero has no sign. */
function finite(value: number): number {
  return Number.isFinite(value) ? value + 0 : Number.NaN
}

function barAt(bars: CandleBuffer, row: number): Candle {
  return { time: barTime(bars, row), open: cell(bars.open, row), high: cell(bars.high, row), low: cell(bars.low, row), close: cell(bars.close, row), volume: cell(bars.volume, row) }
}

function paramsOf<Name extends string>(name: string, given: readonly Given[], defaults: Defaults<Name>): Values<Name> {
  const rows = Object.entries<number | RealDefault>(defaults).map(([key, fallback], index): [string, number] => {
    const isWhole = typeof fallback === 'number'
    const value = given[index] ?? (isWhole ? fallback : fallback.real)
    if (typeof value !== 'number' || !(value > 0) || !Number.isFinite(value) || (isWhole && !Number.isInteger(value))) {
      throw new HedgerowError('PARAMETER_INVALID', { where: `signals.${name}`, found: `${key} = ${String(value)}`, expected: isWhole ? 'a whole number from 1 on' : 'a finite number greater than zero', remedy: `Correct the ${key} that the strategy passes.` })
    }
    return [key, value]
  })
  // The keys are those of `defaults`.
  return Object.fromEntries(rows) as Values<Name>
}

/** The library refuses parameters with errors of its own. */
function made<Name extends string, Input, Result>(name: string, params: Values<Name>, make: (params: Values<Name>) => Streaming<Input, Result>): Streaming<Input, Result> {
  try {
    return make(params)
  } catch (cause) {
    throw new HedgerowError('PARAMETER_INVALID', { where: `signals.${name}`, found: JSON.stringify(params), expected: cause instanceof Error ? cause.message : 'other parameters', cause })
  }
}

function shapeOf<Line extends string>(lines: readonly Line[]): <Value>(at: (output: number) => Value) => Readonly<Record<Line, Value>> {
  // One entry a line.
  return <Value>(at: (output: number) => Value) => Object.fromEntries(lines.map((line, output) => [line, at(output)])) as Readonly<Record<Line, Value>>
}

function lineReader<Line extends string>(lines: readonly Line[]): (result: Readonly<Record<Line, number>>, output: number) => number {
  return (result, output) => {
    const line = lines[output]
    return line === undefined ? Number.NaN : result[line]
  }
}

/** Not every indicator has a value at each bar after its first: what is not known is no number to trade on. */
function known<Params extends [a?: Given, b?: Given, c?: Given, d?: Given]>(name: string, inner: Indicator<Params>): Indicator<Params> {
  const value = (candles: CandleSeries, ...params: Params): number => {
    const now = inner(candles, ...params)
    if (Number.isNaN(now)) throw unknownValue(name, candles)
    return now
  }
  return Object.assign(value, faceOf(inner))
}

function knownLines<Params extends [a?: Given, b?: Given, c?: Given, d?: Given], Line extends string>(name: string, inner: Indicators<Params, Line>): Indicators<Params, Line> {
  const values = (candles: CandleSeries, ...params: Params): Readonly<Record<Line, number>> => {
    const now = inner(candles, ...params)
    if (Object.values<number>(now).some((value) => Number.isNaN(value))) throw unknownValue(name, candles)
    return now
  }
  return Object.assign(values, faceOf(inner))
}

/** What a call does not go through. */
function faceOf<Params extends readonly Given[], Column>(inner: { series(candles: CandleSeries, ...params: Params): Column; bars(...params: Params): number }): { series(candles: CandleSeries, ...params: Params): Column; bars(...params: Params): number } {
  return { series: (candles, ...params) => inner.series(candles, ...params), bars: (...params) => inner.bars(...params) }
}

function unknownValue(name: string, candles: CandleSeries): HedgerowError {
  return new HedgerowError('WARMUP_TOO_SHORT', {
    where: `signals.${name}`, found: `no value at bar ${bufferOf(candles).length - 1}`, expected: 'a bar at which the indicator has one',
    remedy: `Raise warmupCandles; or read signals.${name}.series(...), whose rows without a value are NaN, and check for it.`,
  })
}
