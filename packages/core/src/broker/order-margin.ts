/** Margin of resting orders that open, and the price of a new one (SIMULATION 1.5). Closers never reserve. */
import { maxDecimal, minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import { legOf, legSign, LEGS, type Leg } from '../domain/leg.ts'
import { postMoney } from '../domain/money.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { openingMargin } from '../state/position-fold.ts'
import type { MarginAccount, MarginOrder, MarginPair } from './margin-account.ts'

/** The quantity of an order that reserves margin. */
export interface ChargedOrder {
  readonly order: MarginOrder
  readonly qty: Decimal
}

type Book = Pick<MarginAccount, 'positionMode' | 'takerRate'>

/**
 * The openers of a pair with the quantity that reserves margin. Hedge: all of it. One-way with `beyond-position`: the position frees that
 * quantity of the opposite orders, in list order [P].
 */
export function chargedOrders(profile: VenueProfile, account: Book, pair: MarginPair): readonly ChargedOrder[] {
  const openers = pair.orders.filter((order) => order.intent === 'open')
  if (modeOf(account, pair) === 'hedge' || profile.orderMargin.oneWay !== 'beyond-position') return openers.map((order) => ({ order, qty: order.qty }))
  const free: Record<Leg, Decimal> = { long: pair.short.qty, short: pair.long.qty }
  return openers.map((order) => {
    const freed = minDecimal(free[order.leg], order.qty)
    free[order.leg] = free[order.leg].minus(freed)
    return { order, qty: order.qty.minus(freed) }
  })
}

function modeOf(account: Book, pair: MarginPair): MarginAccount['positionMode'] {
  return pair.positionMode ?? account.positionMode
}

/** Initial margin of the resting orders of a pair. */
export function orderMargin(profile: VenueProfile, account: Book, pair: MarginPair): Decimal {
  if (pair.orders.length === 0) return ZERO
  const charged = chargedOrders(profile, account, pair)
  const margin = modeOf(account, pair) === 'hedge' ? HEDGE[profile.orderMargin.hedge] : ONE_WAY[profile.orderMargin.oneWay]
  return margin(profile, account, pair, charged)
}

/** What the charged quantities would lose if they filled at once: `sum of min(0, side x (mark - price) x qty)`, at most zero [D]. */
export function orderLoss(profile: VenueProfile, account: Book, pair: MarginPair): Decimal {
  if (!profile.orderMargin.orderLoss || pair.orders.length === 0) return ZERO
  return chargedOrders(profile, account, pair).reduce((sum, { order, qty }) => sum.plus(lossAt(order.leg, order.price, pair.mark).times(qty)), ZERO)
}

type OrderMarginFormula = (profile: VenueProfile, account: Book, pair: MarginPair, charged: readonly ChargedOrder[]) => Decimal

const HEDGE: Record<VenueProfile['orderMargin']['hedge'], OrderMarginFormula> = {
  'sum-of-orders': (profile, account, pair, charged) =>
    charged.reduce((sum, one) => sum.plus(postMoney(profile.money, reserveOf(profile, account, pair, one))), ZERO),
  'sum-of-legs': (profile, account, pair, charged) =>
    LEGS.reduce((sum, leg) => sum.plus(postMoney(profile.money, reserveOfLeg(profile, account, pair, charged, leg))), ZERO),
}

const ONE_WAY: Record<VenueProfile['orderMargin']['oneWay'], OrderMarginFormula> = {
  exposure: (profile, _account, pair, charged) => {
    const net = pair.long.qty.minus(pair.short.qty).times(pair.mark)
    const withBids = net.plus(valueOf(charged, 'long')).abs()
    const withAsks = net.minus(valueOf(charged, 'short')).abs()
    const beyond = maxDecimal(withBids, withAsks).minus(net.abs())
    return postMoney(profile.money, beyond.div(pair.leverage.long))
  },
  'beyond-position': (profile, account, pair, charged) => largerSide(profile, account, pair, charged),
  'larger-side': (profile, account, pair, charged) => largerSide(profile, account, pair, charged),
}

function largerSide(profile: VenueProfile, account: Book, pair: MarginPair, charged: readonly ChargedOrder[]): Decimal {
  const [long, short] = LEGS.map((leg) => charged.reduce((sum, one) => (one.order.leg === leg ? sum.plus(reserveOf(profile, account, pair, one)) : sum), ZERO))
  return postMoney(profile.money, maxDecimal(long ?? ZERO, short ?? ZERO))
}

function reserveOf(profile: VenueProfile, account: Book, pair: MarginPair, { order, qty }: ChargedOrder): Decimal {
  return reserve({ leg: order.leg, value: qty.times(order.price), leverage: order.leverage ?? legOf(pair.leverage, order.leg), takerRate: account.takerRate, fees: profile.orderMargin.fees })
}

/** The values of a leg are summed before they are divided: one rounding a leg. */
function reserveOfLeg(profile: VenueProfile, account: Book, pair: MarginPair, charged: readonly ChargedOrder[], leg: Leg): Decimal {
  const value = valueOf(charged, leg)
  return value.isZero() ? ZERO : reserve({ leg, value, leverage: legOf(pair.leverage, leg), takerRate: account.takerRate, fees: profile.orderMargin.fees })
}

/** `v/leverage`, with fees `+ v x taker + v x (1 -/+ 1/leverage) x taker` [P MAR-020]. */
function reserve(input: { readonly leg: Leg; readonly value: Decimal; readonly leverage: Decimal; readonly takerRate: Decimal; readonly fees: boolean }): Decimal {
  const margin = openingMargin({ ...input, closeFeeReserve: input.fees })
  return input.fees ? margin.plus(input.value.times(input.takerRate)) : margin
}

function valueOf(charged: readonly ChargedOrder[], leg: Leg): Decimal {
  return charged.reduce((sum, { order, qty }) => (order.leg === leg ? sum.plus(qty.times(order.price)) : sum), ZERO)
}

/** Per unit, at most zero. */
function lossAt(leg: Leg, price: Decimal, mark: Decimal): Decimal {
  const gain = legSign(leg) === 1 ? mark.minus(price) : price.minus(mark)
  return gain.lt(0) ? gain : ZERO
}

/** What one order costs before it rests; unrounded. */
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
  /** Limit price, or for a market order the price on the other side of the book. */
  readonly price: Decimal
  readonly leverage: Decimal
  readonly takerRate: Decimal
  readonly mark: Decimal
  /** Last traded price; without it the order price is assumed. */
  readonly last?: Decimal
  /** True for an order that takes whatever price there is. */
  readonly market?: boolean
}

/**
 * The cost of an opener under the profile: margin at the assumed price, fees where the venue reserves them, and the loss at once where it
 * counts. Admitted when `roundMoneyUp(money, total) <= available`. A long limit of 1 at 50,000 and 10x with both fees of 0.055 % costs 5,052.25 [P].
 */
export function orderCost(profile: VenueProfile, order: OrderCostInput): OrderCost {
  const rules = profile.orderMargin
  const value = order.qty.times(assumedPrice(rules, order))
  const initialMargin = value.div(order.leverage)
  const openFee = rules.fees ? value.times(order.takerRate) : ZERO
  const reserved = rules.fees ? openingMargin({ leg: order.leg, value, leverage: order.leverage, takerRate: order.takerRate, closeFeeReserve: true }) : initialMargin
  const openLoss = rules.openLoss ? lossAt(order.leg, order.price, order.mark).abs().times(order.qty) : ZERO
  return { initialMargin, openFee, closeFee: reserved.minus(initialMargin), openLoss, total: reserved.plus(openFee).plus(openLoss) }
}

/** The price that a venue assumes for a new order [P MAR-018/019]; market orders [A C8]. */
function assumedPrice(rules: VenueProfile['orderMargin'], order: OrderCostInput): Decimal {
  const { last, price, mark } = order
  if (order.leg === 'long') return order.market === true ? price.times(rules.marketPriceFactor) : price
  if (rules.shortPriceFactor === null || last === undefined) return price
  return maxDecimal(maxDecimal(last.times(rules.shortPriceFactor), mark), price)
}
