/** The broker of a session: numbers, fits, checks and submits what strategies want, and cancels what they no longer want. */
import { decimalText, minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import type { OrderDenied } from '../domain/events.ts'
import { legOf } from '../domain/leg.ts'
import { isLive, type Order, type OrderId } from '../domain/order.ts'
import { timeText, type TimeMs } from '../domain/time.ts'
import { errorText, HedgerowError, type ErrorCode } from '../errors.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import type { Broker, OrderDraft } from '../ports/broker.ts'
import type { Clock } from '../ports/clock.ts'
import type { Amendment } from '../ports/exchange.ts'
import type { SessionState } from '../state/session-state.ts'
import { unknownSymbol, type TradedSymbol } from './account-margin.ts'
import { admit, type AdmissionOptions, type Denial } from './admission.ts'
import { fitToInstrument } from './fit.ts'
import type { Outbox } from './outbox.ts'

/** What a session's broker is made of. */
export interface SessionBrokerOptions extends AdmissionOptions {
  readonly profile: VenueProfile
  readonly symbols: ReadonlyMap<string, TradedSymbol>
  readonly state: SessionState
  readonly clock: Clock
  readonly outbox: Outbox
  /** What a live session asks beside the rules of every session: before them, and after them. */
  readonly preTrade?: PreTradeChecks
}

/** Further reasons to refuse an order. */
export interface PreTradeChecks {
  readonly before: (order: Order) => Denial | null
  readonly after: (order: Order) => Denial | null
}

/** One moment takes at most this many orders of one strategy: beyond it a hook answers its own orders without end. */
const ORDERS_AT_ONE_TIME = 10_000

/** Serves all routes of a session; each gets its own view by {@link SessionBroker.forStrategy}. */
export class SessionBroker {
  readonly #options: SessionBrokerOptions
  #lastId = 0
  #moment: TimeMs = Number.NaN
  #ordersAtMoment = 0

  constructor(options: SessionBrokerOptions) {
    this.#options = options
  }

  /** The broker that a strategy sees: its orders carry its name. */
  forStrategy(strategy: string): Broker {
    return {
      submit: (draft) => this.submit(strategy, draft),
      deny: (draft, code) => this.#refuse(strategy, draft, code),
      cancel: (orderId) => this.cancel(orderId),
      amend: (orderId, change) => this.#amend(orderId, change),
    }
  }

  /** Numbers go on after those of an earlier session. */
  resumeAfter(lastId: OrderId): void {
    this.#lastId = Math.max(this.#lastId, lastId)
  }

  /** Cancels an order that is still live; one that is not is left as it is. */
  cancel(orderId: OrderId): void {
    if (isLive(this.#options.state.orders.get(orderId).status)) this.#options.outbox.command({ type: 'cancel', orderId })
  }

  /** Fits, checks and submits; returns the id, also of a denied order. */
  submit(strategy: string, draft: OrderDraft): OrderId {
    const { outbox, state } = this.#options
    const traded = this.#traded(draft.symbol)
    const order = this.#number(strategy, draft, traded)
    const { preTrade } = this.#options
    const denial = preTrade?.before(order) ?? admit(order, traded, this.#options) ?? preTrade?.after(order) ?? null
    if (denial !== null) {
      this.#deny(order, denial)
      return order.id
    }
    const event = { type: 'order.submitted', at: order.createdAt, order } as const
    state.apply(event)
    outbox.record(event)
    outbox.command({ type: 'submit', order })
    return order.id
  }

  /** Journals an order that the strategy's own rules refuse. */
  #refuse(strategy: string, draft: OrderDraft, code: ErrorCode): OrderId {
    const order = this.#number(strategy, draft, this.#traded(draft.symbol))
    this.#deny(order, { code, found: `${order.intent} ${decimalText(order.qty)} ${order.leg}`, expected: 'an order that the rules of the strategy allow' })
    return order.id
  }

  #traded(symbol: string): TradedSymbol {
    const traded = this.#options.symbols.get(symbol)
    if (traded === undefined) throw unknownSymbol(symbol, this.#options.symbols)
    return traded
  }

  /** Turns a draft into a numbered order: fitted to the steps, a close clipped to its leg. */
  #number(strategy: string, draft: OrderDraft, traded: TradedSymbol): Order {
    requirePositive(draft, strategy)
    const now = this.#options.clock.now()
    this.#countMoment(strategy, now)
    const { symbol, leg, intent, type, role, timeInForce = 'GTC', postOnly = false } = draft
    const { qty, price, trigger } = fitToInstrument(draft, traded.instrument)
    const order: NumberedOrder = { id: ++this.#lastId, symbol, leg, intent, type, qty: this.#clip(draft, { qty, filledQty: ZERO }), timeInForce, postOnly, role, strategy, createdAt: now }
    if (price !== undefined) order.price = price
    if (trigger !== undefined) order.trigger = trigger
    return withRest(order, draft)
  }

  /** A close never has more left to fill than its leg holds. */
  #clip({ intent, symbol, leg }: OrderDraft, { qty, filledQty }: { readonly qty: Decimal; readonly filledQty: Decimal }): Decimal {
    if (intent === 'open') return qty
    const held = legOf(this.#options.state.positions.pair(symbol), leg).qty
    return held.isZero() ? qty : minDecimal(qty, filledQty.plus(held))
  }

  #deny(order: Order, denial: Denial): void {
    const { outbox, state, profile } = this.#options
    const where = `${order.strategy}, ${order.symbol} ${order.leg}, order ${order.id} (${order.intent} ${decimalText(order.qty)} ${order.type}), ${timeText(order.createdAt)}`
    const details = { where, found: denial.found, expected: denial.expected }
    if (denial.code === 'INSUFFICIENT_MARGIN' && profile.execution.insufficientMargin === 'throw') throw new HedgerowError(denial.code, details)
    const event: OrderDenied = {
      type: 'order.denied', at: order.createdAt, symbol: order.symbol, leg: order.leg, strategy: order.strategy, order,
      code: denial.code, message: errorText(denial.code, details),
    }
    state.apply(event)
    outbox.deny(event)
  }

  #amend(orderId: OrderId, change: Amendment): void {
    const { state, outbox } = this.#options
    const { order, status, filledQty } = state.orders.get(orderId)
    if (!isLive(status)) return
    const fitted = fitToInstrument({ ...order, ...change }, this.#traded(order.symbol).instrument)
    outbox.command({
      type: 'amend', orderId,
      change: {
        ...(change.qty === undefined ? {} : { qty: this.#clip(order, { qty: fitted.qty, filledQty }) }),
        ...(change.price === undefined || fitted.price === undefined ? {} : { price: fitted.price }),
        ...(change.trigger === undefined || fitted.trigger === undefined ? {} : { trigger: fitted.trigger }),
      },
    })
  }

  #countMoment(strategy: string, now: TimeMs): void {
    if (now !== this.#moment) {
      this.#moment = now
      this.#ordersAtMoment = 0
    }
    if (++this.#ordersAtMoment > ORDERS_AT_ONE_TIME) {
      throw new HedgerowError('STRATEGY_LOOPS', { where: `${strategy}, ${timeText(now)}`, found: `more than ${ORDERS_AT_ONE_TIME} orders at one moment`, expected: 'hooks that come to rest' })
    }
  }
}

/** An order while it is made. */
type NumberedOrder = { -readonly [Key in keyof Order]: Order[Key] }

/** What a draft may say beside what every order says; one by one, since copying all but some keys takes longer than all else. */
function withRest(order: NumberedOrder, { triggerBy, trailing, stp, group, tag, expiresAt, bracket }: OrderDraft): Order {
  if (triggerBy !== undefined) order.triggerBy = triggerBy
  if (trailing !== undefined) order.trailing = trailing
  if (stp !== undefined) order.stp = stp
  if (group !== undefined) order.group = group
  if (tag !== undefined) order.tag = tag
  if (expiresAt !== undefined) order.expiresAt = expiresAt
  if (bracket !== undefined) order.bracket = bracket
  return order
}

function requirePositive(draft: OrderDraft, strategy: string): void {
  const { qty, price, trigger } = draft
  if (!qty.gt(0)) throw notPositive(draft, strategy, { key: 'qty', value: qty })
  if (price !== undefined && !price.gt(0)) throw notPositive(draft, strategy, { key: 'price', value: price })
  if (trigger !== undefined && !trigger.gt(0)) throw notPositive(draft, strategy, { key: 'trigger', value: trigger })
}

function notPositive({ symbol, leg, intent, type }: OrderDraft, strategy: string, { key, value }: { readonly key: string; readonly value: Decimal }): HedgerowError {
  return new HedgerowError('NOT_POSITIVE', { where: `${strategy}, ${symbol} ${leg}, ${intent} ${type}, ${key}`, found: decimalText(value), expected: `a ${key} greater than zero` })
}
