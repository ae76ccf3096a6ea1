/** What each month made, from the equity points. */
import { ZERO, type Decimal, type EquityPoint, type Trade } from '@hedgerow/core'
import { monthText } from '../html/time-words.ts'

/** One month, UTC. The first and the last may be parts. */
export interface Month {
  /** `2023-10` */
  readonly month: string
  /** Gain of the account; the legs sum to it. */
  readonly gain: Decimal
  readonly long: Decimal
  readonly short: Decimal
  /** Gain over the equity at its start; null where that was not above zero. */
  readonly return: Decimal | null
  /** Trades that closed in it. */
  readonly trades: number
}

/** The months of a run, oldest first. A point at the very start of a month ends the month before. */
export function monthsOf(equity: readonly EquityPoint[], trades: readonly Trade[]): readonly Month[] {
  const [first] = equity
  if (first === undefined) return []
  const ends = new Map<string, EquityPoint>()
  for (const point of equity.slice(1)) ends.set(monthText(point.at - 1), point)
  const closed = Map.groupBy(trades, ({ closedAt }) => monthText(closedAt - 1))
  let before = first
  return [...ends].map(([month, end]) => {
    const start = before
    before = end
    const gain = end.equity.minus(start.equity)
    return { month, gain, long: end.long.minus(start.long), short: end.short.minus(start.short), return: start.equity.gt(ZERO) ? gain.div(start.equity) : null, trades: closed.get(month)?.length ?? 0 }
  })
}
