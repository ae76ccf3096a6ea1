/** The type of a declared order, from its price. Orders of a leg handle say their type themselves. */
import { decimal, sideOf, type Decimal, type Intent, type Leg } from '@hedgerow/core'

/** A declared price within this fraction of the current price means "now": 0.015 %. */
const NEAR: Decimal = decimal('0.00015')
const NEAR_DOUBLE = NEAR.toNumber()

/** The types that a price can mean. */
export type PricedType = 'market' | 'limit' | 'stop-market'

/** Bound of the relative error of the doubles below: each price, the difference and the product round once. */
const DOUBLE_ERROR = 8 * Number.EPSILON

/** True when a price is so close to the current one that the order is a market order. Doubles decide unless they are within their error of the border. */
export function isNear(price: Decimal, current: Decimal): boolean {
  const a = price.toNumber()
  const b = current.toNumber()
  const beyond = Math.abs(a - b) - b * NEAR_DOUBLE
  if (Math.abs(beyond) > DOUBLE_ERROR * (Math.abs(a) + Math.abs(b))) return beyond < 0
  return price.minus(current).abs().lte(current.times(NEAR))
}

/** Of a price that is not near the current one: better than it limit, worse than it stop. */
export function typeBySide(order: { readonly price: Decimal; readonly current: Decimal; readonly leg: Leg; readonly intent: Intent }): 'limit' | 'stop-market' {
  const isBuy = sideOf(order.leg, order.intent) === 'buy'
  return order.price.lt(order.current) === isBuy ? 'limit' : 'stop-market'
}
