/**
 * Guards of a cross account: for each symbol an interval of mark prices; while every mark is inside its own, liquidation
 * is impossible, so the scan may skip ahead. Computed in floats and shrunk by an error bound: early, never late.
 */
import type { MarginAccount, VenueProfile } from '@hedgerow/core'

/** Liquidation is impossible while `below < mark < above` for every symbol. NaN-free; `below` may be -Infinity, `above` Infinity. */
export interface MarkGuard {
  readonly symbol: string
  readonly below: number
  readonly above: number
}

/**
 * Guards around the marks of `account.pairs`, in their order. Null when the tier tables are not convex or the slack is not
 * positive: then every candle has to be walked.
 */
export function crossGuards(_profile: VenueProfile, _account: MarginAccount): readonly MarkGuard[] | null {
  throw new Error('not written yet')
}

/** Extremes of one minute of one symbol's mark, in the order of the pairs. */
export interface MarkRange {
  readonly low: number
  readonly high: number
}

/**
 * True when no combination of marks within these ranges can liquidate: the minute in which a guard was hit needs no walk, only new guards.
 */
export function safeWithin(_profile: VenueProfile, _account: MarginAccount, _ranges: readonly MarkRange[]): boolean {
  throw new Error('not written yet')
}
