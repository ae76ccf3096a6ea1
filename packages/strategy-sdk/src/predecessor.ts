/**
 * The rules of declared orders that hold only where a run reproduces the one-way predecessor
 * (`rules.predecessor`, profile `jesse`). Everything else in this package is the same in every profile.
 */
import { minDecimal, type Decimal, type Leg } from '@hedgerow/core'
import type { Variable } from './declarations.ts'
import type { SlotName } from './declared-draft.ts'

/** While a leg is open only its entry-side variable is read: `sell` during a long and `buy` during a short are ignored. */
export function isIgnored(variable: Variable, leg: Leg): boolean {
  return (variable === 'sell' && leg === 'long') || (variable === 'buy' && leg === 'short')
}

/** Each exit row may close all of the leg, whatever the other rows may: the one that is met first does. */
export function cappedExit(wish: Decimal | 'all', held: Decimal): Decimal {
  return wish === 'all' ? held : minDecimal(wish, held)
}

/** A stop that is not beyond the entry on the losing side, or a target not beyond it on the winning side, becomes a market order when the leg opens. */
export function isWrongSide(slot: SlotName, price: Decimal, options: { readonly leg: Leg; readonly entryPrice: Decimal }): boolean {
  const mustBeAbove = (slot === 'takeProfit') === (options.leg === 'long')
  return mustBeAbove ? price.lte(options.entryPrice) : price.gte(options.entryPrice)
}
