/** The indicators of `trading-signals` behind the calling style of `ta`: memoised, bar by bar as in one pass, without a look ahead. */
import { bufferOf, CandleSeries, growingBuffer, writeBar, type Candle } from '@hedgerow/core'
import { ta } from '@hedgerow/strategy-sdk'
import * as signals from '@hedgerow/strategy-sdk/signals'
import { describe, expect, it } from 'vitest'

/** What all of them have; called with their defaults. */
interface Face {
  (candles: CandleSeries): number | Readonly<Record<string, number>>
  series(candles: CandleSeries): Float64Array | Readonly<Record<string, Float64Array>>
  bars(): number
}

function isIndicator(value: unknown): value is Face {
  return typeof value === 'function' && 'series' in value
}

const FACES = Object.entries(signals).flatMap(([name, value]): (readonly [string, Face])[] => (isIndicator(value) ? [[name, value]] : []))

/** A seeded walk; every tenth bar stands still, every seventh has no volume. */
function market(count: number): Candle[] {
  let state = 11
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  let price = 1700
  return Array.from({ length: count }, (_, index) => {
    const step = (size: number): number => (index % 10 === 9 ? 0 : Math.round((random() - 0.5) * size * 100) / 100)
    const open = price
    const close = open + step(10)
    price = close
    return { time: index * 60_000, open, high: Math.max(open, close) + Math.abs(step(5)), low: Math.min(open, close) - Math.abs(step(5)), close, volume: index % 7 === 6 ? 0 : 1 + Math.round(random() * 1e5) / 1e3 }
  })
}

const BARS = market(260)

function seriesOf(bars: readonly Candle[], shown: number = bars.length, window: number | null = null): CandleSeries {
  const buffer = growingBuffer(60_000)
  for (const [row, bar] of bars.entries()) writeBar(buffer, row, bar)
  buffer.length = shown
  return new CandleSeries(buffer, window)
}

const highest = (bars: readonly Candle[]): number => Math.max(...bars.map(({ high }) => high))
const lowest = (bars: readonly Candle[]): number => Math.min(...bars.map(({ low }) => low))
const linesOf = (value: ReturnType<Face['series']>): Readonly<Record<string, Float64Array>> => (value instanceof Float64Array ? { value } : value)
const valuesOf = (value: ReturnType<Face>): Readonly<Record<string, number>> => (typeof value === 'number' ? { value } : value)

describe.each(FACES)('%s', (_name, indicator) => {
  const needed = indicator.bars()

  it('has a value from the bar on that it says, and says what is missing before', () => {
    for (const column of Object.values(linesOf(indicator.series(seriesOf(BARS))))) {
      expect(column.findIndex((value) => !Number.isNaN(value))).toBe(needed - 1)
      expect(column.slice(needed - 1).every((value) => Number.isFinite(value) && !Object.is(value, -0))).toBe(true)
    }
    expect(() => indicator(seriesOf(BARS, needed - 1))).toThrow(/WARMUP_TOO_SHORT/)
  })

  it('gives bar by bar what one pass gives, bit for bit, and does not know the future', () => {
    const growing = seriesOf(BARS, 0)
    const whole = linesOf(indicator.series(seriesOf(BARS)))
    for (let length = needed; length <= BARS.length; length++) {
      bufferOf(growing).length = length
      expect(valuesOf(indicator(growing))).toEqual(Object.fromEntries(Object.entries(whole).map(([line, column]) => [line, column[length - 1]])))
    }
    const cut = linesOf(indicator.series(seriesOf(BARS.slice(0, 200))))
    for (const [line, column] of Object.entries(cut)) expect([...column]).toEqual([...(whole[line] ?? [])].slice(0, 200))
  })

  it('is memoised, and sees the last bars only where the series has a window', () => {
    const candles = seriesOf(BARS)
    const bufferOfLines = (): unknown[] => Object.values(linesOf(indicator.series(candles))).map(({ buffer }) => buffer)
    for (const [index, buffer] of bufferOfLines().entries()) expect(buffer).toBe(bufferOfLines()[index])
    expect(indicator(seriesOf(BARS, BARS.length, needed + 3))).toEqual(indicator(seriesOf(BARS.slice(-needed - 3))))
  })

  it('is never something else than a number, on a market that does not move and has no volume', () => {
    const flat = BARS.map(({ time }) => ({ time, open: 1.1, high: 1.1, low: 1.1, close: 1.1, volume: 0 }))
    for (const value of Object.values(valuesOf(indicator(seriesOf(flat))))) expect(Number.isFinite(value)).toBe(true)
  })
})

describe('equal the published formulas', () => {
  const candles = seriesOf(BARS)
  const closes = BARS.map(({ close }) => close)
  const last = (count: number): readonly Candle[] => BARS.slice(-count)
  const now = BARS.at(-1) ?? { time: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 }

  it('momentum: TA-Lib MOM', () => {
    expect(signals.momentum(candles, 7)).toBeCloseTo(now.close - (closes.at(-8) ?? 0), 9)
    expect(signals.momentum(candles, 7, 'high')).toBeCloseTo(now.high - (BARS.at(-8)?.high ?? 0), 9)
  })

  it('williamsR: TA-Lib WILLR', () => {
    expect(signals.williamsR(candles, 9)).toBeCloseTo((-100 * (highest(last(9)) - now.close)) / (highest(last(9)) - lowest(last(9))), 9)
  })

  it('aroon: TA-Lib AROON, over period + 1 bars', () => {
    const window = last(15)
    const up = window.findLastIndex(({ high }) => high === highest(window))
    const down = window.findLastIndex(({ low }) => low === lowest(window))
    expect(signals.aroon(candles, 14).aroonUp).toBeCloseTo((100 * up) / 14, 9)
    expect(signals.aroon(candles, 14).aroonDown).toBeCloseTo((100 * down) / 14, 9)
  })

  it('kama: Kaufman 1995, TA-Lib KAMA', () => {
    let value = closes[9] ?? 0
    for (let row = 10; row < closes.length; row++) {
      const path = closes.slice(row - 9, row + 1).reduce((sum, close, index) => sum + Math.abs(close - (closes[row - 10 + index] ?? 0)), 0)
      const efficiency = path === 0 ? 0 : Math.abs((closes[row] ?? 0) - (closes[row - 10] ?? 0)) / path
      value += (efficiency * (2 / 3 - 2 / 31) + 2 / 31) ** 2 * ((closes[row] ?? 0) - value)
    }
    expect(signals.kama(candles, 10)).toBeCloseTo(value, 8)
  })

  it('linreg: least squares, TA-Lib TSF, LINEARREG_SLOPE and LINEARREG_INTERCEPT', () => {
    const values = closes.slice(-14)
    const mean = values.reduce((sum, value) => sum + value, 0) / 14
    const slope = values.reduce((sum, value, index) => sum + (index - 6.5) * (value - mean), 0) / 227.5
    expect(signals.linreg(candles, 14).slope).toBeCloseTo(slope, 9)
    expect(signals.linreg(candles, 14).prediction).toBeCloseTo(mean + 7.5 * slope, 8)
    expect(signals.linreg(candles, 14).intercept).toBeCloseTo(mean - 6.5 * slope, 8)
  })

  it('agree with ours where ours has the parts', () => {
    const { upper, middle, lower } = ta.bollinger(candles, 20, 2)
    expect(signals.natr(candles, 14)).toBeCloseTo((100 * ta.atr(candles, 14)) / now.close, 9)
    expect(signals.percentB(candles, 20, 2)).toBeCloseTo((now.close - lower) / (upper - lower), 9)
    expect(signals.bandWidth(candles)).toBeCloseTo((upper - lower) / middle, 9)
    expect(signals.bop(candles)).toBeCloseTo((now.close - now.open) / (now.high - now.low || 1), 9)
    expect(signals.ao(candles)).toBeCloseTo(ta.sma(candles, 5, 'hl2') - ta.sma(candles, 34, 'hl2'), 9)
  })
})

/** As plain JavaScript would call it. */
const call = (indicator: unknown, ...args: readonly unknown[]): unknown => Reflect.apply(indicator as () => unknown, undefined, args)

describe('what is wrong is refused by name', () => {
  const candles = seriesOf(BARS)
  it.each([
    [() => signals.kama(candles, 0), /signals\.kama\] PARAMETER_INVALID.*period = 0.*a whole number from 1 on/],
    [() => signals.kama(candles, 2.5), /period = 2\.5/],
    [() => signals.psar(candles, Number.NaN), /step = NaN.*a finite number greater than zero/],
    [() => signals.frama(candles, 15), /signals\.frama\] PARAMETER_INVALID.*"period":15/],
    [() => call(signals.kama, candles, 10, 'closing'), /source \\?"closing/],
  ])('%s', (work, message) => {
    expect(work).toThrow(message)
  })
})

describe('an indicator of one\'s own', () => {
  class Spread {
    #last: number | null = null
    add({ high, low, volume }: Candle): void { this.#last = volume === 0 ? null : high - low }
    getResult(): number | null { return this.#last }
    getRequiredInputs(): number { return 1 }
  }
  const spread = signals.ofBars<never, []>('spread', {}, () => new Spread())

  it('has no value where it knows none: an error, and NaN in its column', () => {
    const candles = seriesOf(BARS.slice(0, 7))
    expect([...spread.series(candles)].map((value) => Number.isNaN(value))).toEqual([false, false, false, false, false, false, true])
    expect(() => spread(candles)).toThrow(/signals\.spread\] WARMUP_TOO_SHORT.*no value at bar 6/)
    expect(spread(seriesOf(BARS.slice(0, 6)))).toBe((BARS[5]?.high ?? 0) - (BARS[5]?.low ?? 0))
  })
})
