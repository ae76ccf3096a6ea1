/** The declared lists of a strategy: which leg a row belongs to, and which list of that leg it sets. */
import { HedgerowError, LEGS, type Leg } from '@hedgerow/core'
import type { SlotName } from './declared-draft.ts'
import { DeclaredLeg, type DiffPoint } from './declared-leg.ts'
import { listedRows } from './declared-list.ts'
import { freezeDeclaration, readRows, type ListedRow, type ReadingRules, type Row, type Variable } from './declarations.ts'
import type { Desk } from './desk.ts'
import { isIgnored } from './predecessor.ts'

/** Which list of a leg a variable sets: `sell` with the long leg reduces it, `buy` with the short leg reduces that. */
const SLOTS: Readonly<Record<Variable, Readonly<Record<Leg, SlotName>>>> = {
  buy: { long: 'entry', short: 'exit' },
  sell: { long: 'exit', short: 'entry' },
  stopLoss: { long: 'stopLoss', short: 'stopLoss' },
  takeProfit: { long: 'takeProfit', short: 'takeProfit' },
}

/** Declared orders of both legs of a strategy. */
export class DeclaredOrders {
  readonly long: DeclaredLeg
  readonly short: DeclaredLeg
  readonly #desk: Desk
  /** How the rows of each variable are read. */
  readonly #reading: Readonly<Record<Variable, ReadingRules>>
  /** The leg whose hook is running; null outside of such hooks. */
  #hookLeg: Leg | null = null

  constructor(desk: Desk) {
    this.#desk = desk
    this.#reading = { buy: this.#rulesOf('buy'), sell: this.#rulesOf('sell'), stopLoss: this.#rulesOf('stopLoss'), takeProfit: this.#rulesOf('takeProfit') }
    this.long = new DeclaredLeg(desk, 'long')
    this.short = new DeclaredLeg(desk, 'short')
  }

  of(leg: Leg): DeclaredLeg {
    return leg === 'long' ? this.long : this.short
  }

  /** True while a hook of one leg runs. */
  get isInHook(): boolean {
    return this.#hookLeg !== null
  }

  /** Runs a hook that belongs to a leg: rows that name none belong to it. */
  inLeg<T>(leg: Leg, hook: () => T): T {
    const outer = this.#hookLeg
    this.#hookLeg = leg
    try {
      return hook()
    } finally {
      this.#hookLeg = outer
    }
  }

  /** Makes the orders of both legs follow what is declared. */
  diff(point: DiffPoint): void {
    if (this.long.hasWork) this.long.diff(point)
    if (this.short.hasWork) this.short.diff(point)
  }

  /** True while a leg may have a declared entry that rests or waits. */
  get hasEntries(): boolean {
    return this.long.mayHaveEntry || this.short.mayHaveEntry
  }

  /** Sends entries that waited for a leg to become free. */
  release(): void {
    this.long.release()
    this.short.release()
  }

  /** Sets the rows of the legs that the value names; the other leg keeps its own. `null` changes nothing, `[]` clears. */
  assign(variable: Variable, value: unknown, onlyLeg?: Leg): void {
    if (value === null) return
    freezeDeclaration(value)
    if (Array.isArray(value) && value.length === 0) {
      for (const leg of this.#legsToClear(variable, onlyLeg)) this.#set(variable, leg, [])
      return
    }
    const rows = this.#read(variable, value, onlyLeg)
    const [first] = rows
    if (rows.length === 1 && first !== undefined) return this.#set(variable, first.leg, rows)
    for (const leg of LEGS) {
      const ofLeg = rows.filter((row) => row.leg === leg)
      if (ofLeg.length > 0) this.#set(variable, leg, ofLeg)
    }
  }

  /** The declared rows of a variable, of one leg or of both. */
  list(variable: Variable, onlyLeg?: Leg): readonly ListedRow[] {
    const legs = onlyLeg === undefined ? LEGS : [onlyLeg]
    const rows = legs.flatMap((leg) => this.of(leg).rows(SLOTS[variable][leg]))
    return listedRows(rows, () => this.#desk.where(variable))
  }

  /** The leg that is meant where none is named: that of the running hook, the only one the route owns, or the only open one. */
  impliedLeg(place: string): Leg {
    const leg = this.#hookLeg ?? this.#onlyOwned()
    if (leg !== null) return leg
    const isLong = this.#desk.isOpen('long')
    const isShort = this.#desk.isOpen('short')
    if (isLong !== isShort) return isLong ? 'long' : 'short'
    throw new HedgerowError('LEG_REQUIRED', { where: this.#desk.where(place), found: isLong ? 'both legs open' : 'no leg open' })
  }

  #read(variable: Variable, value: unknown, onlyLeg: Leg | undefined): Row[] {
    return readRows(variable, value, onlyLeg === undefined ? this.#reading[variable] : { ...this.#reading[variable], impliedLeg: () => onlyLeg, onlyLeg })
  }

  #rulesOf(variable: Variable): ReadingRules {
    return { impliedLeg: () => this.impliedLeg(variable), magnitudes: this.#desk.context.rules.predecessor, where: (place) => this.#desk.where(place) }
  }

  #legsToClear(variable: Variable, onlyLeg: Leg | undefined): readonly Leg[] {
    const leg = onlyLeg ?? this.#hookLeg ?? this.#onlyOwned()
    if (leg !== null) return [leg]
    const anyOpen = this.#desk.isOpen('long') || this.#desk.isOpen('short')
    return anyOpen ? [this.impliedLeg(variable)] : LEGS
  }

  #set(variable: Variable, leg: Leg, rows: readonly Row[]): void {
    const name = leg === 'long' ? SLOTS[variable].long : SLOTS[variable].short
    if (this.#desk.context.rules.predecessor && isIgnored(variable, leg)) {
      this.#desk.context.warn('IGNORED_DECLARATION', `${this.#desk.where(variable)}: ${variable} is not read during a ${leg}; reduce it with takeProfit or stopLoss`)
      return
    }
    if (name === 'entry' && rows.some((row) => row.qty === 'all')) {
      throw new HedgerowError('DECLARATION_INVALID', { where: this.#desk.where(variable), found: "qty 'all'", expected: 'a quantity: only orders that reduce a leg can follow it' })
    }
    this.of(leg).assign(name, rows)
  }

  #onlyOwned(): Leg | null {
    const { legs } = this.#desk.context
    return legs.length === 1 ? (legs[0] ?? null) : null
  }
}
