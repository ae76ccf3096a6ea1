/** Margin of the account at this point, and whether it covers one more opener (SIMULATION 1.5). */
import { availableMargin, doubleOf, leavesMargin, openerBound, orderCost, pairBound, roundMoneyUp, type Decimal, type MarginAccount, type MarginOrder, type MarginPair, type PriceSpan } from '@hedgerow/core'
import type { LiveOrder } from './live-order.ts'
import { doublePrice, exactPrice, markPrice, takerPrice } from './prices.ts'
import type { Simulation } from './simulation.ts'
import type { SymbolBook } from './symbol-book.ts'

/** The account as the margin model takes it: symbols with a position or a resting opener. */
export function marginAccount(sim: Simulation): MarginAccount {
  const { marginMode, rules, markets } = sim.setup
  const pairs: MarginPair[] = []
  for (const book of sim.books) {
    const pair = pairOf(sim, book)
    if (pair !== null) pairs.push(pair)
  }
  return { wallet: sim.ledger.wallet, positionMode: markets[0]?.positionMode ?? 'hedge', marginMode, takerRate: rules.takerRate, pairs }
}

/** The account without its orders, and only the symbols that it holds. */
export function heldPairs(account: MarginAccount): MarginAccount {
  const pairs = account.pairs.filter(({ long, short }) => !long.qty.isZero() || !short.qty.isZero())
  return { ...account, pairs: pairs.map((pair) => ({ ...pair, orders: [] })) }
}

/** True when the available margin covers what is left of an opener, or when this venue leaves the question to the broker. */
export function hasMarginFor(sim: Simulation, live: LiveOrder): boolean {
  if (!sim.setup.rules.checkMargin || isPlainlyCovered(sim, live)) return true
  const { profile, rules } = sim.setup
  const { book } = live
  const limit = priceOf(live)
  const price = limit ?? takerPrice(sim, book, live.side)
  const mark = markPrice(sim, book)
  const last = exactPrice(sim, book.last)
  if (price === null || mark === null || last === null) return false
  const { leg } = live
  const cost = orderCost(profile, { leg, qty: live.remaining, price, leverage: book.market.leverage[leg], takerRate: rules.takerRate, mark, last, market: limit === undefined })
  return roundMoneyUp(profile.money, cost.total).lte(availableMargin(profile, marginAccount(sim)))
}

/** Upper bound, in floats, of the margin that an opener takes while it rests; zero for closers. The price of a market remainder moves on. */
export function reservationOf(sim: Simulation, live: LiveOrder): number {
  if (live.intent === 'close' || !sim.setup.rules.checkMargin) return 0
  return demandBound(sim, live, spanOf(sim, live.book)) * (priceOf(live) === undefined ? 2 : 1)
}

/** True only when even upper bounds of all margins leave enough. */
function isPlainlyCovered(sim: Simulation, live: LiveOrder): boolean {
  const { wallet, pairs } = sim.floats.current()
  const span = spanOf(sim, live.book)
  let taken = demandBound(sim, live, span)
  for (const book of sim.books) {
    taken += book.reserved
    const pair = pairs[book.market.index]
    if (pair?.isFlat === false) taken += pairBound(pair.long, pair.short, book === live.book ? span : spanOf(sim, book), book.market.marginBound)
  }
  return leavesMargin(wallet, taken)
}

function demandBound(sim: Simulation, live: LiveOrder, span: PriceSpan): number {
  const price = priceOf(live)
  return openerBound({ qty: doubleOf(live.remaining), price: price === undefined ? Number.NaN : doubleOf(price) }, span, { priceFactor: sim.setup.rules.priceFactor, marginBound: live.book.market.marginBound })
}

function spanOf(sim: Simulation, book: SymbolBook): PriceSpan {
  const last = doublePrice(sim, book.last)
  const mark = book.mark === book.last ? last : doublePrice(sim, book.mark)
  const roof = Math.max(last, mark)
  // Where a point has no double the exact question is asked.
  return { floor: Math.min(last, mark), roof: Number.isNaN(roof) ? Number.POSITIVE_INFINITY : roof }
}

function pairOf(sim: Simulation, book: SymbolBook): MarginPair | null {
  const { symbol, positionMode, leverage, tiers } = book.market
  const { long, short } = sim.ledger.pair(symbol)
  const orders = ordersOf(sim, book)
  const mark = orders.length > 0 || !long.qty.isZero() || !short.qty.isZero() ? markPrice(sim, book) : null
  return mark === null ? null : { symbol, mark, positionMode, leverage, tiers, long, short, orders }
}

/** Openers that reserve. What is left of a market order has no price but the mark. */
function ordersOf(sim: Simulation, book: SymbolBook): MarginOrder[] {
  const orders: MarginOrder[] = []
  for (const live of book.orders) {
    if (live.intent === 'close' || !reserves(sim, live)) continue
    const price = priceOf(live) ?? markPrice(sim, book)
    if (price !== null) orders.push({ leg: live.leg, intent: 'open', qty: live.remaining, price })
  }
  return orders
}

/** True for orders that rest; for those that wait for a trigger where the venue says so. */
function reserves({ setup }: Simulation, { stage }: LiveOrder): boolean {
  if (stage === 'limit' || stage === 'remainder') return true
  return setup.profile.orderMargin.beforeTrigger && (stage === 'trigger' || stage === 'activation' || stage === 'trailing')
}

/** The price that an order names: its limit, or while it waits its trigger. */
function priceOf({ order, fired }: LiveOrder): Decimal | undefined {
  return order.price ?? (fired ? undefined : order.trigger)
}
