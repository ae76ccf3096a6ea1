/** What is held and what rests to enlarge it, in doubles and not less than it is: the filter in front of the exact limits of amounts. */
import { doubleOf } from '../domain/decimal.ts'
import { remainingQty, type Order } from '../domain/order.ts'
import type { MarketData } from '../ports/market-data.ts'
import type { SessionState } from '../state/session-state.ts'

/** Upper bounds by limit, quote units, of an account with one opener more. */
export interface ExposureBounds {
  readonly perLeg: number
  readonly gross: number
  readonly net: number
  readonly perSymbol: number
  readonly perOrder: number
}

/** Relative error of sums of doubles, with room for thousands of orders. */
const SLACK = 1e-9

/** Measures an account with an opener beside what it has. */
export function exposureBounds({ state, market }: { readonly state: SessionState; readonly market: MarketData }, opener: Order): ExposureBounds {
  const { symbol, leg } = opener
  const perOrder = doubleOf(opener.qty) * priceOf(opener, market)
  let own = 0
  let other = 0
  let elsewhere = 0
  const add = (of: { readonly symbol: string; readonly leg: Order['leg'] }, value: number): void => {
    if (of.symbol !== symbol) elsewhere += value
    else if (of.leg === leg) own += value
    else other += value
  }
  for (const position of state.positions.positions()) if (!position.qty.isZero()) add(position, doubleOf(position.qty) * doubleOf(market.markPrice(position.symbol)))
  for (const resting of state.orders.live()) if (resting.order.intent === 'open') add(resting.order, doubleOf(remainingQty(resting)) * priceOf(resting.order, market))
  const perSymbol = own + other + perOrder
  const over = SLACK * (perSymbol + elsewhere)
  return { perLeg: own + perOrder + over, gross: perSymbol + elsewhere + over, net: own + perOrder - other + over, perSymbol: perSymbol + over, perOrder: perOrder + over }
}

function priceOf({ symbol, price, trigger }: Order, market: MarketData): number {
  return doubleOf(price ?? trigger ?? market.price(symbol))
}
