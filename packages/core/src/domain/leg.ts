/** The two legs of a position pair, and the only derivation of buy and sell. */
import { HedgerowError } from '../errors.ts'

/** One side of a position pair. In both position modes every order, fill, position and trade carries its leg. */
export type Leg = 'long' | 'short'

/** Whether an order enlarges its leg or reduces it. `close` means reduce-only: it is clipped to the leg and never flips it. */
export type Intent = 'open' | 'close'

/** The direction on the order book; derived from leg and intent, never stored. */
export type Side = 'buy' | 'sell'

/** One-way: at most one leg of a symbol is open. Hedge: both may be. */
export type PositionMode = 'one-way' | 'hedge'

/** Cross: all positions share the wallet. Isolated: each leg has a margin of its own. */
export type MarginMode = 'cross' | 'isolated'

/** Both legs, long first: the order in which they are asked, posted and printed. */
export const LEGS: readonly ['long', 'short'] = ['long', 'short']

/**
 * What there is of one leg of what there is of both: a position, a leverage. Twice as fast as looking it up by name, and none is guessed.
 *
 * @throws HedgerowError `INVARIANT_BROKEN` for what is no leg, such as the `BOTH` of a venue that a driver has passed on.
 */
export function legOf<T>(both: { readonly long: T; readonly short: T }, leg: Leg): T {
  if (leg === 'long') return both.long
  if (leg === 'short') return both.short
  throw new HedgerowError('INVARIANT_BROKEN', { where: 'leg', found: String(leg), expected: 'long or short' })
}

/** The other leg of the pair. */
export function oppositeLeg(leg: Leg): Leg {
  return leg === 'long' ? 'short' : 'long'
}

/** Opening a long and closing a short buy; the other two sell. */
export function sideOf(leg: Leg, intent: Intent): Side {
  return (leg === 'long') === (intent === 'open') ? 'buy' : 'sell'
}

/** +1 for the long leg, -1 for the short: the sign of the leg's profit when the price rises. */
export function legSign(leg: Leg): 1 | -1 {
  return leg === 'long' ? 1 : -1
}
