/** One bar: the hooks in their order, and what is sent between them. */
import { HedgerowError, LEGS, oppositeLeg } from '@hedgerow/core'
import type { Leg, OrderDraft } from '@hedgerow/core'
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
  readonly desk: Desk
  readonly declared: DeclaredOrders
  readonly groups: IntentGroups
}

/** Runs the hooks of a bar. Hooks that the author left alone are not prepared for. */
export class BarCycle {
  readonly #parts: BarParts
  readonly #asksForEntries: boolean
  readonly #managesPositions: boolean

  constructor(parts: BarParts) {
    this.#parts = parts
    const { hooks } = parts
    this.#managesPositions = hooks.updatePosition !== Hooks.prototype.updatePosition
    this.#asksForEntries = [...Object.values(SHOULD), ...Object.values(SHOULD_HEDGE)].some((name) => hooks[name] !== Hooks.prototype[name])
  }

  /** Steps 1 to 4: before, cancel entries, onBar, updatePosition. */
  manage(): void {
    const { hooks, desk, declared, groups } = this.#parts
    hooks.before()
    for (const leg of LEGS) {
      desk.enforcePanic(leg)
      this.#cancelEntry(leg)
    }
    groups.checkDeadlines()
    hooks.onBar()
    declared.diff('bar')
    if (this.#managesPositions && (desk.isOpen('long') || desk.isOpen('short'))) {
      hooks.updatePosition()
      declared.diff('bar')
    }
  }

  /** Steps 6 and 7: entries, after. */
  enter(): void {
    const { hooks, desk, declared } = this.#parts
    if (this.#asksForEntries) {
      if (desk.context.positionMode === 'hedge') this.#enterHedged()
      else this.#enterOneWay()
    }
    hooks.after()
    declared.diff('bar')
  }

  #cancelEntry(leg: Leg): void {
    const { hooks, desk, declared } = this.#parts
    const lists = declared.of(leg)
    if (!lists.hasEntry || !desk.isFlatOrClosing(leg) || !declared.inLeg(leg, () => hooks.shouldCancelEntry(leg))) return
    lists.cancelEntries()
    declared.inLeg(leg, () => hooks.onCancel(leg))
  }

  /** Each owned leg on its own; whether the other leg is open is settled before the first is asked. */
  #enterHedged(): void {
    const { hooks, desk } = this.#parts
    const wasOpen: Readonly<Record<Leg, boolean>> = { long: desk.isOpen('long'), short: desk.isOpen('short') }
    for (const leg of LEGS) {
      if (!this.#mayEnter(leg)) continue
      if (hooks[SHOULD[leg]]()) this.#go(leg, GO[leg])
      else if (wasOpen[oppositeLeg(leg)] && hooks[SHOULD_HEDGE[leg]]()) this.#go(leg, GO_HEDGE[leg])
    }
  }

  #enterOneWay(): void {
    const { hooks, desk } = this.#parts
    if (!LEGS.every((leg) => this.#isFree(leg))) return
    const short = desk.context.legs.includes('short') && hooks.shouldShort()
    const long = desk.context.legs.includes('long') && hooks.shouldLong()
    if (long && short) throw new HedgerowError('CONFLICTING_RULES', { where: desk.where('entries') })
    if (long) this.#go('long', 'goLong')
    else if (short) this.#go('short', 'goShort')
  }

  #mayEnter(leg: Leg): boolean {
    return this.#parts.desk.context.legs.includes(leg) && this.#isFree(leg)
  }

  /** Flat, or about to be, with nothing that opens it. */
  #isFree(leg: Leg): boolean {
    const { desk, declared } = this.#parts
    return desk.isFlatOrClosing(leg) && !declared.of(leg).hasEntry && !desk.isEntering(leg)
  }

  #go(leg: Leg, hook: GoHook): void {
    const { hooks, desk, declared } = this.#parts
    const lists = declared.of(leg)
    const sentBefore = desk.sent
    lists.beginCycle()
    declared.inLeg(leg, () => hooks[hook]())
    const drafts = lists.entryDrafts()
    if (drafts.length === 0 && desk.sent === sentBefore) {
      throw new HedgerowError('DECLARATION_INVALID', { where: desk.where(hook), found: 'no entry', expected: `this.${leg === 'long' ? 'buy' : 'sell'} = [qty, price], or this.${leg}.open({ qty })` })
    }
    if (this.#passesFilters(drafts)) lists.commitCycle()
    else lists.abandonCycle()
  }

  #passesFilters(drafts: readonly OrderDraft[]): boolean {
    const { hooks, desk } = this.#parts
    if (drafts.length === 0) return true
    const refusing = hooks.filters().find((filter) => !filter.call(hooks))
    if (refusing === undefined) return true
    desk.context.log('info', desk.where(`filter ${refusing.name || 'without name'} refused the entry`))
    for (const draft of drafts) desk.deny(draft, 'FILTERED')
    return false
  }
}
