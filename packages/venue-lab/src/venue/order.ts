/** An order as the venue keeps it: from its arrival on, whatever became of it. */
import type { CancelReason, Decimal, ErrorCode, Intent, Leg, OrderId, OrderType, Side, TimeInForce, TimeMs, Trailing, TriggerBy } from '@hedgerow/core'

/** Who asked for an order: its owner, or the venue on behalf of a setting of the position. */
export type OrderOrigin = 'owner' | 'position'

/** What somebody asks the venue for. */
export interface OrderWish<Terms> {
  readonly symbol: string
  readonly leg: Leg
  readonly intent: Intent
  readonly type: OrderType
  readonly qty: Decimal
  readonly price?: Decimal
  readonly trigger?: Decimal
  readonly triggerBy?: TriggerBy
  readonly trailing?: Trailing
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  /** Empty when the owner gave none. */
  readonly clientId: string
  readonly origin: OrderOrigin
  /** What else the venue's protocol says about the order, given back as it came. */
  readonly terms: Terms
}

/** `untriggered` waits for its trigger; `resting` is in the book, or on its way through it. */
export type VenueOrderStatus = 'untriggered' | 'resting' | 'filled' | 'canceled' | 'rejected'

/** The venue's record. Only the account writes it. */
export interface VenueOrder<Terms> extends OrderWish<Terms> {
  /** Number at the matching core. */
  readonly number: OrderId
  /** The venue's id. */
  readonly venueId: string
  readonly side: Side
  qty: Decimal
  price?: Decimal
  trigger?: Decimal
  terms: Terms
  status: VenueOrderStatus
  /** True once the trigger has fired. */
  triggered: boolean
  filledQty: Decimal
  filledValue: Decimal
  fees: Decimal
  /** Gross profit of what it closed. */
  realised: Decimal
  /** Why it ended, other than by filling. */
  reason: CancelReason | ErrorCode | null
  readonly createdAt: TimeMs
  updatedAt: TimeMs
  /** Last price when it arrived. */
  readonly lastOnArrival: Decimal | null
}

/** True while it may still fill. */
export function isWorking({ status }: Pick<VenueOrder<unknown>, 'status'>): boolean {
  return status === 'untriggered' || status === 'resting'
}

/** What may still fill. */
export function leavesOf({ qty, filledQty }: Pick<VenueOrder<unknown>, 'qty' | 'filledQty'>): Decimal {
  return qty.minus(filledQty)
}
