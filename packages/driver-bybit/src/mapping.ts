/** What is sent for a command: fields of the venue's own requests, all texts, from the order and the manifest. */
import { decimalText, HedgerowError, isConditional, sideOf } from '@hedgerow/core'
import type { Decimal, LegParams, OrderAddress, Submission, TriggerBy, VenueAmendment, VenueValue } from '@hedgerow/core'
import { manifest } from './manifest.ts'

/** Fields of a request. */
export type Fields = Readonly<Record<string, VenueValue>>

/** The contracts that this driver knows, and what their positions settle in. */
export const CATEGORY = 'linear'
export const SETTLE_ASSET = 'USDT'

/** The manifest's rows by mode, leg and intent. A flag that is false is left out: that is what it means at the venue. */
const LEG_FIELDS: ReadonlyMap<string, Fields> = new Map(manifest.legParams.map((row) => [rowKey(row), Object.fromEntries(Object.entries(row.params).filter(([, value]) => value !== false))]))
const TYPES: ReadonlySet<string> = new Set(manifest.orders.types)

const TRIGGER_BY: Readonly<Record<TriggerBy, string>> = { last: 'LastPrice', mark: 'MarkPrice', index: 'IndexPrice' }
/** Fires when the price rises to the trigger, or falls to it. */
const RISES = 1
const FALLS = 2

/** `order/create`: the leg by its index, the intent by side and reduce-only, on every kind of order. */
export function createFields({ clientId, order, positionMode: mode }: Submission): Fields {
  const { symbol, leg, intent, type, qty, price, timeInForce, postOnly } = order
  const legFields = LEG_FIELDS.get(rowKey({ mode, leg, intent }))
  if (legFields === undefined || !TYPES.has(type)) throw new HedgerowError('INVARIANT_BROKEN', { where: `driver-bybit, order ${clientId}`, found: `${type} in ${mode} mode`, expected: 'a type and a mode that the manifest lists' })
  const fields: Record<string, VenueValue> = { ...legFields, category: CATEGORY, symbol, orderType: type.endsWith('limit') ? 'Limit' : 'Market', qty: decimalText(qty), orderLinkId: clientId }
  if (price !== undefined) fields['price'] = decimalText(price)
  if (postOnly) fields['timeInForce'] = 'PostOnly'
  else if (timeInForce !== 'GTC') fields['timeInForce'] = timeInForce
  if (isConditional(type)) addTrigger(fields, order)
  return fields
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
function addTrigger(fields: Record<string, VenueValue>, { leg, intent, type, trigger, triggerBy, role }: Submission['order']): void {
  if (trigger !== undefined) fields['triggerPrice'] = decimalText(trigger)
  fields['triggerDirection'] = type.startsWith('stop') === (sideOf(leg, intent) === 'buy') ? RISES : FALLS
  if (triggerBy !== undefined) fields['triggerBy'] = TRIGGER_BY[triggerBy]
  if (role === 'stop-loss' && intent === 'close') fields['closeOnTrigger'] = true
}

function rowKey({ mode, leg, intent }: Pick<LegParams, 'mode' | 'leg' | 'intent'>): string {
  return `${mode} ${leg} ${intent}`
}

function idField({ clientId, venueOrderId }: OrderAddress): Fields {
  return venueOrderId === null ? { orderLinkId: clientId } : { orderId: venueOrderId }
}

function text(name: string, value: Decimal | undefined): Fields {
  return value === undefined ? {} : { [name]: decimalText(value) }
}
