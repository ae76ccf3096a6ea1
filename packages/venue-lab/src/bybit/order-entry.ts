/** Orders on their way in: what Bybit checks before it takes one, and what it makes of it. */
import {
  acceptsOpeners, allowsLeverage, HedgerowError, isOnStep, minDecimal, type Decimal, type Instrument, type Intent, type Leg, type OrderType, type TriggerBy,
} from '@hedgerow/core'
import type { OrderWish, VenueOrder } from '../venue/order.ts'
import { isConditional } from './order-row.ts'
import { invalid, type Params } from './params.ts'
import { BybitRefusal } from './refusal.ts'
import { CATEGORY, type BybitTerms, type PositionIdx } from './terms.ts'
import type { BybitVenue } from './venue.ts'

const MOST_CONDITIONAL = 10
const MOST_ACTIVE = 500
const CLIENT_ID = /^[A-Za-z0-9_-]{1,36}$/

/** Checks and places an order. @throws BybitRefusal */
export function createOrder(venue: BybitVenue, params: Params): VenueOrder<BybitTerms> {
  requireCategory(params)
  const instrument = venue.instrument(params.text('symbol'))
  const wish = wishOf(venue, params, instrument)
  requireFreeClientId(venue, wish.clientId)
  requireWithinCounts(venue, wish)
  if (wish.intent === 'open') requireAffordable(venue, wish, instrument)
  const order = venue.account.place(wish)
  if (order.status === 'rejected') throw new BybitRefusal(110007)
  return order
}

/** @throws BybitRefusal 10001 for another category. */
export function requireCategory(params: Params): void {
  const category = params.text('category')
  if (category !== CATEGORY) throw invalid('category', category === '' ? 'is required' : `invalid ${category}: this venue has ${CATEGORY} only`)
}

/** Changes an order. Quantity, price, trigger; never side or leg. @throws BybitRefusal */
export function amendOrder(venue: BybitVenue, params: Params): VenueOrder<BybitTerms> {
  requireCategory(params)
  const instrument = venue.instrument(params.text('symbol'))
  const order = workingOrder(venue, params, 'order not exists or too late to replace')
  const [qty, price, trigger] = [params.amount('qty'), params.price('price'), params.price('triggerPrice')]
  if (qty !== null) requireQty(qty, instrument, order.terms.orderType)
  if (price !== null) requirePrice(price, 'price', instrument)
  if (trigger !== null) requirePrice(trigger, 'triggerPrice', instrument)
  if (trigger !== null && (order.triggered || !isConditional(order))) throw new BybitRefusal(110001, 'order not exists or too late to replace')
  const change = { ...(qty === null || qty.eq(order.qty) ? {} : { qty }), ...(price === null || order.price?.eq(price) === true ? {} : { price }), ...(trigger === null || order.trigger?.eq(trigger) === true ? {} : { trigger }) }
  if (Object.keys(change).length === 0) throw new BybitRefusal(10001, 'The order remains unchanged as the parameters entered match the existing ones.')
  if (trigger !== null) requireDirection(venue, { symbol: order.symbol, trigger, direction: order.terms.triggerDirection, triggerBy: order.triggerBy ?? 'last' })
  venue.account.amend(order, change)
  return order
}

/** The working order that a request names by either id. @throws BybitRefusal 110001 */
export function workingOrder(venue: BybitVenue, params: Params, message = 'order not exists or too late to cancel'): VenueOrder<BybitTerms> {
  const [orderId, clientId, symbol] = [params.text('orderId'), params.text('orderLinkId'), params.text('symbol')]
  if (orderId === '' && clientId === '') throw invalid('orderId', 'or orderLinkId is required')
  const order = orderId === '' ? venue.account.orders.byClientId(clientId) : venue.account.orders.byVenueId(orderId)
  if (order === undefined || order.symbol !== symbol || (order.status !== 'resting' && order.status !== 'untriggered')) throw new BybitRefusal(110001, message)
  return order
}

function wishOf(venue: BybitVenue, params: Params, instrument: Instrument): OrderWish<BybitTerms> {
  const { symbol } = instrument
  const terms = termsOf(venue, params, symbol)
  const side = params.oneOf('side', ['Buy', 'Sell'])
  const { leg, intent } = legOf(venue, symbol, side, terms)
  const limit = terms.orderType === 'Limit' ? params.price('price') : null
  if (terms.orderType === 'Limit' && limit === null) throw invalid('price')
  if (limit !== null) requirePrice(limit, 'price', instrument)
  const trigger = params.price('triggerPrice')
  const triggerBy = triggerByOf(params.text('triggerBy'))
  if (trigger !== null) {
    requirePrice(trigger, 'triggerPrice', instrument)
    requireDirection(venue, { symbol, trigger, direction: terms.triggerDirection, triggerBy })
  }
  const qty = qtyOf(venue, params, { leg, intent, terms, instrument })
  return {
    symbol, leg, intent, qty, type: typeOf(side, terms, limit !== null), clientId: clientIdOf(params), origin: 'owner', terms, postOnly: terms.timeInForce === 'PostOnly',
    timeInForce: terms.orderType === 'Market' || terms.timeInForce === 'PostOnly' ? 'GTC' : terms.timeInForce,
    ...(limit === null ? {} : { price: limit }), ...(trigger === null ? {} : { trigger, triggerBy: watched(triggerBy) }),
  }
}

function termsOf(venue: BybitVenue, params: Params, symbol: string): BybitTerms {
  const orderType = params.oneOf('orderType', ['Market', 'Limit'])
  const isTriggered = params.price('triggerPrice') !== null
  const direction = params.integer('triggerDirection') ?? 0
  if (isTriggered && direction !== 1 && direction !== 2) throw invalid('triggerDirection')
  const reduceOnly = params.flag('reduceOnly')
  const [takeProfit, stopLoss] = [params.text('takeProfit'), params.text('stopLoss')]
  if (reduceOnly && (isPrice(takeProfit) || isPrice(stopLoss))) throw invalid('takeProfit', 'and stopLoss cannot be set on a reduce-only order')
  return {
    orderType, timeInForce: orderType === 'Market' ? 'IOC' : params.oneOf('timeInForce', ['GTC', 'IOC', 'FOK', 'PostOnly'], 'GTC'), positionIdx: positionIdxOf(venue, params, symbol), reduceOnly,
    closeOnTrigger: params.flag('closeOnTrigger'), triggerDirection: isTriggered && (direction === 1 || direction === 2) ? direction : 0, triggerBy: isTriggered ? triggerWord(triggerByOf(params.text('triggerBy'))) : '',
    stopOrderType: isTriggered ? 'Stop' : '', createType: 'CreateByUser', tpslMode: isPrice(takeProfit) || isPrice(stopLoss) ? params.oneOf('tpslMode', ['Full', 'Partial'], 'Full') : '',
    takeProfit: isPrice(takeProfit) ? takeProfit : '', stopLoss: isPrice(stopLoss) ? stopLoss : '', tpTriggerBy: params.text('tpTriggerBy'), slTriggerBy: params.text('slTriggerBy'), isWhole: false,
  }
}

/** The index has to be one of the mode's. */
function positionIdxOf(venue: BybitVenue, params: Params, symbol: string): PositionIdx {
  const index = params.integer('positionIdx') ?? 0
  const isHedge = venue.modeOf(symbol) === 'hedge'
  if (isHedge ? index === 1 || index === 2 : index === 0) return index as PositionIdx
  throw new BybitRefusal(10001, 'position idx not match position mode')
}

/** What side and index say about leg and intent. In one-way mode an order against the position closes it. */
function legOf(venue: BybitVenue, symbol: string, side: 'Buy' | 'Sell', { positionIdx, reduceOnly }: BybitTerms): { readonly leg: Leg; readonly intent: Intent } {
  const isBuy = side === 'Buy'
  if (positionIdx !== 0) {
    const leg = positionIdx === 1 ? 'long' : 'short'
    const intent = (leg === 'long') === isBuy ? 'open' : 'close'
    if (intent === 'open' && reduceOnly) throw new BybitRefusal(110017, venue.account.pair(symbol)[leg].qty.isZero() ? undefined : 'Reduce-only rule not satisfied')
    return { leg, intent }
  }
  const against = isBuy ? 'short' : 'long'
  const isAgainst = !venue.account.pair(symbol)[against].qty.isZero()
  return reduceOnly || isAgainst ? { leg: against, intent: 'close' } : { leg: isBuy ? 'long' : 'short', intent: 'open' }
}

/** Zero closes everything; a reduce-only order on an empty leg is refused. */
function qtyOf(venue: BybitVenue, params: Params, order: { readonly leg: Leg; readonly intent: Intent; readonly terms: BybitTerms; readonly instrument: Instrument }): Decimal {
  const { leg, intent, terms, instrument } = order
  const qty = params.amount('qty')
  if (qty === null) throw invalid('qty')
  const held = venue.account.pair(instrument.symbol)[leg].qty
  if (intent === 'close' && held.isZero()) throw new BybitRefusal(110017)
  if (qty.isZero() && terms.reduceOnly && terms.closeOnTrigger) return instrument.maxMarketQty === null ? held : minDecimal(held, instrument.maxMarketQty)
  requireQty(qty, instrument, terms.orderType)
  return qty
}

function requireQty(qty: Decimal, { qtyStep, minQty, maxQty, maxMarketQty }: Instrument, orderType: 'Market' | 'Limit'): void {
  const most = orderType === 'Market' ? maxMarketQty : maxQty
  if (qty.lt(minQty) || qty.lte(0) || !isOnStep(qty, qtyStep)) throw new BybitRefusal(10001, 'Qty invalid')
  if (most !== null && qty.gt(most)) throw new BybitRefusal(10001, 'The number of contracts exceeds maximum limit allowed: too large')
}

function requirePrice(price: Decimal, name: string, { tickSize }: Instrument): void {
  if (price.lte(0) || !isOnStep(price, tickSize)) throw invalid(name)
}

/** A trigger lies ahead of the price in the direction that is named. The texts print prices times ten thousand. */
function requireDirection(venue: BybitVenue, order: { readonly symbol: string; readonly trigger: Decimal; readonly direction: 0 | 1 | 2; readonly triggerBy: TriggerBy }): void {
  const { symbol, trigger, direction, triggerBy } = order
  const current = triggerBy === 'last' ? venue.account.exchange.priceOf(symbol) : venue.account.exchange.markOf(symbol)
  if (current === null) return
  const texts = `trigger_price[${scaled(trigger)}]`
  const source = `current[${scaled(current)}]??${triggerWord(triggerBy)}`
  if (direction === 1 && trigger.lte(current)) throw new BybitRefusal(110092, `expect Rising, but ${texts} <= ${source}`)
  if (direction === 2 && trigger.gte(current)) throw new BybitRefusal(110093, `expect Falling, but ${texts} >= ${source}`)
}

function scaled(price: Decimal): string {
  return price.times('10000').toFixed(0)
}

function typeOf(side: 'Buy' | 'Sell', { triggerDirection }: BybitTerms, isLimit: boolean): OrderType {
  if (triggerDirection === 0) return isLimit ? 'limit' : 'market'
  const isStop = (side === 'Buy') === (triggerDirection === 1)
  return `${isStop ? 'stop' : 'take-profit'}-${isLimit ? 'limit' : 'market'}`
}

function clientIdOf(params: Params): string {
  const clientId = params.text('orderLinkId')
  if (clientId !== '' && !CLIENT_ID.test(clientId)) throw invalid('orderLinkId')
  return clientId
}

function requireFreeClientId(venue: BybitVenue, clientId: string): void {
  if (clientId !== '' && venue.account.orders.byClientId(clientId) !== undefined) throw new BybitRefusal(110072)
}

function requireWithinCounts(venue: BybitVenue, wish: OrderWish<BybitTerms>): void {
  const working = venue.account.orders.working(wish.symbol)
  const conditional = working.filter((order) => order.status === 'untriggered' && order.origin === 'owner')
  if (isConditional(wish)) {
    if (conditional.length >= MOST_CONDITIONAL) throw new BybitRefusal(110009)
  } else if (working.length - conditional.length >= MOST_ACTIVE) throw new BybitRefusal(110020)
}

/** Smallest value, and the risk limit of the leverage. */
function requireAffordable(venue: BybitVenue, { symbol, leg, qty, price, trigger }: OrderWish<BybitTerms>, instrument: Instrument): void {
  const { account } = venue
  const assumed = price ?? trigger ?? account.exchange.priceOf(symbol)
  if (assumed === null) throw new HedgerowError('INVARIANT_BROKEN', { where: `order entry ${symbol}`, found: 'no price yet', expected: 'a market that has begun' })
  if (qty.times(assumed).lt(instrument.minNotional)) throw new BybitRefusal(110094)
  const table = account.desk.tiers(symbol)
  const value = account.pair(symbol)[leg].qty.plus(qty).times(assumed)
  if (!acceptsOpeners(table, value) || !allowsLeverage(table, value, account.desk.leverage(symbol)[leg])) throw new BybitRefusal(110090)
}

/** The venue's word for a trigger source, read. */
export function triggerByOf(text: string): TriggerBy {
  if (text === 'MarkPrice') return 'mark'
  if (text === 'IndexPrice') return 'index'
  if (text === '' || text === 'LastPrice') return 'last'
  throw invalid('triggerBy')
}

/** The lab has no index prices: the mark stands in for them. */
export function watched(triggerBy: TriggerBy): TriggerBy {
  return triggerBy === 'index' ? 'mark' : triggerBy
}

function triggerWord(triggerBy: TriggerBy): string {
  if (triggerBy === 'last') return 'LastPrice'
  return triggerBy === 'mark' ? 'MarkPrice' : 'IndexPrice'
}

function isPrice(text: string): boolean {
  return text !== '' && Number(text) !== 0
}
