/** Floors of the crossing averages: one leg at a time, and both legs on their own. */
import type { CandleColumns } from '@hedgerow/core'
import { MAKER, TAKER, tickAbove, tickBelow, type FloorRun, type FloorTrade } from './floor-trade.ts'

/** Parameters of `EmaCross`. */
export interface CrossParams {
  readonly fast: number
  readonly slow: number
  readonly stop: number
  readonly target: number
}

/** The parameters that `EmaCross` has by default. */
export const CROSS: CrossParams = { fast: 8, slow: 21, stop: 2, target: 4 }

/** An exponential average that starts as the mean of its first values. */
class Ema {
  readonly #period: number
  readonly #weight: number
  #count = 0
  value = 0

  constructor(period: number) {
    this.#period = period
    this.#weight = 2 / (period + 1)
  }

  next(price: number): void {
    if (this.#count >= this.#period) {
      this.value += (price - this.value) * this.#weight
    } else {
      this.value += price
      this.#count++
      if (this.#count === this.#period) this.value /= this.#period
    }
  }
}

/** One leg: flat, waiting for the next open, or held between its stop and its target. */
class FloorLeg {
  readonly leg: 'long' | 'short'
  readonly trades: FloorTrade[]
  readonly #isLong: boolean
  /** True from the signal to the exit. */
  busy = false
  /** -1 until the entry has filled. */
  #opened = -1
  #entry = 0
  #stop = 0
  #target = 0

  constructor(leg: 'long' | 'short', trades: FloorTrade[]) {
    this.leg = leg
    this.#isLong = leg === 'long'
    this.trades = trades
  }

  signal(price: number, { stop, target }: CrossParams): void {
    this.busy = true
    this.#stop = this.#isLong ? tickBelow(price * (1 - stop / 100)) : tickAbove(price * (1 + stop / 100))
    this.#target = this.#isLong ? tickAbove(price * (1 + target / 100)) : tickBelow(price * (1 - target / 100))
  }

  /** Enters at the first open; then the exit in a candle, if any: in a rising candle the low comes first, in a falling one the high. */
  pass(index: number, open: number, high: number, low: number, close: number): void {
    if (this.#opened < 0) {
      this.#opened = index
      this.#entry = open
    }
    const isLong = this.#isLong
    const stopped = isLong ? low <= this.#stop : high >= this.#stop
    const reached = isLong ? high > this.#target : low < this.#target
    if (!stopped && !reached) return
    const gapped = isLong ? open <= this.#stop : open >= this.#stop
    const adverseFirst = close >= open === isLong
    if (gapped) this.close(index, open, TAKER)
    else if (stopped && (!reached || adverseFirst)) this.close(index, this.#stop, TAKER)
    else this.close(index, this.#target, MAKER)
  }

  close(index: number, price: number, rate: number): void {
    const gain = this.#isLong ? price - this.#entry : this.#entry - price
    this.trades.push({ leg: this.leg, opened: this.#opened, closed: index, entryPrice: this.#entry, exitPrice: price, netPnl: gain - this.#entry * TAKER - price * rate })
    this.busy = false
    this.#opened = -1
  }
}

/** Index of the first candle that begins an hour: what is before it is no whole bar. */
function firstHour({ start, step }: CandleColumns): number {
  return (60 - (Math.round(start / step) % 60)) % 60
}

/** The crosses alone, by the minute at whose close they are seen: 1 upwards, -1 downwards. For peers, which are not asked to find them. */
export function crossSignals({ close, length }: CandleColumns, { fast: fastPeriod, slow: slowPeriod }: CrossParams, warmup: number): Int8Array {
  const signals = new Int8Array(length)
  const [fast, slow] = [new Ema(fastPeriod), new Ema(slowPeriod)]
  let before = 0
  for (let index = 59; index < length; index += 60) {
    fast.next(close[index] ?? 0)
    slow.next(close[index] ?? 0)
    const now = fast.value - slow.value
    if (index >= warmup) signals[index] = before <= 0 && now > 0 ? 1 : before >= 0 && now < 0 ? -1 : 0
    before = now
  }
  return signals
}

/** Bars of an hour over the minutes; `both` holds both legs at once where they open. Trades from candle `warmup` on. */
export function emaCross(candles: CandleColumns, options: { readonly params: CrossParams; readonly warmup: number; readonly both: boolean }): FloorRun {
  const { params, warmup, both } = options
  const { open, high, low, close, length } = candles
  const trades: FloorTrade[] = []
  const [long, short] = [new FloorLeg('long', trades), new FloorLeg('short', trades)]
  const [fast, slow] = [new Ema(params.fast), new Ema(params.slow)]
  let [before, calls] = [0, 0]
  const first = firstHour(candles)
  const from = first + warmup
  for (let index = first; index < length; index++) {
    if (long.busy) long.pass(index, open[index] ?? 0, high[index] ?? 0, low[index] ?? 0, close[index] ?? 0)
    if (short.busy) short.pass(index, open[index] ?? 0, high[index] ?? 0, low[index] ?? 0, close[index] ?? 0)
    if ((index - first) % 60 !== 59) continue
    const c = close[index] ?? 0
    fast.next(c)
    slow.next(c)
    const now = fast.value - slow.value
    if (index >= from) {
      calls++
      const free = both || !(long.busy || short.busy)
      if (free && !long.busy && before <= 0 && now > 0) long.signal(c, params)
      if (free && !short.busy && before >= 0 && now < 0) short.signal(c, params)
    }
    before = now
  }
  const last = close[length - 1] ?? 0
  for (const leg of [long, short]) if (leg.busy) leg.close(length, last, TAKER)
  return { trades, calls }
}
