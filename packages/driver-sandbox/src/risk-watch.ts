/**
 * Within which mark prices liquidation is impossible. Known between two events, asked by the scan for every candle and by the walk
 * before it computes margins exactly. Resting orders are left out: a price at which one would lose is one that the walk visits anyway.
 */
import { doubleOf, isolatedLevel, LEGS, type IsolatedLeg, type Leg } from '@hedgerow/core'
import { heldPairs, marginAccount } from './admission.ts'
import { crossGuards } from './cross-guard.ts'
import type { FloatPair } from './float-account.ts'
import type { Market, Setup } from './market.ts'
import { roughPrice } from './prices.ts'
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
  /** True when a liquidation can lie anywhere on the path of a candle. */
  readonly strikesOnPath: boolean
  /** True where what resting openers would lose counts against the account. */
  readonly countsOrderLoss: boolean
  readonly #safe: readonly Bounds[]
  #bounds: readonly Bounds[] | null = null

  constructor(setup: Setup) {
    this.kind = kindOf(setup)
    this.strikesOnPath = this.kind === 'cross' || this.kind === 'isolated'
    this.countsOrderLoss = this.kind === 'cross' && setup.profile.orderMargin.orderLoss
    this.#safe = setup.markets.map(() => ANYWHERE)
  }

  /** By symbol index. */
  boundsOf(sim: Simulation): readonly Bounds[] {
    if (this.kind === 'none') return this.#safe
    if (this.#bounds !== null) return this.#bounds
    const plain = this.kind === 'cross' ? (plainBounds(sim, WIDE) ?? plainBounds(sim, NARROW)) : null
    const bounds = plain ?? exactBounds(sim)
    if (plain !== null || !isPriceMissing(sim)) this.#bounds = bounds
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
}

function exactBounds(sim: Simulation): readonly Bounds[] {
  return sim.risk.kind === 'cross' ? crossBounds(sim) : sim.books.map((book) => isolatedBounds(sim, book))
}

function crossBounds(sim: Simulation): readonly Bounds[] {
  const account = heldPairs(marginAccount(sim))
  const guards = account.pairs.length === 0 ? [] : crossGuards(sim.setup.profile, account)
  return sim.books.map(({ market }) => {
    const index = account.pairs.findIndex(({ symbol }) => symbol === market.symbol)
    if (index < 0) return isPriceMissing(sim) ? NOWHERE : ANYWHERE
    return guards === null ? NOWHERE : (guards[index] ?? NOWHERE)
  })
}

/** Moves of all prices that an account has to survive for its bounds to be set without solving for them: the wide one, else the narrow one. */
const WIDE = 0.1
const NARROW = 0.02
/** Relative error of the float sums below, with room. */
const FLOAT_SLACK = 1e-9

/**
 * Bounds a move away from every mark, when upper bounds in floats of all losses and margins leave equity even there. That is the state of
 * most accounts at most times, and it costs a few multiplications; null sends to the exact guards.
 */
function plainBounds(sim: Simulation, move: number): readonly Bounds[] | null {
  const { wallet, pairs } = sim.floats.current()
  const bounds: Bounds[] = []
  let left = wallet
  let size = Math.abs(wallet)
  for (const { market, mark: lane } of sim.books) {
    const pair = pairs[market.index]
    if (pair === undefined || pair.isFlat) {
      bounds.push(ANYWHERE)
      continue
    }
    const mark = roughPrice(sim, lane)
    if (Number.isNaN(mark) || !market.tiers.convex) return null
    const value = valueBound(pair, mark * (1 + move))
    left -= lossBound(pair, mark * (1 - move), mark * (1 + move)) + value * (rateAt(market, value) + sim.setup.rules.feeBound)
    size += value
    bounds.push({ below: mark * (1 - move), above: mark * (1 + move) })
  }
  return left > FLOAT_SLACK * size ? bounds : null
}

/** The largest loss of the pair between two prices: it is linear in the price, so at one of them. */
function lossBound({ long, short }: FloatPair, low: number, high: number): number {
  const constant = long.cost - short.cost
  const slope = short.qty - long.qty
  return Math.max(constant + slope * low, constant + slope * high)
}

/** Not below the sum of the legs' values, at mark or entry, up to a price. */
function valueBound({ long, short }: FloatPair, high: number): number {
  return Math.max(long.cost, long.qty * high) + Math.max(short.cost, short.qty * high)
}

/** Maintenance rate of a value; the deductions of a convex table only lower what follows from it. */
export function rateAt({ rates }: Market, value: number): number {
  for (const { cap, rate } of rates) if (value <= cap) return rate
  return rates.at(-1)?.rate ?? 1
}

/** True when a leg is held of a symbol that has not traded yet: nothing is known about the account's risk until it does. */
export function isPriceMissing(sim: Simulation): boolean {
  const { pairs } = sim.floats.current()
  return sim.books.some(({ market: { index, last } }) => pairs[index]?.isFlat === false && Number.isNaN(last.closeBefore(sim.minute + 1)))
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
