/**
 * The indicators once more, straight from their published formulas: whole arrays, no state, no memory of speed.
 * NaN where there is no value yet.
 */

/** One bar. */
export interface Bar {
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

type Values = readonly number[]

const DAY = 86_400_000
const sum = (values: Values): number => values.reduce((total, value) => total + value, 0)
const mean = (values: Values): number => sum(values) / values.length
const at = (values: Values, index: number): number => values[index] ?? Number.NaN
/** What `of` makes of the last `period` values, where all of them are known. */
const rolling = (values: Values, period: number, of: (window: Values) => number): number[] =>
  values.map((_, index) => {
    const window = values.slice(Math.max(0, index - period + 1), index + 1)
    return window.length < period || window.some(Number.isNaN) ? Number.NaN : of(window)
  })
const zip = (a: Values, b: Values, of: (a: number, b: number) => number): number[] => a.map((value, index) => of(value, at(b, index)))
const share = (part: number, whole: number): number => (whole === 0 ? 0 : 100 * (part / whole))

export const closes = (bars: readonly Bar[]): number[] => bars.map(({ close }) => close)
export const typical = (bars: readonly Bar[]): number[] => bars.map(({ high, low, close }) => (high + low + close) / 3)

export const sma = (values: Values, period: number): number[] => rolling(values, period, mean)
export const wma = (values: Values, period: number): number[] => rolling(values, period, (window) => sum(window.map((value, index) => value * (index + 1))) / ((period * (period + 1)) / 2))
export const highest = (values: Values, period: number): number[] => rolling(values, period, (window) => Math.max(...window))
export const lowest = (values: Values, period: number): number[] => rolling(values, period, (window) => Math.min(...window))
export const stddev = (values: Values, period: number): number[] => rolling(values, period, (window) => Math.sqrt(mean(window.map((value) => (value - mean(window)) ** 2))))

/** Seeded with the mean of the first `period` known values, then old x (1 - weight) + new x weight. */
export function smoothed(values: Values, period: number, weight: number): number[] {
  const first = values.findIndex((value) => !Number.isNaN(value))
  const seedAt = first + period - 1
  const result: number[] = values.map(() => Number.NaN)
  if (first < 0) return result
  for (let index = seedAt; index < values.length; index++) {
    result[index] = index === seedAt ? mean(values.slice(first, seedAt + 1)) : at(result, index - 1) * (1 - weight) + at(values, index) * weight
  }
  return result
}

export const ema = (values: Values, period: number): number[] => smoothed(values, period, 2 / (period + 1))
export const rma = (values: Values, period: number): number[] => smoothed(values, period, 1 / period)
export const dema = (values: Values, period: number): number[] => zip(ema(values, period), ema(ema(values, period), period), (first, second) => 2 * first - second)
export function tema(values: Values, period: number): number[] {
  const first = ema(values, period)
  const second = ema(first, period)
  const third = ema(second, period)
  return first.map((value, index) => 3 * value - 3 * at(second, index) + at(third, index))
}
export const hma = (values: Values, period: number): number[] =>
  wma(zip(wma(values, Math.max(1, Math.floor(period / 2))), wma(values, period), (half, whole) => 2 * half - whole), Math.max(1, Math.floor(Math.sqrt(period))))

/** The fast average starts so that both have their first value at the same bar. */
export function macd(values: Values, fast: number, slow: number, signal: number): Record<'macd' | 'signal' | 'histogram', number[]> {
  const quick = ema(values.map((value, index) => (index < slow - fast ? Number.NaN : value)), fast)
  const line = zip(quick, ema(values, slow), (a, b) => a - b)
  const average = ema(line, signal)
  const known = (index: number): boolean => !Number.isNaN(at(average, index))
  return { macd: line.map((value, index) => (known(index) ? value : Number.NaN)), signal: average, histogram: zip(line, average, (a, b) => a - b) }
}

const moves = (values: Values): number[] => values.map((value, index) => value - at(values, index - 1))
const gains = (values: Values): number[] => moves(values).map((move) => (Number.isNaN(move) ? move : Math.max(move, 0)))
const losses = (values: Values): number[] => moves(values).map((move) => (Number.isNaN(move) ? move : Math.max(-move, 0)))
const unless = (unknown: number, value: number): number => (Number.isNaN(unknown) ? Number.NaN : value)
export const rsi = (values: Values, period: number): number[] => zip(rma(gains(values), period), rma(losses(values), period), (gain, loss) => unless(gain, share(gain, gain + loss)))
export const cmo = (values: Values, period: number): number[] => zip(rma(gains(values), period), rma(losses(values), period), (gain, loss) => unless(gain, share(gain - loss, gain + loss)))
export const roc = (values: Values, period: number): number[] => values.map((value, index) => (value / at(values, index - period) - 1) * 100)

export function stochastic(bars: readonly Bar[], fastK: number, slowK: number, slowD: number): Record<'k' | 'd', number[]> {
  const top = highest(bars.map(({ high }) => high), fastK)
  const bottom = lowest(bars.map(({ low }) => low), fastK)
  const raw = bars.map(({ close }, index) => unless(at(top, index), share(close - at(bottom, index), at(top, index) - at(bottom, index))))
  const k = sma(raw, slowK)
  const d = sma(k, slowD)
  return { k: zip(k, d, (value, other) => unless(other, value)), d }
}

export const cci = (bars: readonly Bar[], period: number): number[] =>
  rolling(typical(bars), period, (window) => {
    const deviation = mean(window.map((value) => Math.abs(value - mean(window))))
    return window.every((value) => value === window[0]) ? 0 : (at(window, period - 1) - mean(window)) / (0.015 * deviation)
  })

export const trueRange = (bars: readonly Bar[]): number[] =>
  bars.map(({ high, low }, index) => Math.max(high - low, Math.abs(high - at(closes(bars.slice(0, index)), index - 1)), Math.abs(low - at(closes(bars.slice(0, index)), index - 1))))
export const atr = (bars: readonly Bar[], period: number): number[] => rma(trueRange(bars), period)

type Channel = Record<'upper' | 'middle' | 'lower', number[]>
const channel = (middle: Values, distance: Values): Channel => ({ upper: zip(middle, distance, (a, b) => a + b), middle: zip(middle, distance, (a, b) => unless(b, a)), lower: zip(middle, distance, (a, b) => a - b) })
export const bollinger = (values: Values, period: number, deviations: number): Channel => channel(sma(values, period), stddev(values, period).map((value) => deviations * value))
export const keltner = (bars: readonly Bar[], period: number, multiplier: number, atrPeriod: number): Channel => channel(ema(typical(bars), period), atr(bars, atrPeriod).map((value) => multiplier * value))
export function donchian(bars: readonly Bar[], period: number): Channel {
  const upper = highest(bars.map(({ high }) => high), period)
  const lower = lowest(bars.map(({ low }) => low), period)
  return { upper, middle: zip(upper, lower, (a, b) => (a + b) / 2), lower }
}

/** Wilder's sums: the first `period - 1` values summed, then sum - sum / period + value. */
function wilderSums(values: Values, period: number): number[] {
  let total = 0
  return values.map((value, index) => {
    if (index === 0) return Number.NaN
    total = index < period ? total + value : total - total / period + value
    return index < period ? Number.NaN : total
  })
}

export function di(bars: readonly Bar[], period: number): Record<'plus' | 'minus', number[]> {
  const rise = bars.map(({ high }, index) => high - (bars[index - 1]?.high ?? Number.NaN))
  const fall = bars.map(({ low }, index) => (bars[index - 1]?.low ?? Number.NaN) - low)
  const ranges = wilderSums(trueRange(bars), period)
  const up = wilderSums(zip(rise, fall, (r, f) => (r > f && r > 0 ? r : 0)), period)
  const down = wilderSums(zip(rise, fall, (r, f) => (f > r && f > 0 ? f : 0)), period)
  return { plus: zip(up, ranges, (a, b) => unless(b, share(a, b))), minus: zip(down, ranges, (a, b) => unless(b, share(a, b))) }
}

/** The mean of the first `period` directional indexes (0 without movement), then Wilder's average over the bars with movement. */
export function adx(bars: readonly Bar[], period: number): number[] {
  const { plus, minus } = di(bars, period)
  const index = zip(plus, minus, (p, m) => unless(p, share(Math.abs(p - m), p + m)))
  const result: number[] = bars.map(() => Number.NaN)
  for (let row = 2 * period - 1; row < bars.length; row++) {
    const still = at(plus, row) + at(minus, row) === 0
    if (row === 2 * period - 1) result[row] = mean(index.slice(period, row + 1))
    else result[row] = still ? at(result, row - 1) : (at(result, row - 1) * (period - 1) + at(index, row)) / period
  }
  return result
}

export function mfi(bars: readonly Bar[], period: number): number[] {
  const price = typical(bars)
  const flow = bars.map(({ volume }, index) => at(price, index) * volume)
  const inflow = moves(price).map((move, index) => unless(move, move > 0 ? at(flow, index) : 0))
  const outflow = moves(price).map((move, index) => unless(move, move < 0 ? at(flow, index) : 0))
  return zip(rolling(inflow, period, sum), rolling(outflow, period, sum), (a, b) => unless(a, share(a, a + b)))
}

export const obv = (bars: readonly Bar[]): number[] => bars.map((_, index) => sum(bars.slice(0, index + 1).map(({ close, volume }, row) => (row === 0 ? volume : volume * Math.sign(close - (bars[row - 1]?.close ?? close))))))

export const vwap = (bars: readonly Bar[]): number[] =>
  bars.map(({ time }, index) => {
    const today = bars.slice(0, index + 1).filter((bar) => Math.floor(bar.time / DAY) === Math.floor(time / DAY))
    const volume = sum(today.map((bar) => bar.volume))
    return volume === 0 ? at(typical(bars), index) : sum(zip(typical(today), today.map((bar) => bar.volume), (price, traded) => price * traded)) / volume
  })

export function supertrend(bars: readonly Bar[], period: number, multiplier: number): Record<'trend' | 'direction', number[]> {
  const range = atr(bars, period)
  const trend: number[] = bars.map(() => Number.NaN)
  const direction: number[] = bars.map(() => Number.NaN)
  let [upper, lower] = [Number.NaN, Number.NaN]
  for (let index = period; index < bars.length; index++) {
    const { high, low, close } = bars[index] ?? { high: 0, low: 0, close: 0 }
    const before = bars[index - 1]?.close ?? Number.NaN
    const [basicUpper, basicLower] = [(high + low) / 2 + multiplier * at(range, index), (high + low) / 2 - multiplier * at(range, index)]
    const isFirst = index === period
    upper = isFirst || basicUpper < upper || before > upper ? basicUpper : upper
    lower = isFirst || basicLower > lower || before < lower ? basicLower : lower
    const wasUp = isFirst || at(direction, index - 1) === 1
    const isUp = isFirst || (wasUp ? close >= lower : close > upper)
    direction[index] = isUp ? 1 : -1
    trend[index] = isUp ? lower : upper
  }
  return { trend, direction }
}

const from = (row: number, values: Values): number[] => values.map((value, index) => (index < row ? Number.NaN : value))

export function ichimoku(bars: readonly Bar[], conversion: number, base: number, lead: number, displacement: number): Record<'conversion' | 'base' | 'spanA' | 'spanB' | 'leadA' | 'leadB', number[]> {
  const tenkan = donchian(bars, conversion).middle
  const kijun = donchian(bars, base).middle
  const leadA = zip(tenkan, kijun, (a, b) => (a + b) / 2)
  const leadB = donchian(bars, lead).middle
  const first = Math.max(conversion, base, lead) - 1
  const [aheadA, aheadB] = [from(first, leadA), from(first, leadB)]
  const back = (values: Values): number[] => values.map((_, index) => at(values, index - displacement + 1))
  const all = first + displacement - 1
  return { conversion: from(all, tenkan), base: from(all, kijun), spanA: back(aheadA), spanB: back(aheadB), leadA: aheadA, leadB: aheadB }
}
