/** The compatibility rule for gaps: a candle opens where the one before closed (ONE-WAY-PARITY, gap fix). */
import { areKept, keepBetweenRuns, type CandleColumns } from '@hedgerow/core'
import { at } from './path.ts'

/** By what they were made from, and by themselves. */
const known = new WeakMap<CandleColumns, CandleColumns>()

/**
 * Columns whose opens are the previous closes, high and low widened to include them. Missing candles stay missing. Made once, however many runs
 * ask: neither must change any more.
 */
export function withoutGaps(columns: CandleColumns): CandleColumns {
  const before = known.get(columns)
  if (before !== undefined) return before
  const fixed = fixedOf(columns)
  if (areKept(columns)) keepBetweenRuns(fixed)
  known.set(columns, fixed)
  known.set(fixed, fixed)
  return fixed
}

function fixedOf(columns: CandleColumns): CandleColumns {
  const open = columns.open.slice()
  const high = columns.high.slice()
  const low = columns.low.slice()
  let previous = Number.NaN
  for (let row = 0; row < columns.length; row += 1) {
    const close = at(columns.close, row)
    if (Number.isNaN(close)) continue
    if (!Number.isNaN(previous) && previous !== open[row]) {
      open[row] = previous
      high[row] = Math.max(at(high, row), previous)
      low[row] = Math.min(at(low, row), previous)
    }
    previous = close
  }
  return { ...columns, open, high, low }
}
