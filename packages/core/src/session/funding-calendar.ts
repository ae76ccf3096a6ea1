/** Funding rates as they become known: that of time T from T on, whether or not a position paid it. */
import type { Decimal } from '../domain/decimal.ts'
import type { TimeMs } from '../domain/time.ts'
import type { FundingReading } from '../ports/strategy.ts'

/** One settlement. */
export interface FundingRow {
  readonly at: TimeMs
  readonly rate: Decimal
}

/** The loaded series, read at a moment. */
export class FundingCalendar {
  readonly #series: ReadonlyMap<string, readonly FundingRow[]>

  /** Rows of each series rise in time. A symbol without a series has no funding. */
  constructor(series: ReadonlyMap<string, readonly FundingRow[]>) {
    this.#series = series
  }

  /** What may be known at `now`: rows after it give no more than the time of the next. */
  at(symbol: string, now: TimeMs): FundingReading {
    const rows = this.#series.get(symbol) ?? []
    const next = firstAfter(rows, now)
    return { lastRate: rows[next - 1]?.rate ?? null, predictedRate: null, nextAt: rows[next]?.at ?? null }
  }
}

/** Index of the first row after `now`, by bisection. */
function firstAfter(rows: readonly FundingRow[], now: TimeMs): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((rows[middle]?.at ?? Number.POSITIVE_INFINITY) <= now) low = middle + 1
    else high = middle
  }
  return low
}
