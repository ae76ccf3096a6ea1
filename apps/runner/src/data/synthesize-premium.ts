/** Made-up mark prices and funding rates that belong to made-up candles. */
import { cell, MINUTE_MS, type CandleColumns, type TimeMs } from '@hedgerow/core'
import { CandleData } from './candle-data.ts'
import { Random } from './random.ts'

const FUNDING_INTERVAL_MS = 8 * 60 * MINUTE_MS
/** The premium of the last price over the index comes back with this time constant. */
const PREMIUM_MEMORY_MS = 6 * 60 * MINUTE_MS
/** Standard deviation of the premium, as a fraction. */
const PREMIUM_DEVIATION = 0.0004
/** How much of a candle's return the premium takes up: rising markets trade above the index. */
const PREMIUM_OF_RETURN = 0.01
/** How much of a candle's wick the mark follows. */
const WICK_SHARE = 0.6
const INTEREST = 0.0001
const FUNDING_CLAMP = 0.0005
const FUNDING_CAP = 0.0075
/** Keeps the premium apart from the candles of the same seed. */
const SEED_OFFSET = 0x5eed

/** Marks as candles without volume, and `[timeMs, rate]` rows. */
export interface SyntheticCarry {
  readonly marks: CandleData
  readonly funding: readonly (readonly [timeMs: TimeMs, rate: number])[]
}

/**
 * A premium that wanders around zero; marks are the candles without it and with shorter wicks. A settlement every eight hours:
 * `rate = P + clamp(0.0001 - P, -0.0005, 0.0005)`, `P` the mean premium since the one before, at most 0.75 %, rounded to
 * 8 decimals ([D] the formula that the large venues publish). The same candles, seed and tick give the same rows.
 */
export function synthesizeCarry(candles: CandleColumns, { seed, tickSize }: { readonly seed: number; readonly tickSize: string }): SyntheticCarry {
  const { start, step, length } = candles
  const column = (): Float64Array => new Float64Array(length)
  const marks = { start, step, length, open: column(), high: column(), low: column(), close: column(), volume: column() }
  const funding: (readonly [TimeMs, number])[] = []
  const random = new Random(seed + SEED_OFFSET)
  const round = rounding(tickSize)
  const memory = Math.min(1, step / PREMIUM_MEMORY_MS)
  const noise = PREMIUM_DEVIATION * Math.sqrt(2 * memory)
  let [premium, sum, count] = [0, 0, 0]
  for (let index = 0; index < length; index++) {
    const at = start + index * step
    if (at % FUNDING_INTERVAL_MS === 0) {
      funding.push([at, fundingRate(count === 0 ? 0 : sum / count)])
      ;[sum, count] = [0, 0]
    }
    const before = premium
    premium = premium * (1 - memory) + noise * random.normal() + PREMIUM_OF_RETURN * (cell(candles.close, index) / cell(candles.open, index) - 1)
    sum += premium
    count++
    const [open, close] = [cell(candles.open, index) * (1 - before), cell(candles.close, index) * (1 - premium)]
    const [top, bottom] = [Math.max(open, close), Math.min(open, close)]
    marks.open[index] = round(open)
    marks.close[index] = round(close)
    marks.high[index] = round(top + WICK_SHARE * (cell(candles.high, index) - Math.max(cell(candles.open, index), cell(candles.close, index))))
    marks.low[index] = round(bottom - WICK_SHARE * (Math.min(cell(candles.open, index), cell(candles.close, index)) - cell(candles.low, index)))
  }
  return { marks: new CandleData(marks, { source: `synthetic (seed ${seed})`, gaps: [], synthetic: true }), funding }
}

function fundingRate(premium: number): number {
  const rate = premium + Math.min(FUNDING_CLAMP, Math.max(-FUNDING_CLAMP, INTEREST - premium))
  return Number(Math.min(FUNDING_CAP, Math.max(-FUNDING_CAP, rate)).toFixed(8)) + 0
}

/** To the decimals of the tick. */
function rounding(tickSize: string): (price: number) => number {
  const scale = Number(`1e${tickSize.split('.')[1]?.length ?? 0}`)
  return (price) => Math.max(1, Math.round(price * scale)) / scale
}
