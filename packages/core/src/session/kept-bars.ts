/** Bars that outlive a run: of candles over which many runs go, one after the other. */
import type { CandleBuffer } from '../domain/candle-series.ts'
import type { CandleColumns } from '../domain/candles.ts'
import type { Timeframe } from '../domain/timeframe.ts'

/** All bars of a timeframe, visible or not. */
export interface WholeBars {
  readonly buffer: CandleBuffer
  readonly count: number
}

/** By the candles that they were made from, then by timeframe. */
const kept = new WeakMap<CandleColumns, Map<string, WholeBars>>()
/** Candles of whose bars indicators are kept too. */
const lasting = new WeakSet<CandleColumns>()

/**
 * Keeps what indicators compute from these candles for later runs over them in this thread. Costs the memory of what is kept, for as long as
 * the candles live. They must not change any more.
 */
export function keepBetweenRuns(candles: CandleColumns): void {
  lasting.add(candles)
}

/** Whether {@link keepBetweenRuns} was told these. */
export function areKept(candles: CandleColumns): boolean {
  return lasting.has(candles)
}

/**
 * The bars that `make` computes, or those of an earlier run over the same candles, which must not have changed; none of them visible yet.
 * Bars as short as the candles are kept only where indicators are: they may be a copy of all of them.
 */
export function wholeBars(base: CandleColumns, timeframe: Timeframe, make: () => WholeBars): WholeBars {
  const lasts = lasting.has(base)
  if (!lasts && timeframe.ms === base.step) return make()
  const known = kept.get(base) ?? new Map<string, WholeBars>()
  kept.set(base, known)
  const key = `${timeframe.ms} ${phaseOf(timeframe)}`
  const bars = known.get(key) ?? make()
  known.set(key, bars)
  return { count: bars.count, buffer: { ...bars.buffer, length: 0, lasting: lasts ? bars.buffer : null } }
}

/** Where bars begin within their length: all that they depend on of their origin, of which there may be one a run. */
function phaseOf({ ms, origin }: Timeframe): number {
  return ((origin % ms) + ms) % ms
}
