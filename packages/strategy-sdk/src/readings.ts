/** What a strategy can read of the market, the account and its own trading. */
import { HedgerowError } from '@hedgerow/core'
import type {
  AccountReading, CandleSeries, Decimal, FundingReading, Instrument, Leg, MarginMode, PositionMode, StrategyContext, TimeMs, Trade,
} from '@hedgerow/core'
import type { Desk } from './desk.ts'
import { Hooks } from './hooks.ts'
import { OrderView } from './order-view.ts'

/** The exact values behind the numbers of a strategy. */
export class ExactReadings {
  readonly #context: StrategyContext

  constructor(context: StrategyContext) {
    this.#context = context
  }

  get price(): Decimal {
    return this.#context.price()
  }

  get markPrice(): Decimal {
    return this.#context.markPrice()
  }

  get balance(): Decimal {
    return this.#context.account().balance
  }

  get equity(): Decimal {
    return this.#context.account().equity
  }

  get availableMargin(): Decimal {
    return this.#context.account().availableMargin
  }

  get marginRatio(): Decimal | null {
    return this.#context.account().marginRatio
  }

  get leverage(): Decimal {
    return this.#context.leverage()
  }

  get feeRate(): StrategyContext['fee'] {
    return this.#context.fee
  }
}

/** The readings of a strategy. Prices and money are numbers for calculating; `exact` has the decimals. Only closed candles. */
export abstract class Readings extends Hooks {
  #books: { readonly current: { readonly desk: Desk } } | null = null

  /** Called once, before the first bar: `current` is the symbol that everything is about which names none. */
  protected attach(books: { readonly current: { readonly desk: Desk } }): void {
    this.#books = books
  }

  /** The door for orders. Throws before the run has started: constructors and class fields have no market to read. */
  protected get desk(): Desk {
    if (this.#books === null) throw new HedgerowError('STRATEGY_THREW', { where: this.constructor.name, found: 'a reading before the run has started', expected: 'readings inside hooks', remedy: 'Move the code from the constructor or a class field into a hook.' })
    return this.#books.current.desk
  }

  /** The same values as decimals. */
  get exact(): ExactReadings {
    return new ExactReadings(this.desk.context)
  }

  /** Route bars since the first tradable one, from 0. */
  get index(): number {
    return this.desk.context.index()
  }

  /** Now, milliseconds UTC: the close of the bar, or the time of the event. */
  get time(): TimeMs {
    return this.desk.context.now()
  }

  /** Name of the route. */
  get name(): string {
    return this.desk.context.name
  }

  get exchange(): string {
    return this.desk.context.exchange
  }

  /** The symbol of the route: of a portfolio its first, or in a hook about an order or a leg that of the order or leg. */
  get symbol(): string {
    return this.desk.context.symbol
  }

  get timeframe(): string {
    return this.desk.context.timeframe
  }

  get positionMode(): PositionMode {
    return this.desk.context.positionMode
  }

  get marginMode(): MarginMode {
    return this.desk.context.marginMode
  }

  /** Closed bars of the route, oldest first. */
  get candles(): CandleSeries {
    return this.desk.candles
  }

  /** Closed bars of a data route. */
  getCandles(symbol: string, timeframe: string): CandleSeries {
    return this.desk.context.candles(symbol, timeframe)
  }

  /** The current price: the close of the bar, or the price of the fill that a hook is told. */
  get price(): number {
    return this.desk.price
  }

  get open(): number {
    return this.candles.at(-1).open
  }

  get high(): number {
    return this.candles.at(-1).high
  }

  get low(): number {
    return this.candles.at(-1).low
  }

  get close(): number {
    return this.desk.lastClose
  }

  /** Base units. */
  get volume(): number {
    return this.candles.at(-1).volume
  }

  get markPrice(): number {
    return this.desk.context.markPrice().toNumber()
  }

  /** Deposits plus everything booked, quote units. */
  get balance(): number {
    return this.#account().balance.toNumber()
  }

  /** Balance plus unrealised profit, quote units. */
  get equity(): number {
    return this.#account().equity.toNumber()
  }

  /** What the venue lets new orders use, quote units. */
  get availableMargin(): number {
    return this.#account().availableMargin.toNumber()
  }

  /** Available margin times leverage, quote units. */
  get leveragedAvailableMargin(): number {
    return this.#account().availableMargin.times(this.desk.context.leverage()).toNumber()
  }

  get leverage(): number {
    return this.desk.context.leverage().toNumber()
  }

  /** Maintenance margin over margin balance; null when nothing is held. */
  get marginRatio(): number | null {
    return this.#account().marginRatio?.toNumber() ?? null
  }

  /** Taker fee rate: 0.0005 is 0.05 %. */
  get feeRate(): number {
    return this.desk.context.fee.taker.toNumber()
  }

  /** Rate of the last funding settlement; null before the first. */
  get lastFundingRate(): number | null {
    return this.#funding().lastRate?.toNumber() ?? null
  }

  /** Rate announced for the next settlement; null unless a predicted series is loaded. */
  get predictedFundingRate(): number | null {
    return this.#funding().predictedRate?.toNumber() ?? null
  }

  /** Time of the next settlement; null when funding is not modelled. */
  get nextFundingTime(): TimeMs | null {
    return this.#funding().nextAt
  }

  get instrument(): Instrument {
    return this.desk.context.instrument()
  }

  /** Values shared by all strategies of the session. */
  get sharedVars(): Map<string, unknown> {
    return this.desk.context.sharedVars
  }

  /** Tells all other routes of the run: their `onRouteEvent` is called after the hook that is running has returned. */
  emit(name: string, payload: unknown = null): void {
    this.desk.context.emit(name, payload)
  }

  /** Live orders of this strategy, oldest first, without those whose cancellation was asked for. */
  get orders(): readonly OrderView[] {
    return this.desk.context.liveOrders().filter((state) => this.desk.stands(state)).map(({ order }) => new OrderView(this.desk, order.id))
  }

  /** Live orders that open a leg. */
  get entryOrders(): readonly OrderView[] {
    return this.orders.filter(({ intent }) => intent === 'open')
  }

  /** Live orders that reduce a leg. */
  get exitOrders(): readonly OrderView[] {
    return this.orders.filter(({ intent }) => intent === 'close')
  }

  get isLong(): boolean {
    return this.desk.isOpen('long')
  }

  get isShort(): boolean {
    return this.desk.isOpen('short')
  }

  /** True when any leg is open. */
  get isOpen(): boolean {
    return this.desk.isAnyOpen
  }

  /** True when both legs are flat. */
  get isClose(): boolean {
    return !this.isOpen
  }

  /** Closed trades of this strategy, oldest first. */
  get trades(): readonly Trade[] {
    return this.desk.context.trades()
  }

  get tradesCount(): number {
    return this.desk.context.trades().length
  }

  /** Legs that the route owns. */
  get legs(): readonly Leg[] {
    return this.desk.context.legs
  }

  /** Writes a line to the log of the run. */
  log(text: string, level: 'info' | 'warn' | 'error' = 'info'): void {
    this.desk.context.log(level, text)
  }

  #account(): AccountReading {
    return this.desk.context.account()
  }

  #funding(): FundingReading {
    return this.desk.context.funding()
  }
}
