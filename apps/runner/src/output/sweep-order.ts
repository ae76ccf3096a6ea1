/** Sorts the runs of a sweep by any metric of the account or of a leg. */
import { decimal, HedgerowError, isDecimal, LEGS, RunCurve, runMetrics, type Decimal, type RunMetrics } from '@hedgerow/core'
import type { FinishedTrial } from '../sweep/trial.ts'

/** By what, and which way. */
export interface SweepOrder {
  readonly name: string
  readonly ascending: boolean
  /** Null where a run has no such value: it comes last. */
  readonly read: (trial: FinishedTrial) => Decimal | null
}

/**
 * The order that a name stands for: a metric of the account; `long.` or `short.` before it, of that leg.
 *
 * @throws HedgerowError `USAGE_INVALID` naming the metrics.
 */
export function sweepOrder(name: string, ascending: boolean): SweepOrder {
  const leg = LEGS.find((candidate) => name.startsWith(`${candidate}.`))
  const key = leg === undefined ? name : name.slice(leg.length + 1)
  const names = sortableMetrics()
  if (!names.includes(key)) throw new HedgerowError('USAGE_INVALID', { where: '--sort', found: `"${name}"`, expected: `one of ${names.join(', ')}; with long. or short. before it, that of a leg`, remedy: 'docs/metrics.md explains every metric.' })
  return { name, ascending, read: (trial) => valueOf(leg === undefined ? trial.metrics : trial.legs[leg].metrics, key) }
}

/** The runs in order; equal ones, and those without a value, in the order of the grid. */
export function sortedBy({ ascending, read }: SweepOrder, trials: readonly FinishedTrial[]): FinishedTrial[] {
  return trials.toSorted((a, b) => {
    const [first, second] = [read(a), read(b)]
    if (first === null || second === null) return Number(first === null) - Number(second === null)
    return ascending ? first.comparedTo(second) : second.comparedTo(first)
  })
}

/** The metrics of a run in which nothing happened tell the names; what is neither number nor null there is no size. */
function sortableMetrics(): readonly string[] {
  const { total } = runMetrics({ startingBalance: decimal('1'), trades: [], openPositions: [], daily: [], curve: new RunCurve(1).summary() })
  return Object.entries(total).flatMap(([name, value]: [string, unknown]) => (value === null || typeof value === 'number' || isDecimal(value) ? [name] : []))
}

function valueOf(metrics: RunMetrics, key: string): Decimal | null {
  const value: unknown = Object.entries(metrics).find(([name]) => name === key)?.[1]
  if (isDecimal(value)) return value
  return typeof value === 'number' ? decimal(String(value)) : null
}
