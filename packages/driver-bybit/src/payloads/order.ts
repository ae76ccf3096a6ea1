/** Orders, as `order/realtime`, `order/history` and the `order` topic show them. */
import type { Intent, Leg, OrderReport, OrderType, Side, TriggerBy, VenueOrderStatus } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { moment, priceOrNull, quantity, textOrNull } from './fields.ts'

/** Every status of the venue. `Triggered` lasts for a moment; `PartiallyFilledCanceled` is of spot alone. */
const STATUS: Readonly<Record<string, VenueOrderStatus>> = {
  New: 'open', Untriggered: 'open', Triggered: 'triggered', PartiallyFilled: 'partially-filled', Filled: 'filled',
  Cancelled: 'canceled', Deactivated: 'canceled', PartiallyFilledCanceled: 'canceled', Rejected: 'rejected',
}
const TRIGGER_BY: Readonly<Record<string, TriggerBy>> = { LastPrice: 'last', MarkPrice: 'mark', IndexPrice: 'index' }
/** Words of the venue for no reason. */
const NO_REASON: ReadonlySet<string> = new Set(['EC_NoError', 'UNKNOWN'])

const schema = z.object({
  symbol: z.string().min(1),
  orderId: z.string().min(1),
  orderLinkId: textOrNull,
  side: z.enum(['Buy', 'Sell']),
  positionIdx: z.literal([0, 1, 2]),
  orderType: z.enum(['Market', 'Limit']),
  orderStatus: z.string().refine((status) => Object.hasOwn(STATUS, status), 'expected a known order status'),
  stopOrderType: textOrNull,
  triggerDirection: z.union([z.int(), z.literal('')]).nullish(),
  triggerPrice: priceOrNull,
  triggerBy: textOrNull,
  reduceOnly: z.boolean(),
  qty: quantity,
  cumExecQty: quantity,
  price: priceOrNull,
  rejectReason: textOrNull,
  cancelType: textOrNull,
  updatedTime: moment,
})

type Row = z.infer<typeof schema>

/** Reads one order. */
export const orderReport: z.ZodType<OrderReport> = schema.transform((row): OrderReport => {
  const side: Side = row.side === 'Buy' ? 'buy' : 'sell'
  const leg = legOf(row.positionIdx)
  return {
    type: 'order',
    at: row.updatedTime,
    symbol: row.symbol,
    leg,
    intent: row.reduceOnly ? 'close' : intentOf(leg, side),
    side,
    clientId: row.orderLinkId,
    venueOrderId: row.orderId,
    status: statusOf(row),
    orderType: orderTypeOf(row),
    qty: row.qty,
    filledQty: row.cumExecQty,
    price: row.orderType === 'Limit' ? row.price : null,
    trigger: row.triggerPrice,
    triggerBy: row.triggerPrice === null ? null : TRIGGER_BY[row.triggerBy ?? ''] ?? null,
    sequence: null,
    reason: [row.rejectReason, row.cancelType].find((reason) => reason !== null && !NO_REASON.has(reason)) ?? null,
  }
})

/** The leg of an index: 1 is the long, 2 the short, 0 is one-way and says nothing. */
function legOf(positionIdx: 0 | 1 | 2): Leg | null {
  return positionIdx === 0 ? null : positionIdx === 1 ? 'long' : 'short'
}

/** Without the flag, leg and side say it; in one-way mode nothing does. */
function intentOf(leg: Leg | null, side: Side): Intent | null {
  if (leg === null) return null
  return (leg === 'long') === (side === 'buy') ? 'open' : 'close'
}

/** A conditional order that is `New` has fired and rests. */
function statusOf(row: Row): VenueOrderStatus {
  if (row.orderStatus === 'New' && row.triggerPrice !== null) return 'triggered'
  return STATUS[row.orderStatus] ?? 'open'
}

/** Direction 1 fires on a rise, 2 on a fall; which of the two kinds that is depends on the side. Null for kinds that Hedgerow does not place. */
function orderTypeOf({ orderType, side, stopOrderType, triggerPrice, triggerDirection }: Row): OrderType | null {
  const ending = orderType === 'Market' ? 'market' : 'limit'
  if (stopOrderType === 'TrailingStop') return 'trailing-stop'
  if (triggerPrice === null) return ending
  if (triggerDirection !== 1 && triggerDirection !== 2) return null
  return (triggerDirection === 1) === (side === 'Buy') ? `stop-${ending}` : `take-profit-${ending}`
}
