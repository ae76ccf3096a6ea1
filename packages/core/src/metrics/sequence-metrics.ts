/** What depends on the order and the duration of trades. */
import type { Trade } from '../domain/trade.ts'
import { netOf, type TradeMoney } from './trade-metrics.ts'

/** Streaks in the order in which trades closed; times in whole ms, null without trades. */
export interface SequenceMetrics {
  readonly maxConsecutiveWins: number
  readonly maxConsecutiveLosses: number
  readonly holdingMsMean: number | null
  readonly holdingMsMedian: number | null
  readonly holdingMsMax: number | null
}

/** Folds trades, oldest close first. A trade that nets zero ends both streaks. */
export function sequenceMetrics(trades: readonly (TradeMoney & Pick<Trade, 'holdingMs'>)[]): SequenceMetrics {
  const signs = trades.map((trade) => netOf(trade).comparedTo(0))
  const times = Float64Array.from(trades, (trade) => trade.holdingMs).sort()
  return {
    maxConsecutiveWins: longestRun(signs, 1),
    maxConsecutiveLosses: longestRun(signs, -1),
    holdingMsMean: mean(times),
    holdingMsMedian: mean(middle(times)),
    holdingMsMax: times.at(-1) ?? null,
  }
}

function longestRun(signs: readonly number[], wanted: 1 | -1): number {
  let run = 0
  let longest = 0
  for (const sign of signs) {
    run = sign === wanted ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

/** The middle value of a sorted list, or its two middle values. */
function middle(sorted: Float64Array): Float64Array {
  return sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
}

function mean(values: Float64Array): number | null {
  return values.length === 0 ? null : Math.round(values.reduce((total, value) => total + value, 0) / values.length)
}
