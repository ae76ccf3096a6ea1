/** The margin of the account as it stands: positions, resting openers and marks of the session, under its venue profile. */
import { doubleOf, ONE, ZERO, type Decimal } from '../domain/decimal.ts'
import { floorToStep } from '../domain/step.ts'
import type { Instrument } from '../domain/instrument.ts'
import { legOf, LEGS, type Leg, type MarginMode, type PositionMode } from '../domain/leg.ts'
import { postMoney, roundMoneyUp } from '../domain/money.ts'
import { isConditional, remainingQty, type Order, type OrderState } from '../domain/order.ts'
import { HedgerowError } from '../errors.ts'
import { unrealisedPnl, type Position } from '../domain/position.ts'
import { tiersOf, type VenueProfile } from '../driver/venue-profile.ts'
import type { MarketData } from '../ports/market-data.ts'
import type { SessionState } from '../state/session-state.ts'
import { liquidationPriceOf, liquidationPricesOf } from './liquidation-price.ts'
import type { MarginAccount, MarginOrder, MarginPair } from './margin-account.ts'
import { feeBoundOf, keepsRate, leavesMargin, lossBound, maintenanceBound, marginBoundOf, openerBound, openerLossBound, pairBound, priceFactorOf, type LegInDoubles, type PriceSpan } from './margin-bound.ts'
import { marginCurve, type MarginCurve } from './margin-curve.ts'
import { assessMargin, availableMargin, type MarginReport } from './margin-model.ts'
import { orderCost, type OrderCost } from './order-margin.ts'

/** Leverage by leg. */
export type LegLeverage = Readonly<Record<Leg, Decimal>>

/** One tradable symbol of a session. */
export interface TradedSymbol {
  readonly instrument: Instrument
  readonly leverage: LegLeverage
}

/** What the margin of an account depends on. */
export interface AccountMarginOptions {
  readonly profile: VenueProfile
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  readonly fee: { readonly maker: Decimal; readonly taker: Decimal }
  readonly symbols: ReadonlyMap<string, TradedSymbol>
  readonly state: SessionState
  readonly market: MarketData
}

/** An opener that asks what it would cost. */
export interface OpenerQuote {
  readonly symbol: string
  readonly leg: Leg
  readonly qty: Decimal
  readonly price: Decimal
  readonly market: boolean
}

/** A fill that has not happened: of an opener, at a price. */
export type SupposedFill = Omit<OpenerQuote, 'market'>

/** Answers margin questions about the session's account. */
export class AccountMargin {
  readonly #options: AccountMarginOptions
  readonly #feeBound: number
  readonly #priceFactor: number

  constructor(options: AccountMarginOptions) {
    this.#options = options
    this.#feeBound = feeBoundOf(options.profile, options.fee.taker)
    this.#priceFactor = priceFactorOf(options.profile)
  }

  /** The full report. */
  report(): MarginReport {
    return assessMargin(this.#options.profile, this.account())
  }

  /** What new orders may use. */
  available(): Decimal {
    return availableMargin(this.#options.profile, this.account())
  }

  /** Wallet plus unrealised profit at the marks, each leg rounded as the account books it. */
  equity(): Decimal {
    const { state, market, profile } = this.#options
    let equity = state.positions.wallet
    for (const position of state.positions.positions()) {
      if (!position.qty.isZero()) equity = equity.plus(postMoney(profile.money, unrealisedPnl(position, market.markPrice(position.symbol))))
    }
    return equity
  }

  /** What an opener would cost, unrounded. */
  costOf(quote: OpenerQuote): OrderCost {
    const { profile, fee, market } = this.#options
    return orderCost(profile, {
      leg: quote.leg,
      qty: quote.qty,
      price: quote.price,
      leverage: legOf(this.#symbol(quote.symbol).leverage, quote.leg),
      takerRate: fee.taker,
      mark: market.markPrice(quote.symbol),
      last: market.price(quote.symbol),
      market: quote.market,
    })
  }

  /** Cost as the venue demands it: rounded up to its money. */
  demandOf(quote: OpenerQuote): Decimal {
    return roundMoneyUp(this.#options.profile.money, this.costOf(quote).total)
  }

  /** True where upper bounds in doubles leave no doubt that the available margin covers an opener; false where decimals have to tell. */
  surelyCovers({ symbol, qty, price }: Pick<OpenerQuote, 'symbol' | 'qty' | 'price'>): boolean {
    const { state, symbols } = this.#options
    let taken = this.#openerBound(symbol, doubleOf(qty), doubleOf(price))
    for (const [each, { leverage }] of symbols) {
      const { long, short } = state.positions.pair(each)
      if (!long.qty.isZero() || !short.qty.isZero()) taken += pairBound(inDoubles(long), inDoubles(short), this.#spanOf(each), marginBoundOf(leverage, this.#feeBound))
    }
    for (const order of state.orders.live()) {
      if (order.order.intent === 'open') taken += this.#openerBound(order.order.symbol, doubleOf(remainingQty(order)), priceOf(order.order))
    }
    return leavesMargin(doubleOf(state.positions.wallet), taken)
  }

  #openerBound(symbol: string, qty: number, price: number): number {
    return openerBound({ qty, price }, this.#spanOf(symbol), { priceFactor: this.#priceFactor, marginBound: marginBoundOf(this.#symbol(symbol).leverage, this.#feeBound) })
  }

  #spanOf(symbol: string): PriceSpan {
    const { market } = this.#options
    const last = doubleOf(market.price(symbol))
    const mark = doubleOf(market.markPrice(symbol))
    return { floor: Math.min(last, mark), roof: Math.max(last, mark) }
  }

  /** The largest quantity on the step whose demand the available margin covers. */
  maxOpenQty(quote: Omit<OpenerQuote, 'qty'>): Decimal {
    const { qtyStep } = this.#symbol(quote.symbol).instrument
    const available = this.available()
    const unit = this.costOf({ ...quote, qty: ONE }).total
    if (available.lte(0) || unit.lte(0)) return ZERO
    const qty = floorToStep(available.div(unit), qtyStep)
    return this.demandOf({ ...quote, qty }).lte(available) ? qty : qty.minus(qtyStep)
  }

  /** Mark price at which a leg would be liquidated, the other symbols standing at their marks; null when flat or where there is none. */
  liquidationPrice(symbol: string, leg: Leg): Decimal | null {
    return liquidationPriceOf(this.#options.profile, this.account(), { symbol, leg })
  }

  /** The same of both legs. */
  liquidationPrices(symbol: string): Readonly<Record<Leg, Decimal | null>> {
    return liquidationPricesOf(this.#options.profile, this.account(), symbol)
  }

  /** The report as it would be if an opener had filled. */
  reportAfter(fill: SupposedFill): MarginReport {
    return assessMargin(this.#options.profile, this.#accountAfter(fill))
  }

  /**
   * True where bounds in doubles leave no doubt that the maintenance rate of {@link reportAfter} stays within a limit; false where decimals have to
   * tell, as they always have to in isolated margin.
   */
  surelyKeepsRate(fill: SupposedFill, limit: Decimal): boolean {
    const { state, symbols, profile, marginMode } = this.#options
    if (marginMode === 'isolated' || !symbols.has(fill.symbol)) return false
    let balance = doubleOf(state.positions.wallet)
    let maintenance = 0
    for (const symbol of symbols.keys()) {
      const long = this.#legAfter(symbol, 'long', fill)
      const short = this.#legAfter(symbol, 'short', fill)
      if (long.qty === 0 && short.qty === 0) continue
      const span = this.#spanOf(symbol)
      const terms = { table: tiersOf(profile, symbol), feeBound: this.#feeBound }
      balance -= lossBound(long, short, span) + long.margin + short.margin
      maintenance += maintenanceBound(long, span.roof, terms) + maintenanceBound(short, span.roof, terms)
    }
    for (const order of state.orders.live()) {
      if (order.order.intent === 'open') balance -= openerLossBound({ qty: doubleOf(remainingQty(order)), price: priceOf(order.order) }, this.#spanOf(order.order.symbol))
    }
    return keepsRate({ balance, maintenance }, doubleOf(limit))
  }

  #legAfter(symbol: string, leg: Leg, fill: SupposedFill): LegInDoubles {
    const held = inDoubles(legOf(this.#options.state.positions.pair(symbol), leg))
    if (fill.symbol !== symbol || fill.leg !== leg) return held
    const qty = doubleOf(fill.qty)
    return { qty: held.qty + qty, cost: held.cost + qty * doubleOf(fill.price), margin: held.margin }
  }

  /** The liquidation price of a leg of its symbol if an opener had filled; null when flat or where there is none. */
  liquidationPriceAfter(fill: SupposedFill, leg: Leg): Decimal | null {
    return liquidationPriceOf(this.#options.profile, this.#accountAfter(fill), { symbol: fill.symbol, leg })
  }

  #accountAfter({ symbol, leg, qty, price }: SupposedFill): MarginAccount {
    const account = this.account()
    const traded = this.#symbol(symbol)
    const pair = account.pairs.find((each) => each.symbol === symbol) ?? this.#pair(traded, [])
    const { qty: held, cost, isolatedMargin } = legOf(pair, leg)
    const own = account.marginMode === 'isolated' ? (isolatedMargin ?? ZERO).plus(qty.times(price).div(legOf(traded.leverage, leg))) : isolatedMargin
    return { ...account, pairs: [...account.pairs.filter((each) => each.symbol !== symbol), { ...pair, [leg]: { leg, qty: held.plus(qty), cost: cost.plus(qty.times(price)), isolatedMargin: own } }] }
  }

  /** The margin of a symbol's legs as a function of their price, in floats: a statistic. It holds until one of the legs changes. */
  curveOf(symbol: string): MarginCurve {
    const { profile, state, marginMode, fee } = this.#options
    const { long, short } = state.positions.pair(symbol)
    return marginCurve(profile, { marginMode, takerRate: fee.taker }, { leverage: this.#symbol(symbol).leverage, tiers: tiersOf(profile, symbol), long, short })
  }

  /** Everything that the wallet backs, as the margin model takes it. */
  account(): MarginAccount {
    const { state, positionMode, marginMode, fee, symbols } = this.#options
    const orders = this.#ordersBySymbol()
    const pairs: MarginPair[] = []
    for (const [symbol, traded] of symbols) {
      const pair = state.positions.pair(symbol)
      const open = orders.get(symbol) ?? []
      if (open.length > 0 || LEGS.some((leg) => !legOf(pair, leg).qty.isZero())) pairs.push(this.#pair(traded, open))
    }
    return { wallet: state.positions.wallet, positionMode, marginMode, takerRate: fee.taker, pairs }
  }

  #pair({ instrument, leverage }: TradedSymbol, orders: readonly MarginOrder[]): MarginPair {
    const { symbol } = instrument
    const { long, short } = this.#options.state.positions.pair(symbol)
    return { symbol, mark: this.#options.market.markPrice(symbol), leverage, tiers: tiersOf(this.#options.profile, symbol), long, short, orders }
  }

  #ordersBySymbol(): Map<string, MarginOrder[]> {
    const bySymbol = new Map<string, MarginOrder[]>()
    for (const state of this.#options.state.orders.live()) {
      const { order } = state
      if (order.intent === 'close' || !this.#reserves(state)) continue
      const list = bySymbol.get(order.symbol) ?? []
      if (list.length === 0) bySymbol.set(order.symbol, list)
      list.push(this.#marginOrder(state))
    }
    return bySymbol
  }

  #reserves({ order, triggered }: OrderState): boolean {
    return triggered || !isConditional(order.type) || this.#options.profile.orderMargin.beforeTrigger
  }

  #marginOrder(state: OrderState): MarginOrder {
    const { symbol, leg, intent, price, trigger } = state.order
    const expected = price ?? (state.triggered ? undefined : trigger) ?? this.#options.market.price(symbol)
    return { leg, intent, qty: remainingQty(state), price: expected, leverage: legOf(this.#symbol(symbol).leverage, leg) }
  }

  #symbol(symbol: string): TradedSymbol {
    const traded = this.#options.symbols.get(symbol)
    if (traded === undefined) throw unknownSymbol(symbol, this.#options.symbols)
    return traded
  }
}

/** NaN for an order that names none. */
function priceOf({ price, trigger }: Order): number {
  const named = price ?? trigger
  return named === undefined ? Number.NaN : doubleOf(named)
}

function inDoubles({ qty, cost, isolatedMargin }: Position): LegInDoubles {
  return { qty: doubleOf(qty), cost: doubleOf(cost), margin: isolatedMargin === null ? 0 : doubleOf(isolatedMargin) }
}

/** The error for a symbol that the session does not trade. */
export function unknownSymbol(symbol: string, symbols: ReadonlyMap<string, unknown>): HedgerowError {
  return new HedgerowError('UNKNOWN_SYMBOL', { found: symbol, expected: `one of ${[...symbols.keys()].join(', ')}` })
}
