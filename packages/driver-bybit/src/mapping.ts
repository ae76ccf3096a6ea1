/** What is sent for a command: fields of the venue's own requests, all texts, from the order and the manifest. */
import { decimalText, HedgerowError, isConditional, legParams, sideOf } from '@hedgerow/core'
import type { Decimal, OrderAddress, Submission, TriggerBy, VenueAmendment, VenueValue } from '@hedgerow/core'
import { manifest } from './manifest.ts'

/** Fields of a request. */
export type Fields = Readonly<Record<string, VenueValue>>

/** The contracts that this driver knows, and what their positions settle in. */
export const CATEGORY = 'linear'
export const SETTLE_ASSET = 'USDT'

const TRIGGER_BY: Readonly<Record<TriggerBy, string>> = { last: 'LastPrice', mark: 'MarkPrice', index: 'IndexPrice' }
/** Fires when the price rises to the trigger, or falls to it. */
const RISES = 1
const FALLS = 2

/** `order/create`: the leg by its index, the intent by side and reduce-only, on every kind of order. */
export function createFields({ clientId, order, positionMode: mode }: Submission): Fields {
  const { symbol, leg, intent, type, qty, price, timeInForce, postOnly } = order
  if (!manifest.orders.types.includes(type)) throw new HedgerowError('INVARIANT_BROKEN', { where: `driver-bybit, order ${clientId}`, found: type, expected: 'an order type that the manifest lists' })
  return {
    category: CATEGORY,
    symbol,
    // A flag that is false is left out: that is what it means at the venue.
    ...withoutFalse(legParams(manifest, { mode, leg, intent })),
    orderType: type.endsWith('limit') ? 'Limit' : 'Market',
    qty: decimalText(qty),
    ...(price !== undefined && { price: decimalText(price) }),
    ...(postOnly ? { timeInForce: 'PostOnly' } : timeInForce !== 'GTC' && { timeInForce }),
    ...(isConditional(type) && triggerFields(order)),
    orderLinkId: clientId,
  }
}

/** `order/cancel`: by the venue's id where it is known, else by ours. */
export function cancelFields(address: OrderAddress): Fields {
  return { category: CATEGORY, symbol: address.symbol, ...idField(address) }
}

/** `order/amend`: only what changes. */
export function amendFields({ change, ...address }: VenueAmendment): Fields {
  return { category: CATEGORY, symbol: address.symbol, ...idField(address), ...text('qty', change.qty), ...text('price', change.price), ...text('triggerPrice', change.trigger) }
}

/**
 * A stop that buys waits for a rise, one that sells for a fall; a target the other way round. A stop-loss may take margin from other orders of
 * the contract (`closeOnTrigger`), so that it does not fail for want of it.
 */
function triggerFields({ leg, intent, type, trigger, triggerBy, role }: Submission['order']): Fields {
  const isStop = type.startsWith('stop')
  return {
    ...text('triggerPrice', trigger),
    triggerDirection: isStop === (sideOf(leg, intent) === 'buy') ? RISES : FALLS,
    ...(triggerBy !== undefined && { triggerBy: TRIGGER_BY[triggerBy] }),
    ...(role === 'stop-loss' && intent === 'close' && { closeOnTrigger: true }),
  }
}

function withoutFalse(params: Fields): Fields {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== false))
}

function idField({ clientId, venueOrderId }: OrderAddress): Fields {
  return venueOrderId === null ? { orderLinkId: clientId } : { orderId: venueOrderId }
}

function text(name: string, value: Decimal | undefined): Fields {
  return value === undefined ? {} : { [name]: decimalText(value) }
}
