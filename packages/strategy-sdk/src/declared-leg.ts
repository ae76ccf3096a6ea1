/** The declared orders of one leg: what is declared, and the diff that makes the orders follow it. */
import { entryPriceOf, isLive, legOf, ZERO } from '@hedgerow/core'
import type { Decimal, Leg, OrderDraft, OrderId, OrderState } from '@hedgerow/core'
import { draftOf, typedRow, type SlotName } from './declared-draft.ts'
import { DeclaredSlot, type Standing } from './declared-slot.ts'
import type { Row } from './declarations.ts'
import type { Desk } from './desk.ts'
import { shareOut } from './exit-shares.ts'
import { cappedExit, isWrongSide } from './predecessor.ts'

/** The lists of one cycle. */
class Slots {
  /** True until something is declared. */
  isBlank = true
  readonly entry: DeclaredSlot = new DeclaredSlot('entry')
  /** What reduces the leg, in the order in which it is placed: the stop first. */
  readonly exits: readonly DeclaredSlot[] = [new DeclaredSlot('stopLoss'), new DeclaredSlot('takeProfit'), new DeclaredSlot('exit')]
  readonly all: readonly DeclaredSlot[] = [this.entry, ...this.exits]

  of(name: SlotName): DeclaredSlot {
    for (const slot of this.all) if (slot.name === name) return slot
    return this.entry
  }

  /** True where no exits are declared, and none were that still have to go. */
  get hasNoExits(): boolean {
    for (const slot of this.exits) if (!slot.isEmpty) return false
    return true
  }

  /** The exits once more, with no order that stands for them. */
  renewedExits(): Slots {
    const renewed = new Slots()
    for (const { name, standing } of this.exits) if (renewed.of(name).assign(standing.map(({ row }) => row))) renewed.isBlank = false
    return renewed
  }
}

/** When a diff runs: at a bar it also places again what the venue cancelled; at the opening fill the predecessor checks sides. */
export type DiffPoint = 'bar' | 'event' | 'opened'

/** When the next diff has something to do: at the next bar, where the venue has cancelled a row's order, or at any point. */
type Work = 'none' | 'at bar' | 'now'

/**
 * Declared orders of one leg over one cycle from flat to flat, and of the next cycle while the present one is still closing.
 *
 * Exits have no group: each is clipped to the leg by the diff, and the venue cancels what is left when the leg is flat.
 * A group would cancel the stop as soon as the first of several targets has filled.
 */
export class DeclaredLeg {
  readonly leg: Leg
  /** Whether a diff has something to do. */
  work: Work = 'none'
  /** A decided entry that waits until the leg is free. */
  waiting: Slots | null = null
  readonly #desk: Desk
  #slots = new Slots()
  /** What `go*` is writing while the leg still closes. */
  #writing: Slots | null = null
  /** Entries whose cancellation was asked for: the next entry waits for the answers. */
  readonly #leaving: OrderId[] = []
  /** The exits of entries that are leaving: one of them may still fill. Nobody sees them before. */
  #late: Slots | null = null

  constructor(desk: Desk, leg: Leg) {
    this.#desk = desk
    this.leg = leg
  }

  /** Declared rows of a list. */
  rows(name: SlotName): readonly Row[] {
    return this.#current().of(name).standing.map(({ row }) => row)
  }

  /** Takes the rows of a list; the next diff acts on them. */
  assign(name: SlotName, rows: readonly Row[]): void {
    const slots = this.#current()
    const slot = slots.of(name)
    const isChanged = this.#desk.context.rules.predecessor ? slot.replace(rows) : slot.assign(rows)
    if (!isChanged) return
    slots.isBlank = false
    if (this.#writing === null) this.work = 'now'
  }

  /** Something happened to the leg or its orders: the next diff has work, unless nothing is declared. */
  touch(): void {
    if (this.#late !== null || !this.#slots.isBlank) this.work = 'now'
  }

  /** True while a declared entry rests or waits. */
  get hasEntry(): boolean {
    if (this.waiting !== null) return true
    for (const standing of this.#slots.entry.standing) {
      const live = this.#liveOf(standing)
      if (live !== null && this.#desk.stands(live)) return true
    }
    return false
  }

  /** True for an order that stands for a declared row, or did until the row went. */
  owns(id: OrderId): boolean {
    return this.#slots.all.some((slot) => slot.going.includes(id) || slot.standing.some(({ orderId }) => orderId === id))
  }

  /** Starts the declarations of a new cycle. What a leg that still closes has declared stays until it has closed. */
  beginCycle(held: Decimal): void {
    if (held.isZero()) this.reset()
    else this.#writing = new Slots()
  }

  /** The entry was refused: its declarations go. */
  abandonCycle(): void {
    if (this.#writing === null) this.reset()
    this.#writing = null
  }

  /** Number of declared entries. */
  get entryCount(): number {
    return this.#current().entry.standing.length
  }

  /** The drafts of the declared entries, typed by the present price. */
  entryDrafts(): OrderDraft[] {
    return this.#current().entry.standing.map(({ row }) => this.#entryDraft(row))
  }

  /** Places the declared entries, or lets them wait until the leg is free. */
  commitCycle(): void {
    const slots = this.#current()
    const isClosing = this.#writing !== null
    this.#writing = null
    if (!isClosing && !this.#isBlocked()) {
      this.#enter()
      return
    }
    for (const standing of slots.entry.standing) standing.typed = typedRow(this.#desk.context, 'entry', standing.row)
    if (slots === this.#slots) this.#slots = new Slots()
    this.waiting = slots
  }

  /** Places a waiting entry as soon as the leg is free. */
  release(): void {
    const slots = this.waiting
    if (slots === null || this.#isBlocked()) return
    this.waiting = null
    this.#late = null
    this.reset()
    this.#slots = slots
    this.work = 'now'
    this.#enter()
  }

  /** The leg has closed: what it has declared ends, but for the exits of what an entry may still fill while it is leaving. */
  endCycle(): void {
    const exits = this.#mayFill() && !this.#desk.context.rules.predecessor ? this.#slots.renewedExits() : null
    this.reset()
    if (exits !== null && !exits.isBlank) this.#late = exits
  }

  /** Cancels every declared order of the leg and clears its lists. */
  reset(): void {
    const slots = this.#slots
    this.work = 'none'
    if (slots.isBlank) return
    for (const slot of slots.all) if (!slot.isEmpty) this.#clear(slot)
    slots.isBlank = true
  }

  /** Cancels the resting entries and forgets the waiting one; with a leg that is flat, its exits go too, but for what an entry may still fill. */
  cancelEntries(held: Decimal): void {
    this.waiting = null
    if (!held.isZero()) return
    const slots = this.#slots
    this.#clear(slots.entry)
    this.work = 'none'
    this.#late = null
    slots.isBlank = slots.hasNoExits
    if (slots.isBlank) return
    if (this.#isLeaving()) this.#late = slots
    this.#slots = new Slots()
  }

  /** Clears the lists of a flat leg whose entries have all died: nothing is left that they could follow. */
  forgetDeadEntry(): void {
    const { standing } = this.#slots.entry
    if ((standing.length === 0 && this.#late === null) || this.#desk.isOpen(this.leg)) return
    if (this.#late !== null && !this.#isLeaving()) this.#late = null
    if (standing.length === 0) return
    for (const one of standing) if (!this.#isOver(one)) return
    if (!this.#desk.isEntering(this.leg)) this.reset()
  }

  /** Makes the orders follow the declarations. Does nothing when nothing has changed. */
  diff(point: DiffPoint): void {
    if (point === 'bar' && this.work === 'at bar') this.work = 'now'
    if (this.work !== 'now' || this.#isManual()) return
    const held = this.#desk.held(this.leg)
    const isOpen = !held.isZero()
    if (isOpen && this.#late !== null) this.#adopt(this.#late)
    if (!isOpen && this.#desk.context.rules.predecessor) return
    this.work = 'none'
    if (isOpen) for (const slot of this.#slots.exits) if (!slot.isEmpty) this.#diffExits(slot, point, held)
    this.#diffEntries()
  }

  /** Places the decided entry of a flat leg. */
  #enter(): void {
    if (this.#isManual()) return
    this.work = 'none'
    this.#diffEntries()
  }

  /** An entry has filled while it was leaving: its exits count, unless others have been declared since. */
  #adopt(late: Slots): void {
    this.#late = null
    if (this.#slots.entry.isEmpty && this.#slots.hasNoExits) this.#slots = late
  }

  #isManual(): boolean {
    return this.#desk.isRestricted && this.#desk.mode(this.leg) === 'manual'
  }

  #current(): Slots {
    return this.#writing ?? this.#slots
  }

  /** A new cycle cannot start before the leg is flat, in one-way mode the other too, and old entries are gone for certain. */
  #isBlocked(): boolean {
    if (this.#isLeaving()) return true
    return this.#desk.context.positionMode === 'one-way' ? this.#desk.isAnyOpen : this.#desk.isOpen(this.leg)
  }

  /** True while an entry whose cancellation was asked for may still fill. */
  #isLeaving(): boolean {
    for (let id = this.#leaving.at(-1); id !== undefined; id = this.#leaving.at(-1)) {
      if (isLive(this.#desk.context.order(id).status)) return true
      this.#leaving.pop()
    }
    return false
  }

  /** True while an entry of this cycle or of one before may still fill. */
  #mayFill(): boolean {
    for (const standing of this.#slots.entry.standing) if (this.#liveOf(standing) !== null) return true
    return this.#isLeaving()
  }

  /** Old entries go before new ones are placed: both resting could both fill, which is more than was asked. */
  #diffEntries(): void {
    const slot = this.#slots.entry
    for (const id of slot.settle()) this.#letGo(id, slot)
    for (const standing of slot.standing) standing.orderId ??= this.#desk.submit(this.#entryDraft(standing.typed ?? standing.row))
  }

  /** New exits are placed before old ones go: the leg is never without its stop. */
  #diffExits(slot: DeclaredSlot, point: DiffPoint, held: Decimal): void {
    const { name, standing } = slot
    const shares = this.#shares(standing, held)
    for (let row = 0; row < standing.length; row++) {
      const one = standing[row]
      const share = shares[row]
      if (one !== undefined && share !== undefined) this.#follow(one, { name, point, share })
    }
    for (const id of slot.settle()) this.#letGo(id, slot)
  }

  #shares(standing: readonly Standing[], held: Decimal): Decimal[] {
    const { context } = this.#desk
    const wishes = standing.map((one) => this.#wish(one))
    return context.rules.predecessor ? wishes.map((wish) => cappedExit(wish, held)) : shareOut(wishes, held, context.instrument().qtyStep)
  }

  #follow(standing: Standing, want: { readonly name: SlotName; readonly point: DiffPoint; readonly share: Decimal }): void {
    this.#forgetDeadExit(standing, want.point)
    const { orderId, row } = standing
    if (orderId === null) {
      if (!want.share.isZero()) standing.orderId = this.#desk.submit(draftOf(this.#desk.context, want.name, this.#sided(want, row), want.share))
      return
    }
    const state = this.#desk.context.order(orderId)
    if (!this.#desk.stands(state) || state.order.type === 'market') return
    if (!want.share.isZero()) {
      // The desk knows what the order was asked to become: it may not be that yet.
      this.#desk.amend(state, { qty: state.filledQty.plus(want.share) })
      return
    }
    this.#desk.cancel(orderId)
    standing.filledBefore = standing.filledBefore.plus(state.filledQty)
    standing.orderId = null
  }

  /** A row whose order the venue cancelled is placed again with the next bar; one that follows the whole leg, or was clipped to it, as soon as there is more of it. */
  #forgetDeadExit(standing: Standing, point: DiffPoint): void {
    if (standing.orderId === null) return
    const { status, filledQty } = this.#desk.context.order(standing.orderId)
    const wasCancelled = status === 'canceled' || status === 'expired'
    if (wasCancelled && point !== 'bar') {
      if (this.work === 'none') this.work = 'at bar'
      return
    }
    if (!wasCancelled && !(status === 'filled' && this.#hasMore(standing))) return
    standing.filledBefore = standing.filledBefore.plus(filledQty)
    standing.orderId = null
  }

  #wish({ row, orderId, filledBefore }: Standing): Decimal | 'all' {
    if (row.qty === 'all') return 'all'
    const filled = orderId === null ? filledBefore : filledBefore.plus(this.#desk.context.order(orderId).filledQty)
    if (filled.isZero()) return row.qty
    const rest = row.qty.minus(filled)
    return rest.lte(ZERO) || (rest.lt(this.#desk.context.instrument().qtyStep) && this.#isFilled(orderId)) ? ZERO : rest
  }

  /** True for a row that is not done with its filled order: what rounding to the step has left over is no rest. */
  #hasMore({ row, orderId, filledBefore }: Standing): boolean {
    const { context } = this.#desk
    if (row.qty === 'all') return true
    if (orderId === null || context.rules.predecessor) return false
    return row.qty.minus(filledBefore).minus(context.order(orderId).filledQty).gte(context.instrument().qtyStep)
  }

  #isFilled(orderId: OrderId | null): boolean {
    const { context } = this.#desk
    return !context.rules.predecessor && orderId !== null && context.order(orderId).status === 'filled'
  }

  #sided(want: { readonly name: SlotName; readonly point: DiffPoint }, row: Row): Row {
    const { context } = this.#desk
    if (!context.rules.predecessor || want.point !== 'opened' || row.price === null) return row
    const entryPrice = entryPriceOf(legOf(context.pair(), this.leg))
    if (entryPrice === null || !isWrongSide(want.name, row.price, { leg: this.leg, entryPrice })) return row
    context.log('warn', this.#desk.where(`${want.name} at ${row.price.toString()} is on the wrong side of the entry: replaced by a market order`))
    return { ...row, type: 'market' }
  }

  #entryDraft(row: Row): OrderDraft {
    return draftOf(this.#desk.context, 'entry', row, row.qty === 'all' ? ZERO : row.qty)
  }

  /** True for a row whose order has come to its end; false before it is placed. */
  #isOver(standing: Standing): boolean {
    return standing.orderId !== null && this.#liveOf(standing) === null
  }

  /** The live order of a row; null before it is placed, and once it has come to its end. */
  #liveOf(standing: Standing): OrderState | null {
    const { orderId, overId } = standing
    if (orderId === null || orderId === overId) return null
    const state = this.#desk.context.order(orderId)
    if (isLive(state.status)) return state
    standing.overId = orderId
    return null
  }

  /** Cancels the orders of a list and forgets its rows. */
  #clear(slot: DeclaredSlot): void {
    for (const id of slot.settle()) this.#letGo(id, slot)
    for (const { orderId, overId } of slot.standing) if (orderId !== null && orderId !== overId) this.#letGo(orderId, slot)
    slot.clear()
  }

  #letGo(id: OrderId, slot: DeclaredSlot): void {
    if (this.#desk.cancel(id) && slot === this.#slots.entry) this.#leaving.push(id)
  }
}
