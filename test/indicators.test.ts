/** Every indicator: its published formula, bar by bar as in one pass, without a look ahead, on markets that hardly are. */
import { bufferOf, CandleSeries, growingBuffer, HedgerowError, writeBar } from '@hedgerow/core'
import { ta } from '@hedgerow/strategy-sdk'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as formulas from './support/formulas.ts'
import { closes, type Bar } from './support/formulas.ts'

type Expected = (bars: readonly Bar[]) => readonly number[] | Readonly<Record<string, readonly number[]>>

/** An indicator with parameters bound, and its formula. */
interface Case {
  readonly title: string
  readonly now: (candles: CandleSeries) => Readonly<Record<string, number>>
  readonly series: (candles: CandleSeries) => Readonly<Record<string, Float64Array>>
  readonly bars: number
  readonly formula: (bars: readonly Bar[]) => Readonly<Record<string, readonly number[]>>
}

function caseOf<Params extends readonly unknown[]>(
  name: string,
  indicator: { (candles: CandleSeries, ...params: Params): number | Readonly<Record<string, number>>; series(candles: CandleSeries, ...params: Params): Float64Array | Readonly<Record<string, Float64Array>>; bars(...params: Params): number },
  params: Params,
  expected: Expected,
): Case {
  return {
    title: `${name}(${params.join(', ')})`,
    bars: indicator.bars(...params),
    now: (candles) => {
      const value = indicator(candles, ...params)
      return typeof value === 'number' ? { value } : value
    },
    series: (candles) => {
      const value = indicator.series(candles, ...params)
      return value instanceof Float64Array ? { value } : value
    },
    formula: (bars) => {
      const value = expected(bars)
      return isColumn(value) ? { value } : value
    },
  }
}

function isColumn(value: ReturnType<Expected>): value is readonly number[] {
  return Array.isArray(value)
}

const PERIODS = [1, 2, 5, 14, 33] as const
const CASES: readonly Case[] = [
  ...PERIODS.flatMap((period) => [
    caseOf('sma', ta.sma, [period], (bars) => formulas.sma(closes(bars), period)),
    caseOf('ema', ta.ema, [period], (bars) => formulas.ema(closes(bars), period)),
    caseOf('wma', ta.wma, [period], (bars) => formulas.wma(closes(bars), period)),
    caseOf('rma', ta.rma, [period], (bars) => formulas.rma(closes(bars), period)),
    caseOf('dema', ta.dema, [period], (bars) => formulas.dema(closes(bars), period)),
    caseOf('tema', ta.tema, [period], (bars) => formulas.tema(closes(bars), period)),
    caseOf('hma', ta.hma, [period], (bars) => formulas.hma(closes(bars), period)),
    caseOf('rsi', ta.rsi, [period], (bars) => formulas.rsi(closes(bars), period)),
    caseOf('cmo', ta.cmo, [period], (bars) => formulas.cmo(closes(bars), period)),
    caseOf('roc', ta.roc, [period], (bars) => formulas.roc(closes(bars), period)),
    caseOf('cci', ta.cci, [period], (bars) => formulas.cci(bars, period)),
    caseOf('atr', ta.atr, [period], (bars) => formulas.atr(bars, period)),
    caseOf('stddev', ta.stddev, [period], (bars) => formulas.stddev(closes(bars), period)),
    caseOf('bollinger', ta.bollinger, [period, 2.5], (bars) => formulas.bollinger(closes(bars), period, 2.5)),
    caseOf('donchian', ta.donchian, [period], (bars) => formulas.donchian(bars, period)),
    caseOf('highest', ta.highest, [period], (bars) => formulas.highest(bars.map(({ high }) => high), period)),
    caseOf('lowest', ta.lowest, [period], (bars) => formulas.lowest(bars.map(({ low }) => low), period)),
    caseOf('di', ta.di, [period], (bars) => formulas.di(bars, period)),
    caseOf('adx', ta.adx, [period], (bars) => formulas.adx(bars, period)),
    caseOf('mfi', ta.mfi, [period], (bars) => formulas.mfi(bars, period)),
    caseOf('supertrend', ta.supertrend, [period, 1.5], (bars) => formulas.supertrend(bars, period, 1.5)),
  ]),
  caseOf('macd', ta.macd, [], (bars) => formulas.macd(closes(bars), 12, 26, 9)),
  caseOf('macd', ta.macd, [3, 10, 4], (bars) => formulas.macd(closes(bars), 3, 10, 4)),
  caseOf('stochastic', ta.stochastic, [], (bars) => formulas.stochastic(bars, 14, 3, 3)),
  caseOf('stochastic', ta.stochastic, [5, 1, 2], (bars) => formulas.stochastic(bars, 5, 1, 2)),
  caseOf('keltner', ta.keltner, [], (bars) => formulas.keltner(bars, 20, 2, 10)),
  caseOf('keltner', ta.keltner, [4, 1.5, 9], (bars) => formulas.keltner(bars, 4, 1.5, 9)),
  caseOf('ichimoku', ta.ichimoku, [], (bars) => formulas.ichimoku(bars, 9, 26, 52, 26)),
  caseOf('ichimoku', ta.ichimoku, [2, 7, 5, 3], (bars) => formulas.ichimoku(bars, 2, 7, 5, 3)),
  caseOf('ichimoku', ta.ichimoku, [4, 4, 50, 1], (bars) => formulas.ichimoku(bars, 4, 4, 50, 1)),
  caseOf('ichimoku', ta.ichimoku, [30, 1, 2, 60], (bars) => formulas.ichimoku(bars, 30, 1, 2, 60)),
  caseOf('trueRange', ta.trueRange, [], (bars) => formulas.trueRange(bars)),
  caseOf('obv', ta.obv, [], (bars) => formulas.obv(bars)),
  caseOf('vwap', ta.vwap, [], (bars) => formulas.vwap(bars)),
  caseOf('ema of ohlc4', ta.ema, [7, 'ohlc4'], (bars) => formulas.ema(bars.map(({ open, high, low, close }) => (open + high + low + close) / 4), 7)),
  caseOf('sma of hl2', ta.sma, [7, 'hl2'], (bars) => formulas.sma(bars.map(({ high, low }) => (high + low) / 2), 7)),
  caseOf('sma of volume', ta.sma, [7, 'volume'], (bars) => formulas.sma(bars.map(({ volume }) => volume), 7)),
]

const START = Date.parse('2023-10-02T21:00Z')

function seriesOf(bars: readonly Bar[], shown: number = bars.length, window: number | null = null): CandleSeries {
  const buffer = growingBuffer(60_000)
  for (const [row, bar] of bars.entries()) writeBar(buffer, row, bar)
  buffer.length = shown
  return new CandleSeries(buffer, window)
}

function barOf(index: number, prices: readonly number[], volume: number): Bar {
  const [open = 1, close = 1] = prices
  return { time: START + index * 900_000, open, high: Math.max(...prices), low: Math.min(...prices), close, volume }
}

const firstKnown = (column: ArrayLike<number>): number => Array.from(column).findIndex((value) => !Number.isNaN(value))
const rounded = (value: number): number => Math.round(value * 100) / 100

/** A seeded walk on a grid of 0.01, with some bars without volume and some without a move. */
function market(count: number): Bar[] {
  let state = 7
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  let price = 1700
  return Array.from({ length: count }, (_, index) => {
    const quiet = random() < 0.05
    const step = (size: number): number => (quiet ? 0 : Math.round((random() - 0.5) * size * 100) / 100)
    const open = rounded(price + step(2))
    const close = rounded(open + step(10))
    price = close
    return barOf(index, [open, close, rounded(Math.max(open, close) + Math.abs(step(5))), rounded(Math.min(open, close) - Math.abs(step(5)))], random() < 0.1 ? 0 : Math.round(random() * 1e5) / 1e3)
  })
}

const BARS = market(200)
/** More than a kernel folds at once. */
const MANY = market(700)
const anyBar = fc.tuple(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 4, maxLength: 4 }), fc.integer({ min: 0, max: 5 }))
const anyMarket = fc.array(anyBar, { minLength: 1, maxLength: 60 }).map((rows) => rows.map(([prices, volume], index) => barOf(index, prices, volume)))

describe.each(CASES)('$title', ({ now, series, bars: needed, formula }) => {
  it('equals its formula, from the bar that it says', () => {
    const own = series(seriesOf(BARS))
    expect(Math.max(...Object.values(own).map(firstKnown))).toBe(needed - 1)
    for (const [name, expected] of Object.entries(formula(BARS))) {
      const column = [...(own[name] ?? [])]
      expect(firstKnown(column), `first value of ${name}`).toBe(firstKnown(expected))
      const worst = expected.map((value, row) => (Number.isNaN(value) ? Number(!Number.isNaN(column[row])) : Math.abs((column[row] ?? Number.NaN) - value) / Math.max(1, Math.abs(value))))
      expect(Math.max(...worst), `largest difference of ${name}`).toBeLessThan(1e-10)
    }
    expect(Object.keys(own)).toEqual(Object.keys(formula(BARS)))
  })

  it('gives bar by bar what one pass gives, bit for bit, and says what is missing before', () => {
    const growing = seriesOf(BARS, 0)
    const whole = series(seriesOf(BARS))
    for (let length = 1; length < needed; length++) {
      bufferOf(growing).length = length
      expect(() => now(growing)).toThrow(`Found: ${length} bars. Expected: at least ${needed}.`)
    }
    for (let length = needed; length <= BARS.length; length++) {
      bufferOf(growing).length = length
      expect(now(growing)).toEqual(Object.fromEntries(Object.entries(whole).map(([name, column]) => [name, column[length - 1]])))
    }
    expect(series(growing)).toEqual(whole)
  })

  it('does not depend on how the bars are cut, bit for bit', () => {
    const whole = series(seriesOf(MANY))
    const cut = (lengths: readonly number[]): Readonly<Record<string, Float64Array>> => {
      const growing = seriesOf(MANY, 0)
      for (const length of lengths) {
        bufferOf(growing).length = length
        series(growing)
      }
      return series(growing)
    }
    expect(cut(MANY.map((_, row) => row + 1))).toEqual(whole)
    expect(cut([1, 2, 20, 255, 256, 258, 515, 516, 700])).toEqual(whole)
    expect(now(seriesOf(MANY, MANY.length, 600))).toEqual(now(seriesOf(MANY.slice(-600))))
  })

  it('does not know the future', () => {
    fc.assert(fc.property(anyMarket, fc.nat(), (bars, cut) => {
      const kept = 1 + (cut % bars.length)
      const whole = series(seriesOf(bars))
      for (const [name, column] of Object.entries(series(seriesOf(bars.slice(0, kept))))) expect([...column]).toEqual([...(whole[name] ?? [])].slice(0, kept))
    }), { numRuns: 30 })
  })

  it('is finite on every market: no move, no volume, no range', () => {
    fc.assert(fc.property(anyMarket, fc.constantFrom('as it is', 'flat', 'no volume'), (given, kind) => {
      const bars = given.map((bar, index) => (kind === 'flat' ? barOf(index, [0.1, 0.1], bar.volume) : kind === 'no volume' ? { ...bar, volume: 0 } : bar))
      for (const column of Object.values(series(seriesOf(bars)))) {
        for (let row = needed - 1; row < bars.length; row++) expect(Number.isFinite(column[row]) && !Object.is(column[row], -0), `row ${row}: ${column[row]}`).toBe(true)
      }
    }), { numRuns: 50 })
  })

  it('sees the last bars only where the series has a window', () => {
    const window = needed + 3
    expect(now(seriesOf(BARS, BARS.length, window))).toEqual(now(seriesOf(BARS.slice(-window))))
    expect(series(seriesOf(BARS, BARS.length, window))).toEqual(series(seriesOf(BARS)))
    expect(() => now(seriesOf(BARS, BARS.length, needed - 1))).toThrow('WARMUP_TOO_SHORT')
  })

  it('follows a bar that is still forming', () => {
    const candles = seriesOf(BARS.slice(0, 150))
    const closed = series(candles)
    const buffer = bufferOf(candles)
    for (const bar of [BARS[160], BARS[170]]) {
      if (bar === undefined) continue
      const forming = { ...bar, time: START + 150 * 900_000 }
      writeBar(buffer, 150, forming)
      buffer.length = 151
      buffer.forming = true
      const expected = series(seriesOf([...BARS.slice(0, 150), forming]))
      expect(series(candles)).toEqual(expected)
      expect(now(candles)).toEqual(Object.fromEntries(Object.entries(expected).map(([name, column]) => [name, column[150]])))
    }
    buffer.length = 150
    buffer.forming = false
    expect(series(candles)).toEqual(closed)
  })
})

describe('worked by hand', () => {
  const series = seriesOf([1, 2, 3, 4, 5, 4].map((close, index) => ({ time: index, open: close, high: close + 1, low: close - 1, close, volume: 10 })))

  it.each([
    ['sma(3)', ta.sma.series(series, 3), [2, 3, 4, 13 / 3]],
    ['ema(3)', ta.ema.series(series, 3), [2, 3, 4, 4]],
    ['wma(3)', ta.wma.series(series, 3), [14 / 6, 20 / 6, 26 / 6, 26 / 6]],
    ['rma(3)', ta.rma.series(series, 3), [2, 2 + 2 / 3, (2 + 2 / 3) * (2 / 3) + 5 / 3, ((2 + 2 / 3) * (2 / 3) + 5 / 3) * (2 / 3) + 4 / 3]],
    ['atr(2): every true range is 2', ta.atr.series(series, 2), [2, 2, 2, 2]],
    ['rsi(2): rises only, then gain 0.5 and loss 0.5', ta.rsi.series(series, 2), [100, 100, 100, 50]],
    ['cmo(2)', ta.cmo.series(series, 2), [100, 100, 100, 0]],
    ['roc(2)', ta.roc.series(series, 2), [200, 100, (5 / 3 - 1) * 100, 0]],
    ['obv', ta.obv.series(series), [10, 20, 30, 40, 50, 40]],
    ['highest(2) of closes', ta.highest.series(series, 2, 'close'), [2, 3, 4, 5, 5]],
    ['stddev(2): half the distance', ta.stddev.series(series, 2), [0.5, 0.5, 0.5, 0.5, 0.5]],
  ])('%s', (_, column, expected) => {
    const known = [...column].filter((value) => !Number.isNaN(value))
    expect(known).toHaveLength(expected.length)
    for (const [row, value] of expected.entries()) expect(known[row]).toBeCloseTo(value, 12)
  })

  it('a bar that reaches as far up as down counts neither way', () => {
    const outside = seriesOf([[9, 11], [8, 12], [7, 13]].map(([low = 0, high = 0], index) => ({ time: index, open: 10, high, low, close: 10, volume: 1 })))
    expect(ta.di(outside, 2)).toEqual({ plus: 0, minus: 0 })
  })
})

describe('rounding errors', () => {
  it('a value leaves nothing behind when it leaves the window', () => {
    const values = [...Array.from({ length: 30 }, () => 1e15), ...Array.from({ length: 60 }, (_, index) => 1 + (index % 3) / 10)]
    const candles = seriesOf(values.map((close, index) => ({ time: index, open: close, high: close, low: close, close, volume: close })))
    const last = values.slice(-20)
    expect(ta.sma(candles, 20)).toBeCloseTo(last.reduce((sum, value) => sum + value, 0) / 20, 14)
    expect(ta.wma(candles, 20)).toBeCloseTo(formulas.wma(last, 20).at(-1) ?? 0, 14)
    expect(ta.stddev(candles, 20)).toBeCloseTo(formulas.stddev(last, 20).at(-1) ?? 0, 14)
    expect(ta.mfi(candles, 20)).toBeCloseTo(formulas.mfi(candles.length === 90 ? values.map((close, index) => ({ time: index, open: close, high: close, low: close, close, volume: close })).slice(-21) : [], 20).at(-1) ?? 0, 12)
  })

  it('equal prices have no deviation', () => {
    const flat = seriesOf(Array.from({ length: 50 }, (_, index) => barOf(index, [1.1, 1.1], 3)))
    expect([ta.stddev(flat, 7), ta.cci(flat, 7), ta.rsi(flat, 7), ta.cmo(flat, 7), ta.atr(flat, 7), ta.adx(flat, 7)]).toEqual([0, 0, 0, 0, 0, 0])
    expect(ta.bollinger(flat, 7)).toEqual({ upper: 1.1, middle: 1.1, lower: 1.1 })
  })

  it('a ratio does not depend on the size of the volume', () => {
    const tiny = BARS.map((bar) => ({ ...bar, volume: bar.volume * 2 ** -60 }))
    expect(ta.mfi.series(seriesOf(tiny), 14)).toEqual(ta.mfi.series(seriesOf(BARS), 14))
  })
})

describe('the memo', () => {
  it('keeps one column a series and parameters', () => {
    const [one, other] = [seriesOf(BARS), seriesOf(BARS)]
    expect(ta.ema.series(one, 8).buffer).toBe(ta.ema.series(one, 8).buffer)
    expect(ta.ema.series(one, 8).buffer).not.toBe(ta.ema.series(other, 8).buffer)
    expect(ta.ema.series(one, 8).buffer).not.toBe(ta.ema.series(one, 9).buffer)
    expect(ta.ema.series(one, 8).buffer).not.toBe(ta.ema.series(one, 8, 'open').buffer)
  })

  it('hands out values, not its own state', () => {
    const candles = seriesOf(BARS, 100)
    const before = ta.macd(candles)
    const copy = { ...before }
    bufferOf(candles).length = 101
    ta.macd(candles)
    expect(before).toEqual(copy)
  })
})

/** As plain JavaScript would call it. */
const emaOf = (candles: CandleSeries, source: unknown): unknown => Reflect.apply(ta.ema, undefined, [candles, 8, source])

describe('parameters', () => {
  const candles = seriesOf(BARS)

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e6])('a period of %d is refused', (period) => {
    expect(() => ta.ema(candles, period)).toThrow(`PARAMETER_INVALID: A strategy parameter is not valid. Found: period = ${period}. Expected: a whole number from 1 to 100000.`)
  })

  it('names what is wrong', () => {
    expect(() => ta.macd(candles, 26, 12)).toThrow('Found: slow - fast = -14')
    expect(() => ta.bollinger(candles, 20, -1)).toThrow('Found: deviations = -1')
    expect(() => ta.vwap(candles, 'daily')).toThrow('TIMEFRAME_INVALID')
    expect(() => emaOf(candles, 'median')).toThrow('Found: source "median". Expected: one of open high low close')
  })

  it('says which bars it lacks', () => {
    expect(() => ta.adx(seriesOf(BARS, 20), 14)).toThrow(new HedgerowError('WARMUP_TOO_SHORT', { where: 'ta.adx(14)', found: '20 bars', expected: 'at least 28' }))
  })
})

describe('crossover and crossunder', () => {
  it.each([
    [[1, 2, 4], [3, 3, 3], true, false], [[1, 3, 4], [3, 3, 3], true, false], [[1, 4, 5], [3, 3, 3], false, false], [[4, 4, 2], [3, 3, 3], false, true], [[4, 3, 2], [3, 3, 3], false, true],
    [[1, 3, 3], [3, 3, 3], false, false],
  ])('%j against %j', (a, b, over, under) => {
    expect([ta.crossover(a, b), ta.crossunder(a, b)]).toEqual([over, under])
    expect([ta.crossover(Float64Array.from(a), 3), ta.crossunder(Float64Array.from(a), 3)]).toEqual([over, under])
  })

  it('does not guess values that are not known', () => {
    expect(() => ta.crossover([Number.NaN, 2], 1)).toThrow('WARMUP_TOO_SHORT')
    expect(() => ta.crossunder([2], 1)).toThrow('WARMUP_TOO_SHORT')
  })
})
