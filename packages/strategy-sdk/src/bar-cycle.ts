/** One bar: the hooks in their order, and what is sent between them. */
import { HedgerowError, LEGS } from '@hedgerow/core'
import type { Decimal } from '@hedgerow/core'
import type { Book, Books } from './book.ts'
import type { DeclaredLeg } from './declared-leg.ts'
import type { DeclaredOrders } from './declared-orders.ts'
import type { Desk } from './desk.ts'
import { Hooks } from './hooks.ts'
import type { IntentGroups } from './intent-group.ts'

type GoHook = (hooks: Hooks) => void

/** What declares an entry, each under the name of its hook. */
const GO = {
  goLong: (hooks) => { hooks.goLong() },
  goShort: (hooks) => { hooks.goShort() },
  goLongHedge: (hooks) => { hooks.goLongHedge() },
  goShortHedge: (hooks) => { hooks.goShortHedge() },
} as const satisfies Readonly<Record<string, GoHook>>

const ENTRY_HOOKS = ['shouldLong', 'shouldShort', 'shouldLongHedge', 'shouldShortHedge'] as const

/** What a bar works on. */
export interface BarParts {
  readonly hooks: Hooks
  readonly books: Books
  readonly groups: IntentGroups
}

/** Runs the hooks of a bar; entries are asked for on the first symbol only. Hooks that the author left alone are not prepared for. */
export class BarCycle {
  readonly #hooks: Hooks
  readonly #books: Books
  readonly #desk: Desk
  readonly #declared: DeclaredOrders
  readonly #groups: IntentGroups
  readonly #asksForEntries: boolean
  readonly #managesPositions: boolean
  readonly #filters: boolean
  readonly #tellsCancels: boolean
  /** The predecessor compares its lists once a bar, after `updatePosition`, and after events. */
  readonly #predecessor: boolean

  constructor({ hooks, books, groups }: BarParts) {
    this.#hooks = hooks
    this.#books = books
    this.#desk = books.main.desk
    this.#declared = books.main.declared
    this.#groups = groups
    this.#predecessor = this.#desk.context.rules.predecessor
    this.#tellsCancels = hooks.onCancel !== Hooks.prototype.onCancel
    this.#filters = hooks.filters !== Hooks.prototype.filters
    this.#managesPositions = hooks.updatePosition !== Hooks.prototype.updatePosition
    this.#asksForEntries = ENTRY_HOOKS.some((name) => hooks[name] !== Hooks.prototype[name])
  }

  /** Steps 1 to 4: before, cancel entries, onBar, updatePosition. */
  manage(): void {
    this.#hooks.before()
    for (const book of this.#books.all) {
      if (book.desk.isRestricted) for (const leg of LEGS) book.desk.enforcePanic(leg)
      if (book.declared.long.hasEntry) this.#cancelEntry(book, book.declared.long)
      if (book.declared.short.hasEntry) this.#cancelEntry(book, book.declared.short)
    }
    if (this.#groups.open.length > 0) this.#groups.checkDeadlines()
    this.#hooks.onBar()
    if (!this.#predecessor) this.#books.diff('bar')
    const manages = this.#managesPositions && this.#books.isOpen
    if (manages) this.#hooks.updatePosition()
    // Nothing can have changed since the first.
    if (manages || this.#predecessor) this.#books.diff('bar')
  }

  /** Steps 6 and 7: entries, after. */
  enter(): void {
    if (this.#asksForEntries) {
      if (this.#desk.context.positionMode === 'hedge') this.#enterHedged()
      else this.#enterOneWay()
    }
    this.#hooks.after()
    if (!this.#predecessor) this.#books.diff('bar')
  }

  #cancelEntry(book: Book, lists: DeclaredLeg): void {
    const { leg } = lists
    const held = book.desk.held(leg)
    if (!book.desk.isFlatOrClosing(leg, held)) return
    const isAsked = this.#hooks.shouldCancelEntry !== Hooks.prototype.shouldCancelEntry
    if (isAsked && !this.#books.within(book, leg, () => this.#hooks.shouldCancelEntry(leg))) return
    lists.cancelEntries(held)
    if (this.#tellsCancels) this.#books.within(book, leg, () => { this.#hooks.onCancel(leg) })
  }

  /** Each owned leg on its own; whether the other leg is open is settled before the first is asked. */
  #enterHedged(): void {
    const { long, short } = this.#desk.context.pair()
    if (this.#desk.ownsLong && this.#isFree(this.#declared.long, long.qty)) {
      if (this.#hooks.shouldLong()) this.#go(this.#declared.long, GO.goLong, long.qty)
      else if (!short.qty.isZero() && this.#hooks.shouldLongHedge()) this.#go(this.#declared.long, GO.goLongHedge, long.qty)
    }
    if (this.#desk.ownsShort && this.#isFree(this.#declared.short, short.qty)) {
      if (this.#hooks.shouldShort()) this.#go(this.#declared.short, GO.goShort, short.qty)
      else if (!long.qty.isZero() && this.#hooks.shouldShortHedge()) this.#go(this.#declared.short, GO.goShortHedge, short.qty)
    }
  }

  #enterOneWay(): void {
    const { long, short } = this.#desk.context.pair()
    if (!this.#isFree(this.#declared.long, long.qty) || !this.#isFree(this.#declared.short, short.qty)) return
    const goesShort = this.#desk.ownsShort && this.#hooks.shouldShort()
    const goesLong = this.#desk.ownsLong && this.#hooks.shouldLong()
    if (goesLong && goesShort) throw new HedgerowError('CONFLICTING_RULES', { where: this.#desk.where('entries') })
    if (goesLong) this.#go(this.#declared.long, GO.goLong, long.qty)
    else if (goesShort) this.#go(this.#declared.short, GO.goShort, short.qty)
  }

  /** Flat, or about to be, with nothing that opens it. */
  #isFree(lists: DeclaredLeg, held: Decimal): boolean {
    return lists.waiting === null && this.#desk.isFlatOrClosing(lists.leg, held) && !this.#desk.isEntering(lists.leg)
  }

  #go(lists: DeclaredLeg, hook: GoHook, held: Decimal): void {
    const { leg } = lists
    const sentBefore = this.#desk.sent
    lists.beginCycle(held)
    this.#books.within(this.#books.main, leg, () => { hook(this.#hooks) })
    if (lists.entryCount === 0 && this.#desk.sent === sentBefore) {
      throw new HedgerowError('DECLARATION_INVALID', { where: this.#desk.where(hook.name), found: 'no entry', expected: `this.${leg === 'long' ? 'buy' : 'sell'} = [qty, price], or this.${leg}.open({ qty })` })
    }
    if (this.#passesFilters(lists)) lists.commitCycle()
    else lists.abandonCycle()
  }

  #passesFilters(lists: DeclaredLeg): boolean {
    if (!this.#filters || lists.entryCount === 0) return true
    const refusing = this.#hooks.filters().find((filter) => !filter.call(this.#hooks))
    if (refusing === undefined) return true
    this.#desk.context.log('info', this.#desk.where(`filter ${refusing.name || 'without name'} refused the entry`))
    for (const draft of lists.entryDrafts()) this.#desk.deny(draft, 'FILTERED')
    return false
  }
}
