/**
 * A hand-written session and venue for tests of one strategy: it executes commands at once, fills what it is told to fill, and writes
 * down what it was asked for. It has no matching and no money: those are tested where they live.
 */
import {
  CandleSeries, decimal, fitToInstrument, growingBuffer, instrument, isLive, writeBar, ZERO,
} from '@hedgerow/core'
import type {
  AccountReading, Amendment, Broker, CancelReason, CandleBuffer, Decimal, DeclarationRules, ErrorCode, Filled, FundingReading, Instrument, JournalEvent, Leg, LegChange,
  MarginMode, Order, OrderDraft, OrderId, OrderState, OrderStatus, PairOfPositions, Position, PositionMode, Strategy, StrategyContext, StrategyEvent, Trade,
} from '@hedgerow/core'

type OrderEvent = Exclude<JournalEvent, Filled>
type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface FakeOptions {
  readonly positionMode?: PositionMode
  readonly rules?: Partial<DeclarationRules>
  readonly legs?: readonly Leg[]
  readonly qtyStep?: string
  readonly tickSize?: string
}

const MINUTE = 60_000

export class FakeVenue implements StrategyContext, Broker {
  readonly name = 'Fake'
  readonly exchange = 'sandbox'
  readonly symbol = 'ETHUSDT'
  readonly symbols = ['ETHUSDT']
  readonly timeframe = '1m'
  readonly marginMode: MarginMode = 'cross'
  readonly fee = { maker: decimal('0.0002'), taker: decimal('0.0005') }
  readonly warmupCandles = 0
  readonly sharedVars = new Map<string, unknown>()
  readonly positionMode: PositionMode
  readonly legs: readonly Leg[]
  readonly rules: DeclarationRules
  readonly broker: Broker = this
  readonly dailyEquity = (): [] => []
  readonly savedVars = (): null => null
  readonly saveVars = (): void => {}
  /** What the strategy asked for since `take()`. */
  readonly asked: string[] = []
  readonly logged: string[] = []
  readonly #strategy: Strategy
  readonly #instrument: Instrument
  readonly #buffer: CandleBuffer = growingBuffer(MINUTE)
  readonly #series = new CandleSeries(this.#buffer)
  readonly #orders = new Map<OrderId, Mutable<OrderState>>()
  readonly #positions: Record<Leg, Mutable<Position>>
  readonly #trades: Trade[] = []
  #commands: (() => void)[] = []
  #price: Decimal = decimal('100')
  #now = 0
  #index = -1
  #fills = 0
  /** Cancels are not answered while true. */
  holdCancels = false

  constructor(strategy: Strategy, options: FakeOptions = {}) {
    this.#strategy = strategy
    this.positionMode = options.positionMode ?? 'hedge'
    this.legs = options.legs ?? ['long', 'short']
    this.rules = { fillAt: 'open', predecessor: false, ...options.rules }
    this.#instrument = instrument({ symbol: this.symbol, tickSize: options.tickSize ?? '0.01', qtyStep: options.qtyStep ?? '0.001' })
    this.#positions = { long: flat('long'), short: flat('short') }
    strategy.start(this)
  }

  // What a test does.

  /** One bar that closes at a price; market orders of the bar before fill at its open first. */
  bar(close: number, open: number = close): string[] {
    this.#price = decimal(String(open))
    this.fillMarket()
    this.#price = decimal(String(close))
    this.#index += 1
    this.#now = (this.#index + 1) * MINUTE
    writeBar(this.#buffer, this.#index, { time: this.#now - MINUTE, open, high: Math.max(open, close), low: Math.min(open, close), close, volume: 1 })
    this.#buffer.length = this.#index + 1
    this.#call(() => this.#strategy.bar('manage'))
    if (this.rules.fillAt === 'close') this.fillMarket()
    this.#call(() => this.#strategy.bar('enter'))
    if (this.rules.fillAt === 'close') this.fillMarket()
    return this.take()
  }

  /** Fills all market orders that wait, at the current price. */
  fillMarket(): void {
    for (let next = this.#nextMarket(); next !== undefined; next = this.#nextMarket()) this.#fill(next.order.id)
  }

  /** Fills a live order in whole or in part: at its own price, or the current one. */
  fill(id: OrderId, qty?: number): string[] {
    this.#fill(id, qty)
    return this.take()
  }

  #fill(id: OrderId, qty?: number): void {
    const state = this.#state(id)
    const { order } = state
    const held = this.#positions[order.leg].qty
    const rest = order.qty.minus(state.filledQty)
    const wanted = qty === undefined ? rest : decimal(String(qty))
    const filled = order.intent === 'close' && wanted.gt(held) ? held : wanted
    if (filled.isZero()) return this.#cancelQuietly(id, 'reduce-only-no-position')
    const price = order.type === 'market' ? this.#price : (order.price ?? order.trigger ?? this.#price)
    this.#price = price
    state.filledQty = state.filledQty.plus(filled)
    state.filledValue = state.filledValue.plus(filled.times(price))
    state.status = state.filledQty.gte(order.qty) ? 'filled' : 'partially-filled'
    this.#apply({ leg: order.leg, intent: order.intent, qty: filled, price, state })
    if (order.group !== undefined && state.status === 'filled') this.#cancelWhere('oco', (other) => other.group === order.group && other.leg === order.leg)
    if (this.#positions[order.leg].qty.isZero()) this.#cancelWhere('position-closed', (other) => other.leg === order.leg && other.intent === 'close')
  }

  /** The venue reduces a leg without an order of ours. */
  takeAway(leg: Leg, qty: string): void {
    this.#apply({ leg, intent: 'close', qty: decimal(qty), price: this.#price, state: null })
  }

  cancelByVenue(id: OrderId, reason: CancelReason): string[] {
    this.#cancelQuietly(id, reason)
    return this.take()
  }

  end(): string[] {
    this.#call(() => this.#strategy.end('before'))
    this.fillMarket()
    this.#call(() => this.#strategy.end('after'))
    return this.take()
  }

  /** Advances the clock without a bar. */
  wait(ms: number): void {
    this.#now += ms
  }

  /** What was asked for since the last time. */
  take(): string[] {
    return this.asked.splice(0)
  }

  /** Live orders as text: `3 close long 0.5 stop-market @95`. */
  standing(leg?: Leg): string[] {
    return this.liveOrders().filter(({ order }) => leg === undefined || order.leg === leg).map(({ order }) => `${order.id} ${orderText(order)}`)
  }

  /** Id of the live order whose text contains all of these. */
  find(...parts: string[]): OrderId {
    const found = this.liveOrders().find(({ order }) => parts.every((part) => orderText(order).includes(part)))
    if (found === undefined) throw new Error(`no live order ${parts.join(' ')} among: ${this.standing().join('; ')}`)
    return found.order.id
  }

  // Broker.

  submit(draft: OrderDraft): OrderId {
    const state = this.#add(draft, 'pending', null)
    this.asked.push(`submit ${state.order.id} ${orderText(state.order)}`)
    this.#commands.push(() => {
      if (state.status !== 'pending') return
      state.status = 'open'
      this.#tell({ type: 'order.accepted', at: this.#now, orderId: state.order.id, symbol: this.symbol, leg: draft.leg }, state)
    })
    return state.order.id
  }

  deny(draft: OrderDraft, code: ErrorCode): OrderId {
    const state = this.#add(draft, 'denied', code)
    const { order } = state
    this.asked.push(`deny ${order.id} ${orderText(order)} ${code}`)
    this.#commands.push(() => this.#tell({ type: 'order.denied', at: this.#now, symbol: this.symbol, leg: draft.leg, strategy: this.name, order, code, message: code }, state))
    return order.id
  }

  cancel(id: OrderId): void {
    this.asked.push(`cancel ${id}`)
    this.#commands.push(() => {
      if (!this.holdCancels && isLive(this.#state(id).status)) this.#cancelQuietly(id, 'requested')
    })
  }

  amend(id: OrderId, change: Amendment): void {
    this.asked.push(`amend ${id}${change.qty === undefined ? '' : ` qty ${change.qty.toFixed()}`}${change.price === undefined ? '' : ` price ${change.price.toFixed()}`}${change.trigger === undefined ? '' : ` trigger ${change.trigger.toFixed()}`}`)
    this.#commands.push(() => {
      const state = this.#state(id)
      if (!isLive(state.status)) return
      state.order = { ...state.order, ...change }
      this.#tell({ type: 'order.amended', at: this.#now, orderId: id, symbol: this.symbol, leg: state.order.leg, qty: state.order.qty }, state)
    })
  }

  // StrategyContext.

  forSymbol(): this {
    return this
  }

  now(): number {
    return this.#now
  }

  index(): number {
    return this.#index
  }

  price(): Decimal {
    return this.#price
  }

  markPrice(): Decimal {
    return this.#price
  }

  candles(): CandleSeries {
    return this.#series
  }

  instrument(): Instrument {
    return this.#instrument
  }

  leverage(): Decimal {
    return decimal('2')
  }

  pair(): PairOfPositions {
    return { symbol: this.symbol, ...this.#positions }
  }

  liquidationPrice(): Decimal | null {
    return null
  }

  marginOf(leg: Leg): Decimal {
    return this.#positions[leg].qty.times(this.#price).div(2)
  }

  maxOpenQty(): Decimal {
    return decimal('50')
  }

  account(): AccountReading {
    return { balance: decimal('10000'), equity: decimal('10000'), availableMargin: decimal('5000'), marginRatio: null }
  }

  order(id: OrderId): OrderState {
    return this.#state(id)
  }

  liveOrders(): readonly OrderState[] {
    return [...this.#orders.values()].filter(({ status }) => isLive(status))
  }

  trades(): readonly Trade[] {
    return this.#trades
  }

  funding(): FundingReading {
    return { lastRate: null, predictedRate: null, nextAt: null }
  }

  emit(name: string, payload: unknown): void {
    this.asked.push(`emit ${name} ${JSON.stringify(payload)}`)
  }

  log(level: string, text: string): void {
    this.logged.push(`${level}: ${text}`)
  }

  warn(code: string, text: string): void {
    this.log('warn', `${code}: ${text}`)
  }

  #add(draft: OrderDraft, status: OrderStatus, reason: string | null): Mutable<OrderState> {
    const { fit: _fit, ...rest } = draft
    const { qty, price, trigger } = fitToInstrument(draft, this.#instrument)
    const held = this.#positions[draft.leg].qty
    const fitted = {
      qty: draft.intent === 'close' && !held.isZero() && qty.gt(held) ? held : qty,
      ...(price === undefined ? {} : { price }),
      ...(trigger === undefined ? {} : { trigger }),
    }
    const order: Order = { ...rest, ...fitted, id: this.#orders.size + 1, createdAt: this.#now, strategy: this.name, timeInForce: draft.timeInForce ?? 'GTC', postOnly: draft.postOnly ?? false }
    const state = { order, status, filledQty: ZERO, filledValue: ZERO, triggered: false, reason }
    this.#orders.set(order.id, state)
    return state
  }

  #nextMarket(): OrderState | undefined {
    return this.liveOrders().find(({ order, status }) => order.type === 'market' && status !== 'pending')
  }

  #apply({ leg, intent, qty, price, state }: { readonly leg: Leg; readonly intent: 'open' | 'close'; readonly qty: Decimal; readonly price: Decimal; readonly state: OrderState | null }): void {
    const position = { ...this.#positions[leg] }
    this.#positions[leg] = position
    const before = position.qty
    if (intent === 'open') {
      position.cost = position.cost.plus(qty.times(price))
      position.qty = before.plus(qty)
      position.openedAt ??= this.#now
    } else {
      const released = position.cost.times(qty).div(before)
      position.realised = position.realised.plus(leg === 'long' ? qty.times(price).minus(released) : released.minus(qty.times(price)))
      position.cost = position.cost.minus(released)
      position.qty = before.minus(qty)
      if (position.qty.isZero()) position.openedAt = null
    }
    const change: LegChange = intent === 'open' ? (before.isZero() ? 'opened' : 'increased') : position.qty.isZero() ? 'closed' : 'reduced'
    const fill: Filled = {
      type: 'order.filled', at: this.#now, fillId: String(++this.#fills), orderId: state?.order.id ?? null, symbol: this.symbol, leg, intent, price, qty, fee: ZERO,
      liquidity: 'taker', source: state === null ? 'liquidation' : 'order', role: state?.order.role ?? 'liquidation',
    }
    const trade = change === 'closed' ? tradeOf(this.#trades.length + 1, leg) : null
    if (trade !== null) this.#trades.push(trade)
    this.#call(() => this.#strategy.handle({ type: 'fill', fill, order: state, change, trade }))
  }

  #cancelWhere(reason: CancelReason, matches: (order: Order) => boolean): void {
    for (const { order } of this.liveOrders()) if (matches(order) && isLive(this.#state(order.id).status)) this.#cancelQuietly(order.id, reason)
  }

  #cancelQuietly(id: OrderId, reason: CancelReason): void {
    const state = this.#state(id)
    this.#finish(state, 'canceled', reason)
    this.#tell({ type: 'order.canceled', at: this.#now, orderId: id, symbol: this.symbol, leg: state.order.leg, reason }, state)
  }

  #finish(state: Mutable<OrderState>, status: OrderStatus, reason: string): void {
    state.status = status
    state.reason = reason
  }

  #tell(event: OrderEvent, order: OrderState): void {
    const told: StrategyEvent = { type: 'order', event, order }
    this.#call(() => this.#strategy.handle(told))
  }

  /** Calls the strategy, then executes what it commanded. */
  #call(hook: () => void): void {
    hook()
    while (this.#commands.length > 0) {
      const commands = this.#commands
      this.#commands = []
      for (const command of commands) command()
    }
  }

  #state(id: OrderId): Mutable<OrderState> {
    const state = this.#orders.get(id)
    if (state === undefined) throw new Error(`no order ${id}`)
    return state
  }
}

function flat(leg: Leg): Mutable<Position> {
  return { symbol: 'ETHUSDT', leg, qty: ZERO, cost: ZERO, realised: ZERO, fees: ZERO, funding: ZERO, isolatedMargin: null, openedAt: null }
}

function orderText(order: Order): string {
  const at = [order.trigger, order.price].filter((price) => price !== undefined).map((price) => ` @${price.toFixed()}`).join('')
  return `${order.intent} ${order.leg} ${order.qty.toFixed()} ${order.type}${at}${order.tag === undefined ? '' : ` #${order.tag}`}`
}

function tradeOf(id: number, leg: Leg): Trade {
  return {
    id, strategy: 'Fake', symbol: 'ETHUSDT', leg, qty: ZERO, entryPrice: ZERO, exitPrice: ZERO, grossPnl: ZERO, fees: ZERO, funding: ZERO, netPnl: ZERO, pnlPercentage: ZERO,
    openedAt: 0, closedAt: 0, holdingMs: 0, exitReason: 'signal', mae: ZERO, mfe: ZERO, peakNotional: ZERO, orders: [],
  }
}
