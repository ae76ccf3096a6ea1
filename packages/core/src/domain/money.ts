/** How an account writes money down: rounded once, when it is posted (SIMULATION 4.3). */
import { roundToPlaces, ZERO, type Decimal } from './decimal.ts'
import type { Rounding } from './whole.ts'

/** The rounding of money postings; `places: null` posts exact values. */
export interface MoneyRule {
  readonly places: number | null
  readonly rounding: Rounding
}

/** No rounding at all: for proofs, and for sums that are only compared with each other. */
export const EXACT_MONEY: MoneyRule = { places: null, rounding: 'down' }

/** The amount as the account books it. */
export function postMoney(rule: MoneyRule, amount: Decimal): Decimal {
  if (amount.isZero()) return ZERO
  return rule.places === null ? amount : roundToPlaces(amount, rule.places, rule.rounding)
}

/** The amount rounded away from zero to the places of the account: for demands, which must never be understated. */
export function roundMoneyUp(rule: MoneyRule, amount: Decimal): Decimal {
  return rule.places === null ? amount : roundToPlaces(amount, rule.places, 'up')
}
