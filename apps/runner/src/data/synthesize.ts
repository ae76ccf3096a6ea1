/** Made-up candles that look like a market's: for trying things out where no real data is at hand. */
import { DAY_MS, HedgerowError, MINUTE_MS, type TimeMs } from '@hedgerow/core'
import { CandleData } from './candle-data.ts'
import { Random } from './random.ts'

/** What to make up. */
export interface SyntheticMarket {
  /** A whole number; the same seed and options give the same candles. */
  readonly seed: number
  /** Start of the first candle, ms UTC; a multiple of `step`. */
  readonly start: TimeMs
  readonly count: number
  /** Milliseconds between candles; default one minute. */
  readonly step?: number
  /** First price; default 1700. */
  readonly price?: number
  /** Grid of the prices; default `0.01`. */
  readonly tickSize?: string
  /** Standard deviation of a year's return, as a fraction; default 0.7. */
  readonly annualVolatility?: number
  /** Mean volume of a candle in base units; default 400. */
  readonly meanVolume?: number
}

const YEAR_MS = 365 * DAY_MS
/** Moves inside a candle: its high and low are extremes of a path. */
const PATH_STEPS = 8
/** Volatility clusters: GARCH(1,1), variance = (1 - A - B) x mean + A x return^2 + B x variance. */
const GARCH_A = 0.06
const GARCH_B = 0.92
/** One candle in so many jumps, by up to 1.5 %. */
const CANDLES_PER_JUMP = 5000
const LARGEST_JUMP = 0.015
const VOLUME_STEPS_PER_UNIT = 1000

/**
 * Candles with clusters of volatility, trends, jumps, a daily rhythm and volume that follows them; every price on the tick
 * grid. `source` says `synthetic (seed n)`.
 *
 * @throws HedgerowError `CONFIG_INVALID`
 */
export function synthesizeCandles(market: SyntheticMarket): CandleData {
  const { seed, start, count, step = MINUTE_MS, price = 1700, tickSize = '0.01', annualVolatility = 0.7, meanVolume = 400 } = market
  requireWhole({ seed, start, count, step })
  const grid = tickGrid(tickSize)
  if (!(price >= 100 * grid.size && annualVolatility >= 0 && meanVolume >= 0)) throw invalid(`price ${price}, annualVolatility ${annualVolatility}, meanVolume ${meanVolume}`, 'a price of at least 100 ticks, and numbers that are not negative')
  const column = (): Float64Array => new Float64Array(count)
  const columns = { start, step, length: count, open: column(), high: column(), low: column(), close: column(), volume: column() }
  const walk = new Walk(new Random(seed), (annualVolatility * annualVolatility * step) / YEAR_MS, price / grid.size)
  for (let index = 0; index < count; index++) {
    walk.next(start + index * step)
    columns.open[index] = grid.price(walk.open)
    columns.high[index] = grid.price(walk.high)
    columns.low[index] = grid.price(walk.low)
    columns.close[index] = grid.price(walk.close)
    columns.volume[index] = Math.round(meanVolume * walk.activity * VOLUME_STEPS_PER_UNIT) / VOLUME_STEPS_PER_UNIT
  }
  return new CandleData(columns, { source: `synthetic (seed ${seed})`, gaps: [], synthetic: true })
}

/** A price in ticks that moves from candle to candle. */
class Walk {
  readonly #random: Random
  readonly #meanVariance: number
  #variance: number
  /** Mean of a candle's return in standard deviations; wanders. */
  #trend = 0
  /** Between ticks: the price that rounding hides. */
  #exact: number
  open = 0
  high = 0
  low = 0
  close: number
  /** Volume as a multiple of its mean. */
  activity = 0

  constructor(random: Random, meanVariance: number, ticks: number) {
    this.#random = random
    this.#meanVariance = meanVariance
    this.#variance = meanVariance
    this.#exact = ticks
    this.close = Math.round(ticks)
  }

  next(time: TimeMs): void {
    const random = this.#random
    const rhythm = dailyRhythm(time)
    const deviation = Math.sqrt(this.#variance) * rhythm
    this.#trend = 0.999 * this.#trend + 0.0012 * random.normal()
    const jump = random.uniform() * CANDLES_PER_JUMP < 1 ? (2 * random.uniform() - 1) * LARGEST_JUMP : 0
    const before = this.#exact
    this.open = Math.max(1, this.close + (random.uniform() < 0.1 ? Math.round(random.normal()) : 0))
    this.high = this.open
    this.low = this.open
    for (let move = 0; move < PATH_STEPS; move++) this.#move((this.#trend * deviation + jump) / PATH_STEPS + (random.normal() * deviation) / SQRT_PATH_STEPS)
    const change = (this.#exact / before - 1) / rhythm
    this.#variance = (1 - GARCH_A - GARCH_B) * this.#meanVariance + GARCH_A * change * change + GARCH_B * this.#variance
    const excitement = this.#meanVariance === 0 ? 1 : Math.sqrt((this.#variance + change * change) / (2 * this.#meanVariance))
    this.activity = rhythm * excitement * (0.3 + 1.4 * random.uniform() * random.uniform() * 2)
  }

  #move(change: number): void {
    this.#exact = Math.max(1, this.#exact * (1 + change))
    this.close = Math.round(this.#exact)
    this.high = Math.max(this.high, this.close)
    this.low = Math.min(this.low, this.close)
  }
}

const SQRT_PATH_STEPS = Math.sqrt(PATH_STEPS)

/** Busy around 15:00 UTC, quiet twelve hours later: 0.7 to 1.3, along a parabola. */
function dailyRhythm(time: TimeMs): number {
  const hours = Math.abs((((time % DAY_MS) / DAY_MS) * 24 + 9) % 24 - 12) / 12
  return 0.7 + 0.6 * hours * hours
}

interface TickGrid {
  readonly size: number
  /** The price of a number of ticks: a whole number over a power of ten, which is exactly rounded. */
  price(ticks: number): number
}

function tickGrid(tickSize: string): TickGrid {
  if (!/^(?=.*[1-9])\d{1,6}(\.\d{1,8})?$/.test(tickSize)) throw invalid(`tickSize "${tickSize}"`, 'a positive decimal such as 0.01')
  const decimals = tickSize.split('.')[1]?.length ?? 0
  const scale = Number(`1e${decimals}`)
  const units = Math.round(Number(tickSize) * scale)
  return { size: units / scale, price: (ticks) => (ticks * units) / scale }
}

function requireWhole({ seed, start, count, step }: { readonly seed: number; readonly start: number; readonly count: number; readonly step: number }): void {
  if (!Number.isSafeInteger(seed)) throw invalid(`seed ${seed}`, 'a whole number')
  if (!Number.isSafeInteger(count) || count < 1) throw invalid(`count ${count}`, 'a positive whole number of candles')
  if (!Number.isSafeInteger(step) || step < 1000) throw invalid(`step ${step}`, 'at least 1000 ms')
  if (!Number.isSafeInteger(start) || start < 0 || start % step !== 0) throw invalid(`start ${start}`, 'milliseconds UTC, a multiple of the step')
}

function invalid(found: string, expected: string): HedgerowError {
  return new HedgerowError('CONFIG_INVALID', { where: 'synthesizeCandles', found, expected, remedy: 'Correct the named option.' })
}
