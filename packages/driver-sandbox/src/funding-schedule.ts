/** When funding settles, and at which rate (SIMULATION 1.8). */
import { HedgerowError, timeText, ZERO, type Decimal, type TimeMs } from '@hedgerow/core'
import type { Grid } from './market.ts'
import type { FundingRate, SimOptions } from './options.ts'

/** One settlement. `rate` is null where the series lacks it and nothing may stand in: that is an error once a leg is held. */
export interface Settlement {
  readonly at: TimeMs
  /** The minute at whose start it is booked. */
  readonly minute: number
  readonly rate: Decimal | null
  readonly substituted: boolean
}

/** A series and the run that it has to cover. */
export interface ScheduleOptions {
  readonly symbol: string
  readonly rates: readonly FundingRate[]
  readonly intervalMs: number
  readonly grid: Grid
  readonly end: TimeMs
  readonly missing: NonNullable<NonNullable<SimOptions['funding']>['missing']>
}

/** A venue may stamp a settlement some milliseconds late. */
const STAMP_MS = 1000

/**
 * All settlements of a run: the rows of the series, and those that its interval asks for where rows are farther apart.
 *
 * @throws HedgerowError `DATA_UNSORTED` when the series does not rise in time.
 */
export function settlementsOf(options: ScheduleOptions): Settlement[] {
  const { rates, intervalMs, grid, end } = options
  const settlements: Settlement[] = []
  let next = Math.ceil(grid.start / intervalMs) * intervalMs
  let known: Decimal | null = null
  let previous = Number.NEGATIVE_INFINITY
  for (const row of rates) {
    const at = row.at - (row.at % STAMP_MS)
    if (at <= previous) throw unsorted(options.symbol, row.at)
    previous = at
    if (at >= grid.start && at < end) {
      for (; next < at; next += intervalMs) settlements.push(substitute(options, next, known))
      settlements.push({ at, minute: minuteFrom(grid, at), rate: row.rate, substituted: false })
      next = at + intervalMs
    }
    known = row.rate
  }
  for (; next < end; next += intervalMs) settlements.push(substitute(options, next, known))
  return settlements
}

/** The first minute that starts at the time or after it. */
function minuteFrom(grid: Grid, at: TimeMs): number {
  return Math.ceil((at - grid.start) / grid.step)
}

function substitute({ missing, grid }: ScheduleOptions, at: TimeMs, known: Decimal | null): Settlement {
  const rate = missing === 'zero' ? ZERO : missing === 'lastKnown' ? known : null
  return { at, minute: minuteFrom(grid, at), rate, substituted: true }
}

function unsorted(symbol: string, at: TimeMs): HedgerowError {
  return new HedgerowError('DATA_UNSORTED', { where: `funding ${symbol}`, found: `${timeText(at)} after a later or equal time`, expected: 'rising times' })
}
