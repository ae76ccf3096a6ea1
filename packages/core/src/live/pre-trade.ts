/**
 * The checks of SIMULATION 7.6 that a live session makes beside those of every session, in their order. They read journalled state and the
 * time of the event that is handled, so a replay denies what was denied. A closer is never held back by what protects against opening.
 */
import { decimalText, doubleOf, ONE, ZERO, type Decimal } from '../domain/decimal.ts'
import { LEGS, oppositeLeg, sideOf } from '../domain/leg.ts'
import { isConditional, remainingQty, type Order } from '../domain/order.ts'
import { MINUTE_MS, type TimeMs } from '../domain/time.ts'
import type { AccountMargin } from '../broker/account-margin.ts'
import type { Denial } from '../broker/admission.ts'
import type { PreTradeChecks } from '../broker/session-broker.ts'
import type { DriverManifest } from '../driver/manifest.ts'
import type { ErrorCode } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { MarketData } from '../ports/market-data.ts'
import type { SessionState } from '../state/session-state.ts'
import { exposureBounds, type ExposureBounds } from './exposure.ts'
import { marginChecks } from './margin-checks.ts'
import type { TradingGate } from './trading-gate.ts'

/** What may be held and ordered, quote units; null for no limit. Values count at mark prices, resting openers included. */
export interface LiveLimits {
  /** All legs of all symbols together. */
  readonly gross: Decimal | null
  /** One leg of one symbol. */
  readonly perLeg: Decimal | null
  /** Long minus short of one symbol, by magnitude. */
  readonly net: Decimal | null
  /** Both legs of one symbol together. */
  readonly perSymbol: Decimal | null
  /** One order. */
  readonly perOrder: Decimal | null
  /** Loss of equity since UTC midnight at which trading is switched off. */
  readonly dailyLoss: Decimal | null
  /** Largest distance of an opener's price from the mark, a fraction; of one at market, that of the last price. */
  readonly priceBand: Decimal | null
  readonly ordersPerMinute: number | null
  /** Largest maintenance margin over margin balance once an opener has filled. */
  readonly marginRate: Decimal | null
  /** Smallest distance of the mark from the liquidation prices of its symbol once an opener has filled, a fraction. */
  readonly liquidationDistance: Decimal | null
  /** Openers have to bring a stop along. */
  readonly requireStop: boolean
}

/** What the checks read. */
export interface PreTradeOptions {
  readonly gate: TradingGate
  readonly limits: LiveLimits
  readonly manifest: DriverManifest
  readonly state: SessionState
  readonly market: MarketData
  readonly margin: AccountMargin
  readonly clock: Clock
}

type Check = (order: Order) => Denial | null

/** Makes the checks of one session. */
export function preTradeChecks(options: PreTradeOptions): PreTradeChecks {
  const rate = rateCheck(options)
  const first: readonly Check[] = [gateCheck(options), capabilityCheck(options), rate]
  const then: readonly Check[] = [bandCheck(options), countCheck(options), limitCheck(options), ...marginChecks(options), stopCheck(options), crossingCheck(options)]
  const run = (checks: readonly Check[], order: Order): Denial | null => {
    for (const check of checks) {
      const denial = check(order)
      if (denial !== null) return denial
    }
    return null
  }
  return { before: (order) => run(first, order), after: (order) => run(then, order) }
}

function gateCheck({ gate }: PreTradeOptions): Check {
  return ({ intent, symbol }) => {
    if (intent === 'close' || gate.isOpenFor(symbol)) return null
    if (gate.isAt('pause')) return { code: 'TRADING_KILLED', found: `level ${gate.level} by ${gate.cause?.name ?? '?'}: ${gate.cause?.reason ?? '?'}`, expected: 'the level running' }
    const closed: readonly (readonly [ErrorCode, ReturnType<TradingGate['haltsOf']>])[] = [['SYMBOL_HALTED', gate.haltsOf(symbol)], ['TRADING_HELD', gate.holds]]
    for (const [code, [first]] of closed) if (first !== undefined) return { code, found: `${first.name}: ${first.reason}`, expected: 'nothing that holds trading' }
    return null
  }
}

function capabilityCheck({ manifest }: PreTradeOptions): Check {
  const { types, timeInForce, postOnly, triggerBy } = manifest.orders
  const lackOf = ({ type, timeInForce: force, postOnly: isMaker, triggerBy: by, bracket }: Order): string | null => {
    if (!types.includes(type)) return `${type} order`
    // Its entry would fill, and the leg stand without the stop that was meant for it.
    if (bracket?.trailing !== undefined && !types.includes('trailing-stop')) return 'trailing stop beside an entry'
    if (!timeInForce.includes(force)) return `time in force ${force}`
    if (isMaker && !postOnly) return 'post-only order'
    return by === undefined || triggerBy.includes(by) ? null : `trigger by ${by}`
  }
  return (order) => {
    const lack = lackOf(order)
    return lack === null ? null : { code: 'MODE_UNSUPPORTED', found: `a ${lack}`, expected: `what driver ${manifest.name} declares` }
  }
}

/** Counts openers only: a closer always goes. */
function rateCheck({ limits: { ordersPerMinute }, clock }: PreTradeOptions): Check {
  let sent: TimeMs[] = []
  return ({ intent }) => {
    if (ordersPerMinute === null || intent === 'close') return null
    const now = clock.now()
    sent = sent.filter((at) => at > now - MINUTE_MS)
    if (sent.length >= ordersPerMinute) return { code: 'ORDER_RATE_EXCEEDED', found: `${sent.length} openers within a minute`, expected: `at most ${ordersPerMinute}` }
    sent.push(now)
    return null
  }
}

/** More than the doubles of a fraction near one can be off. */
const ROUNDING = 1e-12

/** Doubles decide where they leave no doubt. */
function bandCheck({ limits: { priceBand }, market }: PreTradeOptions): Check {
  return ({ intent, symbol, price: limit, type }) => {
    if (priceBand === null || intent === 'close' || isConditional(type)) return null
    const price = limit ?? market.price(symbol)
    const mark = market.markPrice(symbol)
    if (Math.abs(doubleOf(price) / doubleOf(mark) - 1) < doubleOf(priceBand) - ROUNDING) return null
    const distance = price.div(mark).minus(ONE).abs()
    return distance.lte(priceBand) ? null : { code: 'PRICE_OUT_OF_BAND', found: `${decimalText(price)} with the mark at ${decimalText(mark)}`, expected: `within ${decimalText(priceBand.times('100'))} % of the mark` }
  }
}

function countCheck({ manifest, state }: PreTradeOptions): Check {
  const { maxOpenPerSymbol, maxConditionalPerSymbol } = manifest.orders
  return (order) => {
    const { symbol, intent } = order
    const isStop = takesStop(order)
    const most = isStop ? maxConditionalPerSymbol : maxOpenPerSymbol
    if (most === null) return null
    let count = 0
    for (const live of state.orders.live()) {
      if (live.order.symbol !== symbol) continue
      // Stops that are still to come have their place before further openers, and not before a stop that is wanted now.
      const takes = intent === 'open' && live.order.intent === 'open' ? live.filledQty.isZero() && takesStop(live.order) : isConditional(live.order.type)
      if (takes === isStop) count++
    }
    return count < most ? null : { code: 'TOO_MANY_ORDERS', found: `${count} ${isStop ? 'conditional ' : ''}orders of ${symbol}${isStop && intent === 'open' ? ', with the stops that openers bring along' : ''}`, expected: `at most ${most}` }
  }
}

/** True for an order that is conditional, or brings a stop along once it fills: where that one would find no place, the leg would stand without. */
function takesStop({ type, bracket }: Order): boolean {
  return isConditional(type) || bracket?.stopLoss !== undefined
}

/** Amounts in doubles come first: where one is within its limit beyond doubt, it is not asked for exactly. */
function limitCheck(options: PreTradeOptions): Check {
  const { limits, state, market } = options
  const valueOf = (order: Order): Decimal => order.qty.times(order.price ?? order.trigger ?? market.price(order.symbol))
  const held = (symbol: string, leg: Order['leg']): Decimal => committed(options, symbol, leg)
  const both = (symbol: string): Decimal => held(symbol, 'long').plus(held(symbol, 'short'))
  const measures: Readonly<Record<keyof ExposureBounds, (order: Order) => Decimal>> = {
    perLeg: (order) => held(order.symbol, order.leg).plus(valueOf(order)),
    gross: (order) => symbolsOf(state).reduce((sum, symbol) => (symbol === order.symbol ? sum : sum.plus(both(symbol))), both(order.symbol)).plus(valueOf(order)),
    net: (order) => held(order.symbol, order.leg).plus(valueOf(order)).minus(held(order.symbol, oppositeLeg(order.leg))),
    perSymbol: (order) => both(order.symbol).plus(valueOf(order)),
    perOrder: valueOf,
  }
  const rows = LIMITED.flatMap((name) => (limits[name] === null ? [] : [{ name, limit: limits[name], most: doubleOf(limits[name]) }]))
  return (order) => {
    if (order.intent === 'close' || rows.length === 0) return null
    const bounds = exposureBounds(options, order)
    for (const { name, limit, most } of rows) {
      if (bounds[name] < most) continue
      const value = measures[name](order)
      if (value.gt(limit)) return { code: 'LIMIT_EXCEEDED', found: `${decimalText(value.toDecimalPlaces(2))} with limits.${name}`, expected: `at most ${decimalText(limit)}` }
    }
    return null
  }
}

/** The limits of amounts, in the order in which they are checked. */
const LIMITED = ['perLeg', 'gross', 'net', 'perSymbol', 'perOrder'] as const

/** What a leg holds at the mark, and what rests to enlarge it. */
function committed({ state, market }: PreTradeOptions, symbol: string, leg: Order['leg']): Decimal {
  const { qty } = state.positions.pair(symbol)[leg]
  let value = qty.isZero() ? ZERO : qty.times(market.markPrice(symbol))
  for (const resting of state.orders.liveOf(symbol, leg)) {
    const { order } = resting
    if (order.intent === 'open') value = value.plus(remainingQty(resting).times(order.price ?? order.trigger ?? market.price(symbol)))
  }
  return value
}

function symbolsOf(state: SessionState): readonly string[] {
  const symbols = new Set(state.positions.positions().map(({ symbol }) => symbol))
  for (const { order } of state.orders.live()) symbols.add(order.symbol)
  return [...symbols]
}

function stopCheck({ limits: { requireStop } }: PreTradeOptions): Check {
  return ({ intent, bracket }) => {
    if (!requireStop || intent === 'close' || bracket?.stopLoss !== undefined || bracket?.trailing !== undefined) return null
    return { code: 'LIMIT_EXCEEDED', found: 'an opener without a stop', expected: 'a stopLoss or trailing beside it, as limits.requireStop asks' }
  }
}

/** An opener that would meet a resting order of our own; a closer always goes. */
function crossingCheck({ state, market }: PreTradeOptions): Check {
  return (order) => {
    if (order.intent === 'close' || isConditional(order.type)) return null
    const side = sideOf(order.leg, order.intent)
    const price = order.price ?? market.price(order.symbol)
    for (const leg of LEGS) {
      for (const { order: resting } of state.orders.liveOf(order.symbol, leg)) {
        if (resting.type !== 'limit' || resting.price === undefined || sideOf(leg, resting.intent) === side) continue
        const crosses = side === 'buy' ? price.gte(resting.price) : price.lte(resting.price)
        if (crosses && order.type === 'limit') return { code: 'PRICE_OUT_OF_BAND', found: `${side} at ${decimalText(price)} against our own order ${resting.id} at ${decimalText(resting.price)}`, expected: 'a price that does not meet own orders' }
      }
    }
    return null
  }
}
