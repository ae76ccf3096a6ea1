/** The one door through which the orders of a strategy leave: it knows the run mode of each leg and what has been asked for but not answered. */
import { isLive, legOf, remainingQty, timeText, ZERO } from '@hedgerow/core'
import type { Amendment, Decimal, ErrorCode, JournalEvent, Leg, OrderDraft, OrderId, OrderState, StrategyContext } from '@hedgerow/core'

/**
 * What a leg may do: `normal` everything; `graceful-stop` no new cycle, the open one is managed; `tp-only` nothing that opens;
 * `panic` nothing that opens, and the leg is closed at market; `manual` hands off: the strategy sends nothing.
 */
export type LegMode = 'normal' | 'graceful-stop' | 'tp-only' | 'panic' | 'manual'

/** The last order of a tag. */
export interface Tagged {
  readonly id: OrderId
  /** Set once it was seen to have come to its end: it is not asked about again. */
  isOver: boolean
}

/** Sends, changes and cancels orders of one strategy on one symbol; what concerns another symbol of its route goes through the desk of that. */
export class Desk {
  readonly context: StrategyContext
  readonly #modes: Record<Leg, LegMode> = { long: 'normal', short: 'normal' }
  /** Cancels that were asked for and not answered. */
  readonly #leaving = new Set<OrderId>()
  /** Amendments that were asked for and not answered: what they come to, and how many are under way. */
  readonly #amending = new Map<OrderId, { readonly change: Amendment; readonly count: number }>()
  /** The last order of each tag. */
  readonly #tagged: Readonly<Record<Leg, Map<string, Tagged>>> = { long: new Map(), short: new Map() }
  readonly #desks: ReadonlyMap<string, Desk>
  #sent = 0
  #isAtBar = false

  /** `desks`: those of all symbols of the route, by symbol. */
  constructor(context: StrategyContext, desks: ReadonlyMap<string, Desk> = new Map()) {
    this.context = context
    this.#desks = desks
    for (const { order } of context.liveOrders()) if (order.tag !== undefined && order.symbol === context.symbol) this.#note(order.leg, order.tag, order.id)
  }

  /** During a bar the current price is its close: read from the column, without a decimal. */
  atBar(isAtBar: boolean): void {
    this.#isAtBar = isAtBar
  }

  /** The current price: the close of the bar, or the price of the fill that a hook is told. */
  get price(): number {
    return this.#isAtBar ? this.context.candles().at(-1).close : this.context.price().toNumber()
  }

  /** Number of orders sent or denied so far. */
  get sent(): number {
    return this.#sent
  }

  submit(draft: OrderDraft): OrderId {
    this.#sent += 1
    const other = this.#otherOf(draft.symbol)
    if (other !== null) return other.submit(draft)
    const refusal = this.#refusal(draft)
    const id = refusal === null ? this.context.broker.submit(draft) : this.context.broker.deny(draft, refusal)
    if (draft.tag !== undefined) this.#note(draft.leg, draft.tag, id)
    return id
  }

  /** The last order of a tag, where it stands. */
  standingOf(leg: Leg, tag: string): OrderState | null {
    const last = this.lastOf(leg, tag)
    if (last === null || last.isOver) return null
    const state = this.context.order(last.id)
    if (!isLive(state.status)) last.isOver = true
    return this.stands(state) ? state : null
  }

  /** Which order a tag was given last; null where there was none. */
  lastOf(leg: Leg, tag: string): Tagged | null {
    return (leg === 'long' ? this.#tagged.long : this.#tagged.short).get(tag) ?? null
  }

  deny(draft: OrderDraft, code: ErrorCode): OrderId {
    this.#sent += 1
    return this.context.broker.deny(draft, code)
  }

  /** Asks for the cancellation of a live order, once. */
  cancel(id: OrderId): void {
    const state = this.context.order(id)
    const other = this.#otherOf(state.order.symbol)
    if (other !== null) return other.cancel(id)
    if (!this.stands(state) || this.#isManual(state.order.leg, 'cancel')) return
    this.#leaving.add(id)
    if (this.#amending.size > 0) this.#amending.delete(id)
    this.context.broker.cancel(id)
  }

  /** Asks for new values of a live order; values that it has, or was asked to take, are not sent again. */
  amend(id: OrderId, change: Amendment): void {
    const state = this.context.order(id)
    if (!this.stands(state) || isSame(this.wanted(state), change) || this.#isManual(state.order.leg, 'amend')) return
    const asked = this.#amending.get(id)
    this.#amending.set(id, { change: { ...asked?.change, ...change }, count: (asked?.count ?? 0) + 1 })
    this.context.broker.amend(id, change)
  }

  /** True for a live order whose cancellation was not asked for. */
  stands(state: OrderState): boolean {
    const other = this.#otherOf(state.order.symbol)
    if (other !== null) return other.stands(state)
    return isLive(state.status) && !this.#leaving.has(state.order.id)
  }

  /** Quantity and prices of an order as last asked for. */
  wanted(state: OrderState): Amendment {
    const asked = this.#amending.get(state.order.id)
    return asked === undefined ? state.order : { ...state.order, ...asked.change }
  }

  /** Notes what has become of the order: its requests are answered. That it was accepted answers no amendment; of several amendments the first answer leaves the others under way. */
  settle(state: OrderState, news: JournalEvent['type']): void {
    if (this.#amending.size > 0 && news !== 'order.accepted') this.#settleAmendment(state, news === 'order.amended')
    if (this.#leaving.size > 0 && !isLive(state.status)) this.#leaving.delete(state.order.id)
  }

  #settleAmendment({ order }: OrderState, isAmended: boolean): void {
    const asked = this.#amending.get(order.id)
    if (asked === undefined) return
    if (isAmended && asked.count > 1 && !isSame(order, asked.change)) this.#amending.set(order.id, { ...asked, count: asked.count - 1 })
    else this.#amending.delete(order.id)
  }

  /** What the leg holds. */
  held(leg: Leg): Decimal {
    return legOf(this.context.pair(), leg).qty
  }

  isOpen(leg: Leg): boolean {
    return !this.held(leg).isZero()
  }

  /** True for a leg that is flat, or whose whole quantity is already being closed at market. */
  isFlatOrClosing(leg: Leg): boolean {
    const qty = this.held(leg)
    if (qty.isZero()) return true
    let closing = ZERO
    for (const state of this.context.liveOrders()) {
      const { order } = state
      if (order.leg === leg && order.intent === 'close' && order.type === 'market' && order.symbol === this.context.symbol) closing = closing.plus(remainingQty(state))
    }
    return closing.gte(qty)
  }

  /** True while an order that opens the leg stands, declared or not. */
  isEntering(leg: Leg): boolean {
    const { symbol } = this.context
    for (const state of this.context.liveOrders()) if (state.order.leg === leg && state.order.intent === 'open' && state.order.symbol === symbol && this.stands(state)) return true
    return false
  }

  /** True when a leg is in another run mode than `normal`. */
  get isRestricted(): boolean {
    return this.#modes.long !== 'normal' || this.#modes.short !== 'normal'
  }

  mode(leg: Leg): LegMode {
    return this.#modes[leg]
  }

  setMode(leg: Leg, mode: LegMode): void {
    this.#modes[leg] = mode
    if (mode === 'panic') this.enforcePanic(leg)
  }

  /** Cancels what opens a panicking leg and closes it, unless that is already on its way. */
  enforcePanic(leg: Leg): void {
    if (this.#modes[leg] !== 'panic') return
    for (const state of this.context.liveOrders()) if (state.order.leg === leg && state.order.intent === 'open' && state.order.symbol === this.context.symbol) this.cancel(state.order.id)
    if (this.isFlatOrClosing(leg)) return
    this.submit({ symbol: this.context.symbol, leg, intent: 'close', type: 'market', qty: this.held(leg), role: 'exit', fit: 'exact' })
  }

  /** Where an error happened: strategy, bar and place. */
  where(place: string): string {
    return `strategy ${this.context.name}, bar ${this.context.index()} (${timeText(this.context.now())}), ${place}`
  }

  #note(leg: Leg, tag: string, id: OrderId): void {
    this.#tagged[leg].set(tag, { id, isOver: false })
  }

  /** The desk of another symbol of the route; null for the own one. */
  #otherOf(symbol: string): Desk | null {
    return symbol === this.context.symbol ? null : (this.#desks.get(symbol) ?? null)
  }

  #refusal({ leg, intent }: OrderDraft): ErrorCode | null {
    if (!this.context.legs.includes(leg)) return 'LEG_OWNED'
    const mode = this.#modes[leg]
    const mayOpen = mode === 'normal' || (mode === 'graceful-stop' && this.isOpen(leg))
    return mode === 'manual' || (intent === 'open' && !mayOpen) ? 'LEG_MANUAL' : null
  }

  #isManual(leg: Leg, what: string): boolean {
    if (this.#modes[leg] !== 'manual') return false
    this.context.log('warn', `${what} ignored: the ${leg} leg is in run mode manual`)
    return true
  }
}

function isSame(now: Amendment, change: Amendment): boolean {
  return isEqual(now.qty, change.qty) && isEqual(now.price, change.price) && isEqual(now.trigger, change.trigger)
}

function isEqual(now: Decimal | undefined, wanted: Decimal | undefined): boolean {
  return wanted === undefined || (now !== undefined && now.eq(wanted))
}
