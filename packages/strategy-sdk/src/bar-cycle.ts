/** One bar: the hooks in their order, and what is sent between them. */
import { HedgerowError, LEGS, oppositeLeg } from '@hedgerow/core'
import type { Leg } from '@hedgerow/core'
import type { Book, Books } from './book.ts'
import type { DeclaredLeg } from './declared-leg.ts'
import type { DeclaredOrders } from './declared-orders.ts'
import type { Desk } from './desk.ts'
import { Hooks } from './hooks.ts'
import type { IntentGroups } from './intent-group.ts'

type EntryHook = 'shouldLong' | 'shouldShort' | 'shouldLongHedge' | 'shouldShortHedge'
type GoHook = 'goLong' | 'goShort' | 'goLongHedge' | 'goShortHedge'

const SHOULD: Readonly<Record<Leg, EntryHook>> = { long: 'shouldLong', short: 'shouldShort' }
const SHOULD_HEDGE: Readonly<Record<Leg, EntryHook>> = { long: 'shouldLongHedge', short: 'shouldShortHedge' }
const GO: Readonly<Record<Leg, GoHook>> = { long: 'goLong', short: 'goShort' }
const GO_HEDGE: Readonly<Record<Leg, GoHook>> = { long: 'goLongHedge', short: 'goShortHedge' }

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
  readonly #ownsLong: boolean
  readonly #ownsShort: boolean
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
    this.#ownsLong = this.#desk.context.legs.includes('long')
    this.#ownsShort = this.#desk.context.legs.includes('short')
    this.#managesPositions = hooks.updatePosition !== Hooks.prototype.updatePosition
    this.#asksForEntries = [...Object.values(SHOULD), ...Object.values(SHOULD_HEDGE)].some((name) => hooks[name] !== Hooks.prototype[name])
  }

  /** Steps 1 to 4: before, cancel entries, onBar, updatePosition. */
  manage(): void {
    this.#hooks.before()
    for (const book of this.#books.all) {
      if (book.desk.isRestricted) for (const leg of LEGS) book.desk.enforcePanic(leg)
      if (!book.declared.hasEntries) continue
      this.#cancelEntry(book, 'long')
      this.#cancelEntry(book, 'short')
    }
    if (!this.#groups.isEmpty) this.#groups.checkDeadlines()
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

  #cancelEntry(book: Book, leg: Leg): void {
    const lists = book.declared.of(leg)
    if (!lists.mayHaveEntry || !lists.hasEntry || !book.desk.isFlatOrClosing(leg)) return
    if (!this.#books.within(book, () => book.declared.inLeg(leg, () => this.#hooks.shouldCancelEntry(leg)))) return
    lists.cancelEntries()
    if (this.#tellsCancels) this.#books.within(book, () => book.declared.inLeg(leg, () => { this.#hooks.onCancel(leg) }))
  }

  /** Each owned leg on its own; whether the other leg is open is settled before the first is asked. */
  #enterHedged(): void {
    const wasOpen: Readonly<Record<Leg, boolean>> = { long: this.#desk.isOpen('long'), short: this.#desk.isOpen('short') }
    for (const leg of LEGS) {
      if (!this.#mayEnter(leg)) continue
      if (this.#hooks[SHOULD[leg]]()) this.#go(leg, GO[leg])
      else if (wasOpen[oppositeLeg(leg)] && this.#hooks[SHOULD_HEDGE[leg]]()) this.#go(leg, GO_HEDGE[leg])
    }
  }

  #enterOneWay(): void {
    if (!this.#isFree('long') || !this.#isFree('short')) return
    const short = this.#ownsShort && this.#hooks.shouldShort()
    const long = this.#ownsLong && this.#hooks.shouldLong()
    if (long && short) throw new HedgerowError('CONFLICTING_RULES', { where: this.#desk.where('entries') })
    if (long) this.#go('long', 'goLong')
    else if (short) this.#go('short', 'goShort')
  }

  #mayEnter(leg: Leg): boolean {
    return (leg === 'long' ? this.#ownsLong : this.#ownsShort) && this.#isFree(leg)
  }

  /** Flat, or about to be, with nothing that opens it. */
  #isFree(leg: Leg): boolean {
    const lists = this.#declared.of(leg)
    return this.#desk.isFlatOrClosing(leg) && !(lists.mayHaveEntry && lists.hasEntry) && !this.#desk.isEntering(leg)
  }

  #go(leg: Leg, hook: GoHook): void {
    const lists = this.#declared.of(leg)
    const sentBefore = this.#desk.sent
    lists.beginCycle()
    this.#declared.inLeg(leg, () => this.#hooks[hook]())
    if (lists.entryCount === 0 && this.#desk.sent === sentBefore) {
      throw new HedgerowError('DECLARATION_INVALID', { where: this.#desk.where(hook), found: 'no entry', expected: `this.${leg === 'long' ? 'buy' : 'sell'} = [qty, price], or this.${leg}.open({ qty })` })
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
