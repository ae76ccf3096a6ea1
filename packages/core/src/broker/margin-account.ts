/** What margin is computed from: one wallet, and the pair of legs and the resting orders of each symbol that it backs. */
import { ZERO, type Decimal } from '../domain/decimal.ts'
import type { Intent, Leg, MarginMode, PositionMode } from '../domain/leg.ts'
import type { Position } from '../domain/position.ts'
import type { TierTable } from '../domain/tiers.ts'

/** The part of a position that margin depends on. */
export type MarginLeg = Pick<Position, 'leg' | 'qty' | 'cost' | 'isolatedMargin'>

/** A resting order as margin sees it: what is still unfilled. */
export interface MarginOrder {
  readonly leg: Leg
  readonly intent: Intent
  readonly qty: Decimal
  /** Limit price. Conditional orders reserve nothing before they trigger: leave them out [P]. */
  readonly price: Decimal
  /** Absent: the leverage of its leg. */
  readonly leverage?: Decimal
}

/** One symbol of the account. */
export interface MarginPair {
  readonly symbol: string
  readonly mark: Decimal
  /** Absent: that of the account. */
  readonly positionMode?: PositionMode
  /** By leg; equal where the venue has one for both. */
  readonly leverage: Readonly<Record<Leg, Decimal>>
  readonly tiers: TierTable
  readonly long: MarginLeg
  readonly short: MarginLeg
  /** In the order in which they were placed. */
  readonly orders: readonly MarginOrder[]
}

/** Everything that one wallet backs. */
export interface MarginAccount {
  /** All money of the account, isolated margins included. */
  readonly wallet: Decimal
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  /** Taker rate of the account, for fee reserves. */
  readonly takerRate: Decimal
  readonly pairs: readonly MarginPair[]
}

/** A leg with a margin of its own, or in an account where every leg has one. */
export function isIsolated(account: Pick<MarginAccount, 'marginMode'>, held: MarginLeg): boolean {
  return account.marginMode === 'isolated' || held.isolatedMargin !== null
}

/** A leg that was opened at one price. */
export function heldAt(input: { readonly leg: Leg; readonly qty: Decimal; readonly entryPrice: Decimal; readonly isolatedMargin?: Decimal | null }): MarginLeg {
  const { leg, qty, isolatedMargin = null } = input
  return { leg, qty, cost: qty.isZero() ? ZERO : qty.times(input.entryPrice), isolatedMargin }
}

/** A leg without a position. */
export function flatLeg(leg: Leg): MarginLeg {
  return { leg, qty: ZERO, cost: ZERO, isolatedMargin: null }
}
