/**
 * Decides whether an order may be sent. The first rule that is broken denies it with a code; nothing is changed, nothing is guessed.
 * The order of the rules is the order of the pre-trade checks of SIMULATION 7.6, as far as a backtest has them.
 */
import { decimalText, type Decimal } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import { legOf, oppositeLeg, type Leg, type PositionMode } from '../domain/leg.ts'
import type { Order } from '../domain/order.ts'
import { isConditional } from '../domain/order.ts'
import type { PairOfPositions } from '../domain/position-pair.ts'
import { acceptsOpeners, allowsLeverage, tierOf } from '../domain/tiers.ts'
import { tiersOf, type VenueProfile } from '../driver/venue-profile.ts'
import type { ErrorCode } from '../errors.ts'
import type { MarketData } from '../ports/market-data.ts'
import type { SessionState } from '../state/session-state.ts'
import type { AccountMargin, TradedSymbol } from './account-margin.ts'

/** Why an order is refused. */
export interface Denial {
  readonly code: ErrorCode
  readonly found: string
  readonly expected: string
}

/** What the rules look at. */
export interface AdmissionOptions {
  readonly profile: VenueProfile
  readonly positionMode: PositionMode
  readonly state: SessionState
  readonly market: MarketData
  readonly margin: AccountMargin
  /** Openers of this leg are denied: what a run would have been without it. */
  readonly refusedLeg?: Leg
}

/** Null when the order may be sent. The order is fitted to the instrument already. */
export function admit(order: Order, traded: TradedSymbol, options: AdmissionOptions): Denial | null {
  const { instrument } = traded
  const pair = options.state.positions.pair(order.symbol)
  if (order.intent === 'close') return pricesArePositive(order) ?? somethingToClose(order, pair) ?? qtyWithinLimits(order, instrument)
  const denial = legIsTraded(order, options) ?? pricesArePositive(order) ?? qtyWithinLimits(order, instrument) ?? oneLegInOneWayMode(order, pair, options)
  if (denial !== null) return denial
  const price = order.price ?? order.trigger ?? options.market.price(order.symbol)
  return valueAboveMinimum(order, price, instrument) ?? withinTier(order, { price, pair, traded }, options) ?? withinMargin(order, price, options)
}

function legIsTraded({ leg }: Order, { refusedLeg }: AdmissionOptions): Denial | null {
  return leg === refusedLeg ? { code: 'LEG_REFUSED', found: `an opening order on the ${leg} leg`, expected: `the ${oppositeLeg(leg)} leg only` } : null
}

function pricesArePositive({ price, trigger }: Order): Denial | null {
  const wrong = price?.lte(0) === true ? price : trigger?.lte(0) === true ? trigger : undefined
  return wrong === undefined ? null : { code: 'PRICE_INVALID', found: decimalText(wrong), expected: 'a price above zero after rounding to the tick' }
}

function qtyWithinLimits({ qty, type, intent }: Order, instrument: Instrument): Denial | null {
  if (qty.lte(0) || (intent === 'open' && qty.lt(instrument.minQty))) {
    return { code: 'QTY_BELOW_MIN', found: `${decimalText(qty)} after rounding to the step`, expected: `at least ${decimalText(instrument.minQty)}` }
  }
  const most = type === 'limit' || type === 'stop-limit' || type === 'take-profit-limit' ? instrument.maxQty : instrument.maxMarketQty
  return most !== null && qty.gt(most) ? { code: 'QTY_ABOVE_MAX', found: decimalText(qty), expected: `at most ${decimalText(most)} in one ${type} order` } : null
}

function somethingToClose({ leg }: Order, pair: PairOfPositions): Denial | null {
  const { qty } = legOf(pair, leg)
  return qty.isZero() ? { code: 'NOTHING_TO_CLOSE', found: `the ${leg} leg is flat`, expected: `an open ${leg} leg` } : null
}

function oneLegInOneWayMode({ leg }: Order, pair: PairOfPositions, { positionMode }: AdmissionOptions): Denial | null {
  if (positionMode === 'hedge') return null
  const other = oppositeLeg(leg)
  const { qty } = legOf(pair, other)
  return qty.isZero() ? null : { code: 'LEG_CONFLICT', found: `${other} leg of ${decimalText(qty)} is open`, expected: 'a flat pair before the other leg opens in one-way mode' }
}

function valueAboveMinimum({ qty }: Order, price: Decimal, instrument: Instrument): Denial | null {
  const value = qty.times(price)
  return value.lt(instrument.minNotional) ? { code: 'NOTIONAL_BELOW_MIN', found: decimalText(value), expected: `at least ${decimalText(instrument.minNotional)}` } : null
}

function withinTier(order: Order, { price, pair, traded }: { readonly price: Decimal; readonly pair: PairOfPositions; readonly traded: TradedSymbol }, { profile }: AdmissionOptions): Denial | null {
  const value = legOf(pair, order.leg).qty.plus(order.qty).times(price)
  const table = tiersOf(profile, order.symbol)
  const leverage = legOf(traded.leverage, order.leg)
  if (acceptsOpeners(table, value) && allowsLeverage(table, value, leverage)) return null
  return { code: 'TIER_EXCEEDED', found: `a ${order.leg} leg of ${decimalText(value)} at leverage ${decimalText(leverage)}`, expected: `at most leverage ${decimalText(tierOf(table, value).maxLeverage)} at that value` }
}

function withinMargin(order: Order, price: Decimal, { profile, margin }: AdmissionOptions): Denial | null {
  if (isConditional(order.type) && !profile.orderMargin.beforeTrigger) return null
  if (margin.surelyCovers({ symbol: order.symbol, qty: order.qty, price })) return null
  const demand = margin.demandOf({ symbol: order.symbol, leg: order.leg, qty: order.qty, price, market: order.type === 'market' })
  const available = margin.available()
  return demand.lte(available) ? null : { code: 'INSUFFICIENT_MARGIN', found: `${decimalText(demand)} needed, ${decimalText(available)} available`, expected: 'an order that the available margin covers' }
}
