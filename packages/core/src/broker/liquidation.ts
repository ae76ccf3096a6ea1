/** The liquidation of an account or a leg, as data: what the venue closes, at what price and cost (SIMULATION 2.5). */
import type { Decimal } from '../domain/decimal.ts'
import type { Leg } from '../domain/leg.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import type { MarginAccount, MarginLeg } from './margin-model.ts'

/** A quantity that the venue takes off a leg. Becomes a fill with source `liquidation`. */
export interface LiquidationClose {
  readonly symbol: string
  readonly leg: Leg
  readonly qty: Decimal
  readonly price: Decimal
  /** Gross profit of the close, as the ledger will book it. */
  readonly realised: Decimal
  /** Part of the fill. */
  readonly fee: Decimal
}

/** One thing that the venue did. */
export type LiquidationStep =
  | { readonly type: 'cancel-orders' }
  | { readonly type: 'reduce-net'; readonly symbol: string; readonly leg: Leg; readonly qty: Decimal; /** Tier that is left, from 1; 0 when the net is gone. */ readonly tier: number; readonly closes: readonly LiquidationClose[] }
  | { readonly type: 'close-pair'; readonly symbol: string; readonly qty: Decimal; readonly closes: readonly LiquidationClose[] }
  | { readonly type: 'close-leg'; readonly symbol: string; readonly leg: Leg; readonly closes: readonly LiquidationClose[]; /** Becomes a `clearance` posting of its negative. */ readonly clearanceFee: Decimal }
  | { readonly type: 'takeover'; readonly closes: readonly LiquidationClose[]; /** What the account loses beyond the closes; a `clearance` posting of its negative. */ readonly forfeited: Decimal }
  | { readonly type: 'insurance'; /** Becomes an `insurance` posting. */ readonly amount: Decimal }

/** What a liquidation consists of. Nothing has happened yet: the exchange emits it as events. */
export interface LiquidationPlan {
  /** False: equity covers the maintenance margin, and there are no steps. */
  readonly triggered: boolean
  /** Before the first step, order loss included. */
  readonly equity: Decimal
  readonly maintenanceMargin: Decimal
  readonly steps: readonly LiquidationStep[]
  /** Taker fees of the closes. */
  readonly fees: Decimal
  readonly clearanceFees: Decimal
  readonly insurance: Decimal
  /** The account when it is over. */
  readonly after: { readonly account: MarginAccount; readonly equity: Decimal; readonly maintenanceMargin: Decimal }
}

/** Liquidates the cross legs of all pairs at their marks, if equity is at or below maintenance margin. `qtyStep` is asked by symbol. */
export function liquidateCross(_profile: VenueProfile, _account: MarginAccount, _qtyStep: (symbol: string) => Decimal): LiquidationPlan {
  throw new Error('not written yet')
}

/** An isolated leg at a price. */
export interface IsolatedLeg {
  readonly symbol: string
  readonly leg: Leg
  readonly position: MarginLeg
  readonly mark: Decimal
  readonly leverage: Decimal
  readonly tiers: VenueProfile['defaultTiers']
  readonly takerRate: Decimal
  readonly qtyStep: Decimal
}

/** What the liquidation of one isolated leg consists of. */
export interface IsolatedLiquidationPlan {
  readonly triggered: boolean
  /** Isolated margin plus unrealised profit, before. */
  readonly equity: Decimal
  readonly maintenanceMargin: Decimal
  readonly steps: readonly LiquidationStep[]
  readonly fees: Decimal
  readonly survived: boolean
  /** The leg when it is over. */
  readonly after: MarginLeg
}

/** Liquidates one isolated leg, if its margin and profit are at or below its maintenance margin. */
export function liquidateIsolated(_profile: VenueProfile, _leg: IsolatedLeg): IsolatedLiquidationPlan {
  throw new Error('not written yet')
}
