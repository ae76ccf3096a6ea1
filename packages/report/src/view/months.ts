/** What each month made, from the equity points. */
import { ZERO, type Decimal, type EquityPoint } from '@hedgerow/core'
import type { FinishedRun } from '../finished-run.ts'
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

/** The months of a run, oldest first; they sum to what it gained. A point at the very start of a month ends the month before. */
export function monthsOf({ equity, trades, header: { start: opened, startingBalance } }: Pick<FinishedRun, 'equity' | 'trades' | 'header'>): readonly Month[] {
  const ends = new Map<string, EquityPoint>()
  for (const point of equity) if (point.at > opened) ends.set(monthText(point.at - 1), point)
  const closed = Map.groupBy(trades, ({ closedAt }) => monthText(closedAt - 1))
  // The first point has the fills of its own moment in it.
  let before: Omit<EquityPoint, 'at'> = { equity: startingBalance, long: ZERO, short: ZERO }
  return [...ends].map(([month, end]) => {
    const start = before
    before = end
    const gain = end.equity.minus(start.equity)
    return { month, gain, long: end.long.minus(start.long), short: end.short.minus(start.short), return: start.equity.gt(ZERO) ? gain.div(start.equity) : null, trades: closed.get(month)?.length ?? 0 }
  })
}
