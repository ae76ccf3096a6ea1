/** Orders of a leg handle: a tag names one live order of a leg, and stating it again makes the least changes. */
import { fitToInstrument, minDecimal } from '@hedgerow/core'
import type { Leg, OrderDraft, OrderId, OrderState } from '@hedgerow/core'
import { isSameBracket, isSameTrailing, type Brackets } from './brackets.ts'
import type { Desk } from './desk.ts'

/** States, finds and cancels the orders that the handle of one leg places. */
export class TaggedOrders {
  readonly #desk: Desk
  readonly #brackets: Brackets
  readonly #leg: Leg
  /** What was last stated for each tag that opens, as the author wrote it. */
  readonly #stated = new Map<string, object>()

  constructor(desk: Desk, brackets: Brackets, leg: Leg) {
    this.#desk = desk
    this.#brackets = brackets
    this.#leg = leg
  }

  /** The live order of a tag; null where there is none. */
  find(tag: string): OrderState | null {
    return this.#desk.standingOf(this.#leg, tag)
  }

  /** The order of a tag that already is as it is stated, word for word; null where there is something to do. */
  repeated(tag: string, input: object): OrderId | null {
    const stated = this.#stated.get(tag)
    if (stated === undefined || !isSameInput(stated, input)) return null
    const order = this.#inUse(tag)?.order
    return order?.intent === 'open' ? order.id : null
  }

  /** Notes what was stated for a tag. */
  note(tag: string, input: object): void {
    this.#stated.set(tag, { ...input })
  }

  /**
   * Makes an order stand. Without a tag it is new each time. With a tag: the same values do nothing, other quantities and prices
   * amend, anything else replaces. While exits that the order brought along still rest, its tag is in use: stating it again
   * moves them and opens nothing.
   */
  state(draft: OrderDraft): OrderId {
    const inUse = draft.tag === undefined ? null : this.#inUse(draft.tag)
    if (inUse === null) return this.#desk.submit(draft)
    if (this.#desk.stands(inUse)) return this.#restate(inUse, draft)
    if (draft.bracket !== undefined) this.#brackets.move(inUse, draft.bracket)
    return inUse.order.id
  }

  /** Cancels the live order of a tag; without one, every order of the leg that `keep` does not hold back. */
  cancel(tag: string | undefined, keep: (id: OrderId) => boolean): void {
    if (tag !== undefined) {
      const live = this.find(tag)
      if (live !== null) this.#desk.cancel(live.order.id)
      return
    }
    const { symbol } = this.#desk.context
    for (const { order } of this.#desk.context.liveOrders()) {
      if (order.leg === this.#leg && order.symbol === symbol && !keep(order.id)) this.#desk.cancel(order.id)
    }
  }

  /** The order that holds a tag: it stands, or exits that it brought along do. */
  #inUse(tag: string): OrderState | null {
    const standing = this.#desk.standingOf(this.#leg, tag)
    if (standing !== null) return standing
    const last = this.#desk.lastOf(this.#leg, tag)
    return last !== null && this.#brackets.isInProgress(last) ? this.#desk.context.order(last.id) : null
  }

  #restate(live: OrderState, draft: OrderDraft): OrderId {
    const { id } = live.order
    const moves = !isSameBracket(live.order.bracket, draft.bracket)
    const hasFilled = !live.filledQty.isZero()
    if (!isAmendable(live, draft) || (moves && !hasFilled)) return this.#replace(id, draft)
    if (moves && draft.bracket !== undefined) this.#brackets.move(live, draft.bracket)
    const { qty, price, trigger } = fitToInstrument(draft, this.#desk.context.instrument())
    const wanted = draft.intent === 'close' ? minDecimal(qty, live.filledQty.plus(this.#desk.held(this.#leg))) : qty
    if (wanted.lte(live.filledQty)) this.#desk.cancel(id)
    else this.#desk.amend(live, { qty: wanted, ...(price !== undefined && { price }), ...(trigger !== undefined && { trigger }) })
    return id
  }

  /** An opener goes before its successor comes, since both could fill; a closer goes after. */
  #replace(id: OrderId, draft: OrderDraft): OrderId {
    if (draft.intent === 'open') this.#desk.cancel(id)
    const successor = this.#desk.submit(draft)
    if (draft.intent === 'close') this.#desk.cancel(id)
    return successor
  }
}

/** True when the draft differs from the order in quantity and prices at most. Expiry counts from the first statement. */
function isAmendable({ order }: OrderState, draft: OrderDraft): boolean {
  return order.intent === draft.intent && order.type === draft.type && order.timeInForce === (draft.timeInForce ?? 'GTC')
    && order.triggerBy === draft.triggerBy && order.stp === draft.stp && order.postOnly === (draft.postOnly ?? false) && isSameTrailing(order.trailing, draft.trailing)
}

function isSameInput(a: object, b: object): boolean {
  const before = a as Readonly<Record<string, unknown>>
  const after = b as Readonly<Record<string, unknown>>
  for (const key in after) if (before[key] !== after[key]) return false
  for (const key in before) if (!(key in after)) return false
  return true
}
