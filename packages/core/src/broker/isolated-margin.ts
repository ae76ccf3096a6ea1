/** Adding and removing margin of an isolated leg (SIMULATION 1.6). */
import { maxDecimal, minDecimal, ONE, roundToPlaces, ZERO, type Decimal } from '../domain/decimal.ts'
import { unrealisedPnl } from '../domain/position.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { openingMargin } from '../state/position-fold.ts'
import type { MarginLeg } from './margin-account.ts'

/** A leg and the account that it could exchange margin with. */
export interface MarginAdjustment {
  readonly held: MarginLeg
  readonly mark: Decimal
  readonly leverage: Decimal
  readonly takerRate: Decimal
  readonly available: Decimal
  /** Where the venue looks at the cross wallet as well: its balance, the maintenance margin of cross legs, and order margin of isolated ones. */
  readonly cross: { readonly wallet: Decimal; readonly maintenanceMargin: Decimal; readonly isolatedOrderMargin: Decimal }
}

/** Limits of an adjustment, never below zero. */
export interface AdjustmentLimits {
  readonly maxAdd: Decimal
  readonly maxRemove: Decimal
  /** Margin plus unrealised profit. */
  readonly isolatedMargin: Decimal
}

/**
 * How much margin a leg can take and give. `mark`: add at most what cross legs do not need, remove down to the margin at mark and never
 * unrealised profit [P ISO-001/002]. `entry`: add what is available, remove down to entry margin and reserve [P endpoint, A limit ISO-003].
 */
export function adjustmentLimits(profile: VenueProfile, input: MarginAdjustment): AdjustmentLimits {
  const { held, available } = input
  const margin = held.isolatedMargin ?? ZERO
  const isolatedMargin = margin.plus(unrealisedPnl(held, input.mark))
  const limits = profile.isolated.removable === 'mark'
    ? { add: minDecimal(freeCross(input.cross), available), remove: minDecimal(margin, isolatedMargin.minus(held.qty.times(input.mark).div(input.leverage))) }
    : { add: available, remove: margin.minus(entryMargin(profile, input)) }
  const cut = (amount: Decimal): Decimal => {
    const positive = maxDecimal(ZERO, amount)
    const { amountPlaces } = profile.isolated
    return amountPlaces === null ? positive : roundToPlaces(positive, amountPlaces, 'down')
  }
  return { maxAdd: cut(limits.add), maxRemove: cut(limits.remove), isolatedMargin }
}

/**
 * What a venue with automatic addition moves to a leg before it would liquidate it: the initial margin of the leg, no more than is available,
 * and never more than a leverage of 1 asks for [P]. Zero where nothing can be added.
 */
export function automaticAddition(profile: VenueProfile, input: Omit<MarginAdjustment, 'mark' | 'cross'>): Decimal {
  const { held, available, takerRate } = input
  const full = openingMargin({ leg: held.leg, value: held.cost, leverage: ONE, takerRate, closeFeeReserve: profile.margin.closeFeeReserve })
  const amount = minDecimal(minDecimal(available, entryMargin(profile, input)), full.minus(held.isolatedMargin ?? ZERO))
  const { amountPlaces } = profile.isolated
  return maxDecimal(ZERO, amountPlaces === null ? amount : roundToPlaces(amount, amountPlaces, 'down'))
}

function freeCross(cross: MarginAdjustment['cross']): Decimal {
  return cross.wallet.minus(cross.isolatedOrderMargin).minus(cross.maintenanceMargin)
}

function entryMargin(profile: VenueProfile, { held, leverage, takerRate }: Pick<MarginAdjustment, 'held' | 'leverage' | 'takerRate'>): Decimal {
  return openingMargin({ leg: held.leg, value: held.cost, leverage, takerRate, closeFeeReserve: profile.margin.closeFeeReserve })
}
