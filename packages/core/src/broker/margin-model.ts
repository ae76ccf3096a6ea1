/**
 * Margin of a PAIR under a venue profile: what both legs of each symbol and the resting openers need, and what is left.
 * One model for every venue; the differences are data (SIMULATION 1.1, 1.2, 1.5, 2.2).
 */
import type { Decimal } from '../domain/decimal.ts'
import type { Intent, Leg, MarginMode, PositionMode } from '../domain/leg.ts'
import type { Position } from '../domain/position.ts'
import type { TierTable } from '../domain/tiers.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'

/** The part of a position that margin depends on. A leg is isolated when it has a margin of its own, or the account is. */
export type MarginLeg = Pick<Position, 'leg' | 'qty' | 'cost' | 'isolatedMargin'>

/** A resting order as margin sees it: what is still unfilled. */
export interface MarginOrder {
  readonly leg: Leg
  readonly intent: Intent
  readonly qty: Decimal
  /** Limit price. Conditional orders reserve nothing before they trigger: leave them out. */
  readonly price: Decimal
  readonly leverage: Decimal
}

/** One symbol of the account. */
export interface MarginPair {
  readonly symbol: string
  readonly mark: Decimal
  /** By leg; equal where the venue has one for both. */
  readonly leverage: Readonly<Record<Leg, Decimal>>
  readonly tiers: TierTable
  readonly long: MarginLeg
  readonly short: MarginLeg
  /** In list order. */
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

/** Margin of one leg; a flat leg is all zeros. */
export interface LegMargin {
  readonly symbol: string
  readonly leg: Leg
  readonly isolated: boolean
  /** `qty x mark`, a magnitude. */
  readonly notional: Decimal
  readonly initialMargin: Decimal
  readonly maintenanceMargin: Decimal
  readonly unrealised: Decimal
  /** Tier of the value, from 1. */
  readonly tier: number
  /** Quantity that the other leg offsets under the profile; zero where the profile knows no offset. */
  readonly hedgedQty: Decimal
  /** Margin locked for this leg alone; null in cross. */
  readonly isolatedMargin: Decimal | null
  /** Isolated: `maintenanceMargin / (isolatedMargin + unrealised)`; null in cross or when that is not positive. */
  readonly marginRatio: Decimal | null
}

/** The margin report of an account. Each row is rounded as the venue books it; totals are sums of rounded parts. */
export interface MarginReport {
  /** Two rows a pair, long first, in the order of the pairs. */
  readonly rows: readonly LegMargin[]
  readonly wallet: Decimal
  /** Wallet without the margins of isolated legs. */
  readonly crossWallet: Decimal
  readonly orderMargin: Decimal
  /** Of the legs in the account's margin mode, plus order margin. */
  readonly initialMargin: Decimal
  /** Of the legs in the account's margin mode. */
  readonly maintenanceMargin: Decimal
  /** Of all legs. */
  readonly unrealised: Decimal
  /** Wallet plus all unrealised profit. */
  readonly marginBalance: Decimal
  /** Cross wallet plus the unrealised profit of cross legs. */
  readonly crossMarginBalance: Decimal
  /** At most zero. */
  readonly orderLoss: Decimal
  readonly available: Decimal
  /** Initial and maintenance margin over `crossMarginBalance + orderLoss`; null when that is not positive. */
  readonly initialRate: Decimal | null
  readonly maintenanceRate: Decimal | null
  /** `crossMarginBalance + orderLoss <= maintenanceMargin`, and there is maintenance margin to cover. */
  readonly liquidate: boolean
}

/** The whole report. */
export function assessMargin(_profile: VenueProfile, _account: MarginAccount): MarginReport {
  throw new Error('not written yet')
}

/** Only `available` of the report: what an admission asks for. */
export function availableMargin(_profile: VenueProfile, _account: MarginAccount): Decimal {
  throw new Error('not written yet')
}

/** What one order costs before it rests (SIMULATION 1.5). */
export interface OrderCost {
  readonly initialMargin: Decimal
  readonly openFee: Decimal
  readonly closeFee: Decimal
  /** What the order would lose at once against the mark, a magnitude. */
  readonly openLoss: Decimal
  readonly total: Decimal
}

/** An opener that asks for admission. */
export interface OrderCostInput {
  readonly leg: Leg
  readonly qty: Decimal
  /** Limit price, or the price that a market order would get. */
  readonly price: Decimal
  readonly leverage: Decimal
  readonly takerRate: Decimal
  readonly mark: Decimal
  /** Last traded price; without it the order price is assumed. */
  readonly last?: Decimal
  readonly market?: boolean
}

/** The cost of an opener under the profile, unrounded. It is admitted when `roundMoneyUp(money, total) <= available`. */
export function orderCost(_profile: VenueProfile, _order: OrderCostInput): OrderCost {
  throw new Error('not written yet')
}
