/** Orders of a leg handle: a tag names one live order of a leg, and stating it again makes the least changes. */
import { fitToInstrument, isLive, minDecimal } from '@hedgerow/core'
import type { Leg, OrderDraft, OrderId, OrderState } from '@hedgerow/core'
import { isSameBracket, isSameTrailing, type Brackets } from './brackets.ts'
import type { Desk } from './desk.ts'

/** States, finds and cancels the orders that the handle of one leg places. */
export class TaggedOrders {
  readonly #desk: Desk
  readonly #brackets: Brackets
  readonly #leg: Leg

  constructor(desk: Desk, brackets: Brackets, leg: Leg) {
    this.#desk = desk
    this.#brackets = brackets
    this.#leg = leg
  }

  /** The live order of a tag; null where there is none. */
  find(tag: string): OrderState | null {
    return this.#live().find(({ order }) => order.tag === tag) ?? null
  }

  /**
   * Makes an order stand. Without a tag it is new each time. With a tag: the same values do nothing, other quantities and prices
   * amend, anything else replaces. While exits that the order brought along still rest, its tag is in use: stating it again
   * moves them and opens nothing.
   */
  state(draft: OrderDraft): OrderId {
    if (draft.tag === undefined) return this.#desk.submit(draft)
    const live = this.find(draft.tag)
    if (live !== null) return this.#restate(live, draft)
    const opening = draft.intent === 'open' ? this.#brackets.inProgress(draft.tag, this.#leg) : null
    if (opening === null || isLive(opening.status)) return this.#desk.submit(draft)
    if (draft.bracket !== undefined) this.#brackets.move(opening, draft.bracket)
    return opening.order.id
  }

  /** Cancels the live order of a tag; without one, every order of the leg that `keep` does not hold back. */
  cancel(tag: string | undefined, keep: (id: OrderId) => boolean): void {
    for (const { order } of this.#live()) {
      if (tag === undefined ? !keep(order.id) : order.tag === tag) this.#desk.cancel(order.id)
    }
  }

  #live(): readonly OrderState[] {
    const { symbol } = this.#desk.context
    return this.#desk.context.liveOrders().filter((state) => state.order.leg === this.#leg && state.order.symbol === symbol && this.#desk.stands(state))
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
    else this.#desk.amend(id, { qty: wanted, ...(price !== undefined && { price }), ...(trigger !== undefined && { trigger }) })
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
    && order.postOnly === (draft.postOnly ?? false) && isSameTrailing(order.trailing, draft.trailing)
}
