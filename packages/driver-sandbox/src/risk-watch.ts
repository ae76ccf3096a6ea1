/**
 * Within which mark prices liquidation is impossible. Known between two events, asked by the scan for every candle and by the walk
 * before it computes margins exactly. Resting orders are left out: a price at which one would lose is one that the walk visits anyway.
 */
import { doubleOf, isolatedLevel, LEGS, type IsolatedLeg, type Leg } from '@hedgerow/core'
import { heldPairs, marginAccount } from './admission.ts'
import { crossGuards } from './cross-guard.ts'
import type { Setup } from './market.ts'
import { markPrice } from './prices.ts'
import type { Simulation } from './simulation.ts'
import type { SymbolBook } from './symbol-book.ts'

/** Nothing can be liquidated while `below < mark < above`. */
export interface Bounds {
  readonly below: number
  readonly above: number
}

/** Which procedure watches an account: none, one on the whole of it, one a leg, or one a leg after each candle. */
export type RiskKind = 'none' | 'cross' | 'isolated' | 'candle-range'

const ANYWHERE: Bounds = { below: Number.NEGATIVE_INFINITY, above: Number.POSITIVE_INFINITY }
const NOWHERE: Bounds = { below: Number.POSITIVE_INFINITY, above: Number.NEGATIVE_INFINITY }
/** A level is rounded to a double: its bound lies this much, relatively, before it. */
const EARLY = 1e-12

/** The bounds of every symbol, until something is booked. */
export class RiskWatch {
  readonly kind: RiskKind
  readonly #safe: readonly Bounds[]
  #bounds: readonly Bounds[] | null = null

  constructor(setup: Setup) {
    this.kind = kindOf(setup)
    this.#safe = setup.markets.map(() => ANYWHERE)
  }

  /** By symbol index. */
  boundsOf(sim: Simulation): readonly Bounds[] {
    if (this.kind === 'none') return this.#safe
    if (this.#bounds !== null) return this.#bounds
    const bounds = this.kind === 'cross' ? this.#crossBounds(sim) : sim.books.map((book) => isolatedBounds(sim, book))
    if (!isPriceMissing(sim)) this.#bounds = bounds
    return bounds
  }

  /** To be called when positions, money or, after a guard was met, marks have changed. */
  forget(): void {
    this.#bounds = null
  }

  copy(setup: Setup): RiskWatch {
    const copy = new RiskWatch(setup)
    copy.#bounds = this.#bounds
    return copy
  }

  #crossBounds(sim: Simulation): readonly Bounds[] {
    const account = heldPairs(marginAccount(sim))
    const guards = account.pairs.length === 0 ? [] : crossGuards(sim.setup.profile, account)
    return sim.books.map(({ market }) => {
      const index = account.pairs.findIndex(({ symbol }) => symbol === market.symbol)
      if (index < 0) return isPriceMissing(sim) ? NOWHERE : ANYWHERE
      return guards === null ? NOWHERE : (guards[index] ?? NOWHERE)
    })
  }
}

/** True when a leg is held of a symbol that has not traded yet: nothing is known about the account's risk until it does. */
function isPriceMissing(sim: Simulation): boolean {
  return sim.books.some((book) => LEGS.some((leg) => !sim.heldOn(book, leg).isZero()) && markPrice(sim, book) === null)
}

/** One isolated leg as the risk model takes it. */
export function isolatedLegOf(sim: Simulation, { market }: SymbolBook, leg: Leg): IsolatedLeg {
  const { symbol, leverage, tiers } = market
  return { symbol, held: sim.ledger.position(symbol, leg), leverage: leverage[leg], tiers, takerRate: sim.setup.rules.takerRate }
}

function isolatedBounds(sim: Simulation, book: SymbolBook): Bounds {
  let { below, above } = ANYWHERE
  for (const leg of LEGS) {
    const isolated = isolatedLegOf(sim, book, leg)
    if (isolated.held.qty.isZero()) continue
    const level = isolatedLevel(sim.setup.profile, isolated)
    if (level.price === null) continue
    if (level.danger === 'below') below = Math.max(below, doubleOf(level.price) * (1 + EARLY))
    else above = Math.min(above, doubleOf(level.price) * (1 - EARLY))
  }
  return { below, above }
}

function kindOf({ marginMode, profile: { liquidation } }: Setup): RiskKind {
  if (marginMode === 'cross') return liquidation.cross === 'none' ? 'none' : 'cross'
  if (liquidation.isolated === 'none' || liquidation.isolated === 'candle-range') return liquidation.isolated
  return 'isolated'
}
