/** The one door through which the orders of a strategy leave: it knows the run mode of each leg and what has been asked for but not answered. */
import { bufferOf, cell, isLive, remainingQty, timeText, ZERO } from '@hedgerow/core'
import type { Amendment, CandleSeries, Decimal, ErrorCode, JournalEvent, Leg, OrderDraft, OrderId, OrderState, StrategyContext } from '@hedgerow/core'

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

/** What the desks of all symbols of a route share. */
export class Desks {
  readonly bySymbol: Map<string, Desk> = new Map()
  /** Cancels that were asked for and not answered: few at a time. */
  readonly leaving: OrderId[] = []
  /** Amendments that were asked for and not answered: what they come to, and how many are under way. */
  readonly amending: Map<OrderId, { readonly change: Amendment; readonly count: number }> = new Map()
  /** During a bar the current price is its close: read from the column, without a decimal. */
  isAtBar = false
}

/** Sends, changes and cancels orders of one strategy on one symbol; what concerns another symbol of its route goes through the desk of that. */
export class Desk {
  readonly context: StrategyContext
  /** The route's bars of the symbol. */
  readonly candles: CandleSeries
  readonly ownsLong: boolean
  readonly ownsShort: boolean
  /** True when a leg is in another run mode than `normal`. */
  isRestricted = false
  readonly #modes: Record<Leg, LegMode> = { long: 'normal', short: 'normal' }
  /** The last order of each tag. */
  readonly #tagged: Readonly<Record<Leg, Map<string, Tagged>>> = { long: new Map(), short: new Map() }
  readonly #desks: Desks
  #sent = 0

  constructor(context: StrategyContext, desks: Desks = new Desks()) {
    this.context = context
    this.candles = context.candles()
    this.ownsLong = context.legs.includes('long')
    this.ownsShort = context.legs.includes('short')
    this.#desks = desks
    for (const { order } of context.liveOrders()) if (order.tag !== undefined && order.symbol === context.symbol) this.#note(order.leg, order.tag, order.id)
  }

  /** The current price: the close of the bar, or the price of the fill that a hook is told. */
  get price(): number {
    return this.#desks.isAtBar ? this.lastClose : this.context.price().toNumber()
  }

  /** The close of the last bar. Throws as `candles.at(-1)` does. */
  get lastClose(): number {
    const { close, length } = bufferOf(this.candles)
    return length === 0 ? this.candles.at(-1).close : cell(close, length - 1)
  }

  /** Number of orders sent or denied so far. */
  get sent(): number {
    return this.#sent
  }

  submit(draft: OrderDraft): OrderId {
    this.#sent += 1
    const desk = this.#deskOf(draft.symbol)
    if (desk !== this) return desk.submit(draft)
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

  /** Asks for the cancellation of a live order, once. Returns whether it may still fill. */
  cancel(id: OrderId): boolean {
    const { leaving, amending } = this.#desks
    const state = this.context.order(id)
    if (this.stands(state) && !this.#deskOf(state.order.symbol).#isManual(state.order.leg, 'cancel')) {
      leaving.push(id)
      if (amending.size > 0) amending.delete(id)
      this.context.broker.cancel(id)
    }
    return isLive(state.status)
  }

  /** Asks for new values of a live order; values that it has, or was asked to take, are not sent again. */
  amend(state: OrderState, change: Amendment): void {
    const { id, leg } = state.order
    if (!this.stands(state) || isSame(this.wanted(state), change) || this.#isManual(leg, 'amend')) return
    const { amending } = this.#desks
    const asked = amending.get(id)
    amending.set(id, { change: { ...asked?.change, ...change }, count: (asked?.count ?? 0) + 1 })
    this.context.broker.amend(id, change)
  }

  /** True for a live order whose cancellation was not asked for. */
  stands(state: OrderState): boolean {
    return isLive(state.status) && !this.#desks.leaving.includes(state.order.id)
  }

  /** Quantity and prices of an order as last asked for. */
  wanted(state: OrderState): Amendment {
    const asked = this.#desks.amending.get(state.order.id)
    return asked === undefined ? state.order : { ...state.order, ...asked.change }
  }

  /** Notes what has become of the order: its requests are answered. That it was accepted answers no amendment; of several amendments the first answer leaves the others under way. */
  settle(state: OrderState, news: JournalEvent['type']): void {
    const { leaving, amending } = this.#desks
    if (amending.size > 0 && news !== 'order.accepted') this.#settleAmendment(state, news === 'order.amended')
    if (leaving.length > 0 && !isLive(state.status)) takeOut(leaving, state.order.id)
  }

  #settleAmendment({ order }: OrderState, isAmended: boolean): void {
    const { amending } = this.#desks
    const asked = amending.get(order.id)
    if (asked === undefined) return
    if (isAmended && asked.count > 1 && !isSame(order, asked.change)) amending.set(order.id, { ...asked, count: asked.count - 1 })
    else amending.delete(order.id)
  }

  /** What the leg holds. */
  held(leg: Leg): Decimal {
    const { long, short } = this.context.pair()
    return leg === 'long' ? long.qty : short.qty
  }

  isOpen(leg: Leg): boolean {
    return !this.held(leg).isZero()
  }

  /** True while any leg is open. */
  get isAnyOpen(): boolean {
    const { long, short } = this.context.pair()
    return !long.qty.isZero() || !short.qty.isZero()
  }

  /** True for a leg that is flat, or whose whole quantity `held` is already being closed at market. */
  isFlatOrClosing(leg: Leg, held: Decimal): boolean {
    if (held.isZero()) return true
    const { symbol } = this.context
    let left = held
    for (const state of this.context.liveOrders()) {
      const { order } = state
      if (order.type !== 'market' || order.leg !== leg || order.intent !== 'close' || order.symbol !== symbol) continue
      left = left.minus(remainingQty(state))
      if (left.lte(ZERO)) return true
    }
    return false
  }

  /** True while an order that opens the leg stands, declared or not. */
  isEntering(leg: Leg): boolean {
    const { symbol } = this.context
    for (const state of this.context.liveOrders()) if (state.order.leg === leg && state.order.intent === 'open' && state.order.symbol === symbol && this.stands(state)) return true
    return false
  }

  mode(leg: Leg): LegMode {
    return leg === 'long' ? this.#modes.long : this.#modes.short
  }

  setMode(leg: Leg, mode: LegMode): void {
    this.#modes[leg] = mode
    this.isRestricted = this.#modes.long !== 'normal' || this.#modes.short !== 'normal'
    if (mode === 'panic') this.enforcePanic(leg)
  }

  /** Cancels what opens a panicking leg and closes it, unless that is already on its way. */
  enforcePanic(leg: Leg): void {
    if (this.mode(leg) !== 'panic') return
    for (const state of this.context.liveOrders()) if (state.order.leg === leg && state.order.intent === 'open' && state.order.symbol === this.context.symbol) this.cancel(state.order.id)
    const held = this.held(leg)
    if (this.isFlatOrClosing(leg, held)) return
    this.submit({ symbol: this.context.symbol, leg, intent: 'close', type: 'market', qty: held, role: 'exit', fit: 'exact' })
  }

  /** Where an error happened: strategy, bar and place. */
  where(place: string): string {
    return `strategy ${this.context.name}, bar ${this.context.index()} (${timeText(this.context.now())}), ${place}`
  }

  #note(leg: Leg, tag: string, id: OrderId): void {
    this.#tagged[leg].set(tag, { id, isOver: false })
  }

  /** The desk of a symbol of the route. */
  #deskOf(symbol: string): Desk {
    return symbol === this.context.symbol ? this : (this.#desks.bySymbol.get(symbol) ?? this)
  }

  #refusal({ leg, intent }: OrderDraft): ErrorCode | null {
    if (!(leg === 'long' ? this.ownsLong : this.ownsShort)) return 'LEG_OWNED'
    if (!this.isRestricted) return null
    const mode = this.mode(leg)
    const mayOpen = mode === 'normal' || (mode === 'graceful-stop' && this.isOpen(leg))
    return mode === 'manual' || (intent === 'open' && !mayOpen) ? 'LEG_MANUAL' : null
  }

  #isManual(leg: Leg, what: string): boolean {
    if (!this.isRestricted || this.mode(leg) !== 'manual') return false
    this.context.log('warn', `${what} ignored: the ${leg} leg is in run mode manual`)
    return true
  }
}

/** Takes an id out of a list where it is in it; their order does not matter. */
function takeOut(ids: OrderId[], id: OrderId): void {
  const place = ids.indexOf(id)
  const last = place < 0 ? undefined : ids.pop()
  if (last !== undefined && last !== id) ids[place] = last
}

function isSame(now: Amendment, change: Amendment): boolean {
  return isEqual(now.qty, change.qty) && isEqual(now.price, change.price) && isEqual(now.trigger, change.trigger)
}

function isEqual(now: Decimal | undefined, wanted: Decimal | undefined): boolean {
  return wanted === undefined || (now !== undefined && now.eq(wanted))
}
