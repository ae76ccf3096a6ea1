/** Orders and reasons in words. */
import { sideOf, type CancelReason } from '@hedgerow/core'
import type { RecordedOrder } from './recorded-run.ts'

/** `opens long 0.24 ETHUSDT, limit 1640.75` */
export function orderText({ intent, leg, qty, symbol, type, price, trigger, trailing }: RecordedOrder): string {
  const at = [...(trigger === undefined ? [] : [`trigger ${trigger}`]), ...(price === undefined ? [] : [`limit ${price}`]), ...(trailing === undefined ? [] : [trailingText(trailing)])]
  const kind = type === 'limit' ? '' : `${type}${at.length > 0 ? ', ' : ''}`
  return `${intent}s ${leg} ${qty} ${symbol}, ${kind}${at.join(', ')}`
}

/** `rung-1 of HedgeGrid, entry, post-only` */
export function ownerText({ tag, strategy, role, postOnly, timeInForce }: RecordedOrder): string {
  return [`${tag === undefined ? '' : `${tag} of `}${strategy}`, role, ...(postOnly ? ['post-only'] : []), ...(timeInForce === 'GTC' ? [] : [timeInForce])].join(', ')
}

function trailingText({ distance, distanceRatio, activation }: NonNullable<RecordedOrder['trailing']>): string {
  return `${distance ?? `${Number(distanceRatio) * 100} %`} behind the best price${activation === undefined ? '' : ` from ${activation} on`}`
}

/** The side of an order: what it does to the market, whichever leg it is for. */
export function buys({ leg, intent }: Pick<RecordedOrder, 'leg' | 'intent'>): boolean {
  return sideOf(leg, intent) === 'buy'
}

/** True for an order that fires, or fills, when the price falls to its level. */
export function waitsForFall(order: RecordedOrder, level: 'price' | 'trigger'): boolean {
  const falls = level === 'price' || order.type.startsWith('take-profit') ? buys(order) : !buys(order)
  return falls
}

/** Why the rest of an order did not fill. */
export const REASONS: Readonly<Record<CancelReason, string>> = {
  venue: 'the venue took it back by itself, or no longer knew it',
  requested: 'the strategy took it back: by cancel(), by another list or tag, or because a resting declared entry lives for one bar (shouldCancelEntry)',
  oco: 'an alternative of its group had filled',
  'position-closed': 'its leg was flat: there was nothing left to close',
  'reduce-only-clipped': 'it had closed all that its leg held',
  'reduce-only-no-position': 'its leg was flat when it came to fill',
  'post-only-would-take': 'it was post-only and could have traded on arrival',
  'ioc-remainder': 'it was immediate-or-cancel: what it did not get at once was cancelled',
  'not-marketable': 'it was immediate, and could not trade on arrival',
  fok: 'it was fill-or-kill, and could not fill whole',
  liquidation: 'its account or leg was liquidated',
  adl: 'a leg of its symbol was closed by auto-deleveraging, and the venue cancelled the orders of the symbol',
  'insufficient-margin': 'it would have opened, and the margin no longer covered it',
  'leg-conflict': 'in one-way mode the other leg had opened',
  expired: 'its time was over',
  'self-trade': 'it would have traded with another order of the same account',
  'end-of-run': 'the run ended',
}

/** A reason in words; one that this version does not know stays as it is. */
export function reasonText(reason: string): string {
  return reason in REASONS ? REASONS[reason as CancelReason] : reason
}
