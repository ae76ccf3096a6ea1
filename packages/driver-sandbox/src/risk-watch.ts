/**
 * Within which mark prices liquidation is impossible. Known between two events, asked by the scan for every candle and by the walk
 * before it computes margins exactly. Resting orders are left out: a price at which one would lose is one that the walk visits anyway.
 */
import { doubleOf, isolatedLevel, LEGS, type IsolatedLeg, type Leg } from '@hedgerow/core'
import { heldPairs, marginAccount } from './admission.ts'
import { crossGuards } from './cross-guard.ts'
import type { FloatPair } from './float-account.ts'
import type { Market, Setup } from './market.ts'
import { doublePrice } from './prices.ts'
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
    const plain = plainBounds(sim)
    if (plain !== null) return plain
    const account = heldPairs(marginAccount(sim))
    const guards = account.pairs.length === 0 ? [] : crossGuards(sim.setup.profile, account)
    return sim.books.map(({ market }) => {
      const index = account.pairs.findIndex(({ symbol }) => symbol === market.symbol)
      if (index < 0) return isPriceMissing(sim) ? NOWHERE : ANYWHERE
      return guards === null ? NOWHERE : (guards[index] ?? NOWHERE)
    })
  }
}

/** The move that an account has to survive for its bounds to be set without solving for them. */
const WIDE = 0.1
/** Relative error of the float sums below, with room. */
const FLOAT_SLACK = 1e-9

/**
 * Bounds a tenth of the price away from every mark, when upper bounds in floats of all losses and margins leave equity even there. That is
 * the state of most accounts at most times, and it costs a few multiplications; null sends to the exact guards.
 */
function plainBounds(sim: Simulation): readonly Bounds[] | null {
  let left = sim.floats.wallet
  let size = Math.abs(left)
  for (const book of sim.books) {
    const pair = sim.floats.pair(book.market.index)
    if (pair.isFlat) continue
    const mark = doublePrice(sim, book.mark)
    if (Number.isNaN(mark) || !book.market.tiers.convex) return null
    const value = valueBound(pair, mark)
    left -= lossBound(pair, mark) + value * (rateAt(book.market, value) + sim.setup.rules.feeBound)
    size += value
  }
  if (left <= FLOAT_SLACK * size) return null
  return sim.books.map((book) => (sim.floats.pair(book.market.index).isFlat ? ANYWHERE : around(doublePrice(sim, book.mark))))
}

/** The largest loss of the pair within the wide move: it is linear in the price, so at one of the ends. */
function lossBound({ long, short }: FloatPair, mark: number): number {
  const [constant, slope] = [long.cost - short.cost, short.qty - long.qty]
  return Math.max(constant + slope * mark * (1 - WIDE), constant + slope * mark * (1 + WIDE))
}

/** Not below the sum of the legs' values, at mark or entry, within the wide move. */
function valueBound({ long, short }: FloatPair, mark: number): number {
  const high = mark * (1 + WIDE)
  return Math.max(long.cost, long.qty * high) + Math.max(short.cost, short.qty * high)
}

/** Maintenance rate of a value; the deductions of a convex table only lower what follows from it. */
export function rateAt({ rates }: Market, value: number): number {
  return (rates.find(({ cap }) => value <= cap) ?? rates.at(-1))?.rate ?? 1
}

function around(mark: number): Bounds {
  return { below: mark * (1 - WIDE), above: mark * (1 + WIDE) }
}

/** True when a leg is held of a symbol that has not traded yet: nothing is known about the account's risk until it does. */
export function isPriceMissing(sim: Simulation): boolean {
  return sim.books.some(({ market: { index, last } }) => !sim.floats.pair(index).isFlat && Number.isNaN(last.closeBefore(sim.minute + 1)))
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
