/** Bars that outlive a run: of candles over which many runs go, one after the other. */
import type { CandleBuffer } from '../domain/candle-series.ts'
import type { CandleColumns } from '../domain/candles.ts'
import type { Timeframe } from '../domain/timeframe.ts'

/** All bars of a timeframe, visible or not. */
export interface WholeBars {
  readonly buffer: CandleBuffer
  readonly count: number
}

/** By the closes of candles that were registered, then by timeframe. */
const kept = new WeakMap<Float64Array, Map<string, WholeBars>>()

/**
 * Keeps what is computed from these candles alone, bars and indicators, for later runs over the very same columns in this thread. They
 * must not change any more. Costs the memory of what is kept, for as long as the columns live.
 */
export function keepBetweenRuns({ close }: CandleColumns): void {
  if (!kept.has(close)) kept.set(close, new Map())
}

/** The bars that `make` computes, or those of an earlier run; none of them visible yet. */
export function wholeBars(base: CandleColumns, timeframe: Timeframe, make: () => WholeBars): WholeBars {
  const known = kept.get(base.close)
  if (known === undefined) return make()
  const key = `${timeframe.ms} ${timeframe.origin}`
  const bars = known.get(key) ?? make()
  known.set(key, bars)
  return { count: bars.count, buffer: { ...bars.buffer, length: 0, lasting: bars.buffer.close } }
}
