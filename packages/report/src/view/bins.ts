/** Counts of trades by what they made and how long they were held, by leg. */
import { doubleOf, type Leg, type Trade } from '@hedgerow/core'

/** A range of values (from inclusive, to exclusive) with its trades. */
export interface Bin {
  readonly label: string
  readonly from: number
  readonly to: number
  readonly long: number
  readonly short: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const HOLDING: readonly (readonly [to: number, label: string])[] = [
  [MINUTE, '< 1 m'], [5 * MINUTE, '1-5 m'], [15 * MINUTE, '5-15 m'], [HOUR, '15-60 m'], [4 * HOUR, '1-4 h'], [12 * HOUR, '4-12 h'], [DAY, '12-24 h'], [3 * DAY, '1-3 d'], [7 * DAY, '3-7 d'], [Number.POSITIVE_INFINITY, '> 7 d'],
]

/** Trades by holding time. */
export function holdingBins(trades: readonly Trade[]): readonly Bin[] {
  return HOLDING.map(([to, label], index) => bin(trades, { label, from: HOLDING[index - 1]?.[0] ?? 0, to, read: ({ holdingMs }) => holdingMs }))
}

/** About so many bins of a distribution. */
const BINS = 24

/** Trades by net pnl, in equal steps of a round size; the outermost bins hold what lies beyond the 1 % and 99 % quantiles. */
export function profitBins(trades: readonly Trade[]): readonly Bin[] {
  const nets = trades.map(({ netPnl }) => doubleOf(netPnl)).sort((a, b) => a - b)
  const quantile = (share: number): number => nets[Math.round(share * (nets.length - 1))] ?? 0
  const [low, high] = [Math.min(0, quantile(0.01)), Math.max(0, quantile(0.99))]
  if (nets.length === 0 || low === high) return []
  const step = roundStep((high - low) / BINS)
  const [first, last] = [Math.floor(low / step), Math.floor(high / step)]
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const from = index === 0 ? Number.NEGATIVE_INFINITY : (first + index) * step
    const to = first + index === last ? Number.POSITIVE_INFINITY : (first + index + 1) * step
    return bin(trades, { label: stepText((first + index) * step, step), from, to, read: ({ netPnl }) => doubleOf(netPnl) })
  })
}

function bin(trades: readonly Trade[], { label, from, to, read }: { readonly label: string; readonly from: number; readonly to: number; readonly read: (trade: Trade) => number }): Bin {
  const own = trades.filter((trade) => read(trade) >= from && read(trade) < to)
  const of = (leg: Leg): number => own.filter((trade) => trade.leg === leg).length
  return { label, from, to, long: of('long'), short: of('short') }
}

/** 1, 2 or 5 times a power of ten, at least `size`. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size))
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= size) ?? 10)
}

function stepText(value: number, step: number): string {
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step))))
}
