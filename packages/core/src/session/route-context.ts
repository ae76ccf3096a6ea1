/** What one route's strategy can read: every value is that of this moment, and none of the future. */
import type { AccountMargin, TradedSymbol } from '../broker/account-margin.ts'
import { unknownSymbol } from '../broker/account-margin.ts'
import type { CandleSeries } from '../domain/candle-series.ts'
import { ZERO, type Decimal } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { Leg, MarginMode, PositionMode } from '../domain/leg.ts'
import type { OrderId, OrderState } from '../domain/order.ts'
import type { PairOfPositions } from '../domain/position-pair.ts'
import type { TimeMs } from '../domain/time.ts'
import type { Trade } from '../domain/trade.ts'
import type { MarginReport } from '../broker/margin-model.ts'
import type { Outbox } from '../broker/outbox.ts'
import type { Broker } from '../ports/broker.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger, LogLevel } from '../ports/logger.ts'
import { HedgerowError } from '../errors.ts'
import type { AccountReading, DayOfEquity, DeclarationRules, FundingReading, StrategyContext } from '../ports/strategy.ts'
import type { SessionState } from '../state/session-state.ts'
import type { FundingCalendar } from './funding-calendar.ts'
import type { MarketState } from './market-state.ts'
import type { RunWarnings } from './run-warnings.ts'

/** What all routes of a session share. */
export interface SharedContext {
  readonly exchange: string
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  readonly rules: DeclarationRules
  readonly fee: { readonly maker: Decimal; readonly taker: Decimal }
  readonly warmupCandles: number
  readonly symbols: ReadonlyMap<string, TradedSymbol>
  readonly state: SessionState
  readonly market: MarketState
  readonly margin: AccountMargin
  readonly clock: Clock
  readonly logger: Logger
  readonly warnings: RunWarnings
  readonly funding: FundingCalendar
  readonly sharedVars: Map<string, unknown>
  readonly outbox: Outbox
  /** Equity at the start and at every UTC midnight up to a time. */
  readonly dailyUpTo: (at: TimeMs) => readonly DayOfEquity[]
  /** Variables that a journal holds of a route. */
  readonly savedVars?: (route: string) => Readonly<Record<string, unknown>> | null
}

/** What is a route's own. */
export interface RouteOptions {
  readonly name: string
  /** One, or those of a portfolio. */
  readonly symbols: readonly [string, ...string[]]
  readonly timeframe: string
  readonly legs: readonly Leg[]
  /** The closed bars that the route is called on, by symbol. */
  readonly candles: ReadonlyMap<string, CandleSeries>
  readonly broker: Broker
  /** Variables of an earlier run that its strategy goes on from. */
  readonly vars?: Readonly<Record<string, unknown>>
}

/** Where a route is, for all of its symbols. */
interface RouteProgress {
  index: number
}

/** The context of one route, seen from one of its symbols: the first, unless another is asked for. */
export class RouteContext implements StrategyContext {
  readonly name: string
  readonly exchange: string
  readonly symbol: string
  readonly symbols: readonly string[]
  readonly timeframe: string
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  readonly legs: readonly Leg[]
  readonly rules: DeclarationRules
  readonly fee: { readonly maker: Decimal; readonly taker: Decimal }
  readonly warmupCandles: number
  readonly broker: Broker
  readonly sharedVars: Map<string, unknown>
  readonly #shared: SharedContext
  readonly #route: RouteOptions
  readonly #own: CandleSeries
  readonly #progress: RouteProgress
  readonly #account: AccountReading
  /** Live orders of the route, and the list of all that they were found in. */
  #live: readonly OrderState[] = []
  #allLive: readonly OrderState[] | null = null
  /** Both legs as they were at a version of the state. */
  #pair: PairOfPositions | null = null
  #pairVersion = -1
  #report: MarginReport | null = null
  #reportVersion = -1

  constructor(shared: SharedContext, route: RouteOptions, symbol: string = route.symbols[0], progress: RouteProgress = { index: -1 }) {
    const own = route.candles.get(symbol)
    if (own === undefined) throw new HedgerowError('UNKNOWN_SYMBOL', { where: route.name, found: symbol, expected: `one of ${route.symbols.join(', ')}, the symbols of the route` })
    this.name = route.name
    this.exchange = shared.exchange
    this.symbol = symbol
    this.symbols = route.symbols
    this.timeframe = route.timeframe
    this.positionMode = shared.positionMode
    this.marginMode = shared.marginMode
    this.legs = route.legs
    this.rules = shared.rules
    this.fee = shared.fee
    this.warmupCandles = shared.warmupCandles
    this.broker = route.broker
    this.sharedVars = shared.sharedVars
    this.#shared = shared
    this.#route = route
    this.#own = own
    this.#progress = progress
    this.#account = accountReading(shared, () => this.#margin())
  }

  /** The next tradable bar has closed. */
  nextBar(): void {
    this.#progress.index++
  }

  forSymbol(symbol: string): RouteContext {
    return symbol === this.symbol ? this : new RouteContext(this.#shared, this.#route, symbol, this.#progress)
  }

  now(): TimeMs {
    return this.#shared.clock.now()
  }

  index(): number {
    return this.#progress.index
  }

  price(symbol: string = this.symbol): Decimal {
    return this.#shared.market.price(symbol)
  }

  markPrice(symbol: string = this.symbol): Decimal {
    return this.#shared.market.markPrice(symbol)
  }

  candles(symbol: string = this.symbol, timeframe: string = this.timeframe): CandleSeries {
    if (symbol === this.symbol && timeframe === this.timeframe) return this.#own
    return (timeframe === this.timeframe ? this.#route.candles.get(symbol) : undefined) ?? this.#shared.market.candles(symbol, timeframe)
  }

  instrument(symbol: string = this.symbol): Instrument {
    return this.#traded(symbol).instrument
  }

  leverage(symbol: string = this.symbol, leg: Leg = 'long'): Decimal {
    return this.#traded(symbol).leverage[leg]
  }

  pair(symbol: string = this.symbol): PairOfPositions {
    const { positions, version } = this.#shared.state
    if (symbol !== this.symbol) return positions.pair(symbol)
    if (this.#pair === null || this.#pairVersion !== version) {
      this.#pair = positions.pair(symbol)
      this.#pairVersion = version
    }
    return this.#pair
  }

  marginOf(leg: Leg, symbol: string = this.symbol): Decimal {
    const row = this.#margin().rows.find((candidate) => candidate.symbol === symbol && candidate.leg === leg)
    return row?.initialMargin ?? ZERO
  }

  liquidationPrice(leg: Leg, symbol: string = this.symbol): Decimal | null {
    return this.#shared.margin.liquidationPrice(symbol, leg)
  }

  maxOpenQty(leg: Leg, price?: Decimal, symbol: string = this.symbol): Decimal {
    return this.#shared.margin.maxOpenQty({ symbol, leg, price: price ?? this.price(symbol), market: price === undefined })
  }

  account(): AccountReading {
    return this.#account
  }

  order(id: OrderId): OrderState {
    return this.#shared.state.orders.get(id)
  }

  liveOrders(): readonly OrderState[] {
    const live = this.#shared.state.orders.live()
    if (live !== this.#allLive) {
      this.#allLive = live
      this.#live = live.filter(({ order }) => order.strategy === this.name)
    }
    return this.#live
  }

  trades(): readonly Trade[] {
    return this.#shared.state.trades.trades.filter((trade) => trade.strategy === this.name)
  }

  dailyEquity(): readonly DayOfEquity[] {
    return this.#shared.dailyUpTo(this.now())
  }

  funding(symbol: string = this.symbol): FundingReading {
    const known = this.#shared.funding.at(symbol, this.now())
    return known.lastRate === null ? { ...known, lastRate: this.#shared.state.lastFundingRate(symbol) } : known
  }

  emit(name: string, payload: unknown): void {
    this.#shared.outbox.say({ route: this.name, name, payload })
  }

  savedVars(): Readonly<Record<string, unknown>> | null {
    return this.#route.vars ?? this.#shared.savedVars?.(this.name) ?? null
  }

  saveVars(vars: Readonly<Record<string, unknown>>): void {
    this.#shared.outbox.record({ type: 'vars.changed', at: this.now(), strategy: this.name, vars })
  }

  log(level: LogLevel, text: string): void {
    this.#shared.logger.log(level, `[${this.name}] ${text}`)
  }

  warn(code: string, text: string): void {
    if (this.#shared.warnings.add({ code, strategy: this.name, text })) this.log('warn', `${code}: ${text}`)
  }

  #margin(): MarginReport {
    const version = this.#shared.state.version + this.#shared.market.version
    if (this.#report === null || version !== this.#reportVersion) {
      this.#report = this.#shared.margin.report()
      this.#reportVersion = version
    }
    return this.#report
  }

  #traded(symbol: string): TradedSymbol {
    const traded = this.#shared.symbols.get(symbol)
    if (traded === undefined) throw unknownSymbol(symbol, this.#shared.symbols)
    return traded
  }
}

/** Reads what is asked for and no more: the whole margin report costs much more than balance and equity. */
function accountReading({ state, market, margin }: SharedContext, report: () => MarginReport): AccountReading {
  let known = ZERO
  let at = -1
  return {
    get balance() { return state.positions.wallet },
    get equity() {
      const version = state.version + market.version
      if (version !== at) {
        known = margin.equity()
        at = version
      }
      return known
    },
    get availableMargin() { return report().available },
    get marginRatio() { return report().maintenanceRate },
  }
}
