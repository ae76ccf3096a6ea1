/** Orders that belong together: all of them open, or what has opened is unwound or kept. */
import { HedgerowError, isLive, LEGS, ZERO } from '@hedgerow/core'
import type { Decimal, Leg, OrderId, TimeMs } from '@hedgerow/core'
import { positiveAmount, type Amount } from './amounts.ts'
import type { Desk } from './desk.ts'
import { OrderView } from './order-view.ts'
import { shown } from './shown.ts'

/** One leg of a group: at market, or at a limit price. */
export interface GroupMember {
  /** A symbol of the route: by default its only one. */
  readonly symbol?: string
  readonly leg: Leg
  /** Base units. */
  readonly qty: Amount
  readonly price?: Amount
}

/** What happens when not every member fills. */
export interface GroupPolicy {
  /** `unwind` closes at market what has opened, once; `keep` leaves it. Both cancel what still rests. */
  readonly onFailure: 'unwind' | 'keep'
  /** Milliseconds after which the group has failed. Required where a member may rest, that is, where one has a price. */
  readonly completeWithin?: number
}

/** A long and a short leg that open together. */
export interface PairOrder extends GroupPolicy {
  readonly long: Omit<GroupMember, 'leg'>
  readonly short: Omit<GroupMember, 'leg'>
}

/** `opening` until every member has filled (`complete`) or one cannot; then `unwinding` and `unwound`, or `kept`. */
export type GroupStatus = 'opening' | 'complete' | 'unwinding' | 'unwound' | 'kept'

/** What an author sees of a group. */
export interface GroupView {
  readonly status: GroupStatus
  readonly orders: readonly OrderView[]
  /** Milliseconds during which some member had filled and another had not, so far. Without a latency model only resting members add to it. */
  readonly nakedMs: number
}

const MEMBER_KEYS: ReadonlySet<string> = new Set(['symbol', 'leg', 'qty', 'price'] satisfies (keyof GroupMember)[])
const POLICY_KEYS: ReadonlySet<string> = new Set(['onFailure', 'completeWithin'] satisfies (keyof GroupPolicy)[])

class IntentGroup implements GroupView {
  readonly orders: readonly OrderView[]
  readonly deadline: TimeMs | null
  readonly #desk: Desk
  readonly #onFailure: GroupPolicy['onFailure']
  readonly #ids: readonly OrderId[]
  /** Quantity that unwinding orders were sent for, by member. */
  readonly #unwound: Decimal[]
  readonly #unwinding: OrderId[] = []
  #status: GroupStatus = 'opening'
  #nakedSince: TimeMs | null = null
  #nakedMs = 0

  constructor(desk: Desk, parts: { readonly ids: readonly OrderId[]; readonly policy: GroupPolicy; readonly deadline: TimeMs | null }) {
    this.#desk = desk
    this.#ids = parts.ids
    this.#unwound = parts.ids.map(() => ZERO)
    this.#onFailure = parts.policy.onFailure
    this.deadline = parts.deadline
    this.orders = parts.ids.map((id) => new OrderView(desk, id))
  }

  get status(): GroupStatus {
    return this.#status
  }

  get nakedMs(): number {
    return this.#nakedMs + (this.#nakedSince === null ? 0 : this.#desk.context.now() - this.#nakedSince)
  }

  get isDone(): boolean {
    return this.#status === 'complete' || this.#status === 'kept' || this.#status === 'unwound'
  }

  /** Follows what has become of the members. */
  check(): void {
    const states = this.#ids.map((id) => this.#desk.context.order(id))
    const isFilled = states.every(({ status }) => status === 'filled')
    this.#measure(!isFilled && states.some(({ filledQty }) => !filledQty.isZero()))
    if (this.#status === 'opening' && isFilled) this.#finish('complete')
    else if (this.#status === 'opening' && states.some(({ status }) => status !== 'filled' && !isLive(status))) this.fail('a member cannot fill')
    else if (this.#status === 'unwinding') this.#unwind()
  }

  /** Ends the attempt: cancels what rests, and unwinds where that is the policy. */
  fail(why: string): void {
    const { context } = this.#desk
    context.log('warn', this.#desk.where(`group of orders ${this.#ids.join(', ')}: ${why}; ${this.#onFailure}`))
    for (const id of this.#ids) this.#desk.cancel(id)
    if (this.#onFailure === 'keep') {
      this.#finish('kept')
      return
    }
    this.#status = 'unwinding'
    this.#unwind()
  }

  /** Closes each filled quantity once, also one that fills while its cancellation is on the way. */
  #unwind(): void {
    const { context } = this.#desk
    this.#ids.forEach((id, index) => {
      const { order, filledQty } = context.order(id)
      const open = filledQty.minus(this.#unwound[index] ?? ZERO)
      if (open.lte(ZERO)) return
      this.#unwound[index] = filledQty
      this.#unwinding.push(this.#desk.submit({ symbol: order.symbol, leg: order.leg, intent: 'close', type: 'market', qty: open, role: 'exit', fit: 'exact' }))
    })
    const isOver = [...this.#ids, ...this.#unwinding].every((id) => !isLive(context.order(id).status))
    if (!isOver) return
    const left = this.#unwinding.filter((id) => context.order(id).status !== 'filled')
    if (left.length > 0) context.log('error', this.#desk.where(`unwinding ended with orders ${left.join(', ')} not filled: close the rest by hand`))
    this.#finish('unwound')
  }

  #measure(isNaked: boolean): void {
    const now = this.#desk.context.now()
    if (isNaked) this.#nakedSince ??= now
  }

  #finish(status: GroupStatus): void {
    this.#nakedMs = this.nakedMs
    this.#nakedSince = null
    this.#status = status
  }
}

/** The groups of one strategy that are not done. */
export class IntentGroups {
  readonly #desk: Desk
  /** Set here alone. */
  open: readonly IntentGroup[] = []

  constructor(desk: Desk) {
    this.#desk = desk
  }

  /** Opens a long and a short leg together. */
  openPair({ long, short, ...policy }: PairOrder): GroupView {
    return this.openGroup([{ ...long, leg: 'long' }, { ...short, leg: 'short' }], policy)
  }

  /**
   * Opens several legs together.
   *
   * @throws HedgerowError `DECLARATION_INVALID` for a group without members or without a deadline that it needs, `UNKNOWN_KEY`.
   */
  openGroup(members: readonly GroupMember[], policy: GroupPolicy): GroupView {
    this.#refuseUnknownKeys(policy, POLICY_KEYS, 'openGroup')
    members.forEach((member, index) => this.#refuseUnknownKeys(member, MEMBER_KEYS, `group member ${index + 1}`))
    const deadline = this.#deadline(members, policy)
    const drafts = members.map((member, index) => this.#draft(member, { place: `group member ${index + 1}`, deadline }))
    const group = new IntentGroup(this.#desk, { ids: drafts.map((draft) => this.#desk.submit(draft)), policy, deadline })
    this.open = [...this.open, group]
    this.check()
    return group
  }

  /** After an event that may have changed a member. */
  check(): void {
    for (const group of this.open) group.check()
    this.open = this.open.filter((group) => !group.isDone)
  }

  /** At each bar: a group whose time is over has failed. */
  checkDeadlines(): void {
    const now = this.#desk.context.now()
    for (const group of this.open) if (group.status === 'opening' && group.deadline !== null && now >= group.deadline) group.fail('its time is over')
    this.check()
  }

  #deadline(members: readonly GroupMember[], { onFailure, completeWithin }: GroupPolicy): TimeMs | null {
    if (members.length === 0) throw this.#invalid('no members', 'at least one leg')
    if (onFailure !== 'unwind' && onFailure !== 'keep') throw this.#invalid(`onFailure ${shown(onFailure)}`, "'unwind' or 'keep'")
    if (completeWithin === undefined) {
      if (members.some(({ price }) => price !== undefined)) throw this.#invalid('a leg with a price and no completeWithin', 'completeWithin in milliseconds, since that leg may rest')
      return null
    }
    if (!(completeWithin > 0 && Number.isInteger(completeWithin))) throw this.#invalid(`completeWithin ${completeWithin}`, 'a positive whole number of milliseconds')
    return this.#desk.context.now() + completeWithin
  }

  #draft({ symbol, leg, qty, price }: GroupMember, { place, deadline }: { readonly place: string; readonly deadline: TimeMs | null }): Parameters<Desk['submit']>[0] {
    const { context } = this.#desk
    if (!LEGS.includes(leg)) throw this.#invalid(`leg ${shown(leg)}`, "'long' or 'short'")
    const { symbols } = context
    if (symbol === undefined ? symbols.length > 1 : !symbols.includes(symbol)) {
      throw new HedgerowError('UNKNOWN_SYMBOL', { where: this.#desk.where(place), found: symbol ?? 'no symbol', expected: symbols.length > 1 ? `one of ${symbols.join(', ')}, the symbols of the route` : `${context.symbol}, the symbol of the route` })
    }
    const isLimit = price !== undefined
    return {
      symbol: symbol ?? context.symbol,
      leg,
      intent: 'open',
      type: isLimit ? 'limit' : 'market',
      qty: positiveAmount(qty, () => this.#desk.where(`${place} qty`)),
      ...(isLimit && { price: positiveAmount(price, () => this.#desk.where(`${place} price`)) }),
      ...(isLimit && deadline !== null && { expiresAt: deadline }),
      role: 'entry',
    }
  }

  #refuseUnknownKeys(given: object, keys: ReadonlySet<string>, place: string): void {
    for (const key of Object.keys(given)) {
      if (!keys.has(key)) throw new HedgerowError('UNKNOWN_KEY', { where: this.#desk.where(place), found: key, expected: `one of ${[...keys].join(', ')}` })
    }
  }

  #invalid(found: string, expected: string): HedgerowError {
    return new HedgerowError('DECLARATION_INVALID', { where: this.#desk.where('openGroup'), found, expected })
  }
}
