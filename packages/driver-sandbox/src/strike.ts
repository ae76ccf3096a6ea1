/** Where on a leg of the path a liquidation strikes (SIMULATION 3.2). */
import {
  crossRisk, decimalOfCount, decimalOfDouble, doubleOf, isolatedCurve, isUncovered, LEGS, riskAt, roundToStep, type Decimal, type Leg,
} from '@hedgerow/core'
import { heldPairs, marginAccount } from './admission.ts'
import { compareFractions, LEG_END, ratioOf, type Fraction } from './fraction.ts'
import type { LiveOrder } from './live-order.ts'
import { doublePrice, exactPrice, markPrice } from './prices.ts'
import { isolatedLegOf, type Bounds } from './risk-watch.ts'
import type { Simulation } from './simulation.ts'
import type { Lane, SymbolBook } from './symbol-book.ts'

/** What a venue liquidates at once: the cross account, or one isolated leg. */
export type Target = { readonly type: 'account' } | { readonly type: 'leg'; readonly book: SymbolBook; readonly leg: Leg }

/** A liquidation that the path meets. */
export interface Strike {
  readonly fraction: Fraction
  readonly target: Target
}

/** What its margin no longer covers where the path stands. */
export function uncoveredHere(sim: Simulation): Target[] {
  if (!sim.risk.strikesOnPath || (ordersLoseNothing(sim, null) && isInside(sim))) return []
  return targetsOf(sim).filter((target) => isShort(sim, target))
}

/**
 * The first liquidation from where the path stands up to `until`: at the first tick at or beyond the crossing, in the direction of the
 * move. Slack is concave along a leg, so its two ends tell whether it is crossed between.
 */
export function nextStrike(sim: Simulation, until: Fraction): Strike | null {
  if (!sim.risk.strikesOnPath || (ordersLoseNothing(sim, until) && isLegInside(sim))) return null
  let first: Strike | null = null
  for (const target of targetsOf(sim)) {
    const fraction = strikeOn(sim, target, until)
    if (fraction !== null && (first === null || compareFractions(fraction, first.fraction) < 0)) first = { fraction, target }
  }
  return first
}

/** Whole accounts first, then legs in the order of symbols, long first. */
function targetsOf(sim: Simulation): Target[] {
  if (sim.risk.kind === 'cross') return [{ type: 'account' }]
  return sim.books.flatMap((book) => LEGS.filter((leg) => !sim.heldOn(book, leg).isZero()).map((leg): Target => ({ type: 'leg', book, leg })))
}

function strikeOn(sim: Simulation, target: Target, until: Fraction): Fraction | null {
  const isShortNow = isShort(sim, target)
  const driver = drivingLane(sim, target)
  if (driver === null) return isShortNow ? sim.fraction : null
  if (!isShortNow && !isShortAt(sim, target, until)) return null
  const fraction = firstShortTick(sim, target, driver)
  return fraction !== null && compareFractions(fraction, until) <= 0 ? fraction : null
}

/**
 * Of the ticks that the lane still meets, then the end of the leg, the first at which margins are short. They may be short at the very
 * first, after a fill; otherwise what follows is a single crossing, found by bisection.
 */
function firstShortTick(sim: Simulation, target: Target, { lane, book }: Driver): Fraction | null {
  const { tickSize } = book.market.instrument
  const { from, to } = lane
  const up = to > from
  const start = roundToStep(exactPrice(sim, lane) ?? decimalOfDouble(from), tickSize, up ? 'ceil' : 'floor')
  const step = up ? tickSize : tickSize.neg()
  const ticks = Math.max(0, decimalOfDouble(to).minus(start).div(step).floor().toNumber() + 1)
  const fractionOf = (index: number): Fraction => (index >= ticks ? LEG_END : { level: doubleOf(start.plus(step.times(decimalOfCount(index)))), from, to })
  if (isShortAt(sim, target, fractionOf(0))) return fractionOf(0)
  if (!isShortAt(sim, target, LEG_END)) return null
  let low = 1
  let high = ticks
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isShortAt(sim, target, fractionOf(middle))) high = middle
    else low = middle + 1
  }
  return fractionOf(low)
}

interface Driver {
  readonly lane: Lane
  readonly book: SymbolBook
}

/** The moving series that costs the account most: its ticks are the ones that count. Null when nothing moves. */
function drivingLane(sim: Simulation, target: Target): Driver | null {
  if (target.type === 'leg') return isMoving(target.book.mark) ? { lane: target.book.mark, book: target.book } : null
  let worst: (Driver & { readonly gain: number }) | null = null
  for (const book of sim.books) {
    const { long, short } = sim.ledger.pair(book.market.symbol)
    if (!isMoving(book.mark) || (long.qty.isZero() && short.qty.isZero())) continue
    const longQty = doubleOf(long.qty)
    const shortQty = doubleOf(short.qty)
    const rate = doubleOf(book.market.tiers.tiers[0].rate)
    const gain = (longQty - shortQty - rate * (longQty + shortQty)) * (book.mark.to - book.mark.from)
    if (worst === null || gain < worst.gain) worst = { lane: book.mark, book, gain }
  }
  return worst
}

function isMoving({ from, to }: Lane): boolean {
  return from !== to && !Number.isNaN(from) && !Number.isNaN(to)
}

function isShortAt(sim: Simulation, target: Target, fraction: Fraction): boolean {
  const here = sim.fraction
  sim.fraction = fraction
  const short = isShort(sim, target)
  sim.fraction = here
  return short
}

/** The exact question, in decimals: equity at or below maintenance margin. */
function isShort(sim: Simulation, target: Target): boolean {
  const { profile } = sim.setup
  if (target.type === 'account') {
    const account = marginAccount(sim)
    return heldPairs(account).pairs.length > 0 && isUncovered(crossRisk(profile, account))
  }
  const leg = isolatedLegOf(sim, target.book, target.leg)
  const mark: Decimal | null = markPrice(sim, target.book)
  return mark !== null && !leg.held.qty.isZero() && isUncovered(riskAt(isolatedCurve(profile, leg), mark))
}

/** True when every mark is inside the bounds of the risk watch where the path stands. */
function isInside(sim: Simulation): boolean {
  const bounds = sim.risk.boundsOf(sim)
  return sim.books.every(({ mark }, index) => isWithin(bounds[index], hereOn(sim, mark), hereOn(sim, mark)))
}

/** True when every mark stays inside them on the whole leg. */
function isLegInside(sim: Simulation): boolean {
  const bounds = sim.risk.boundsOf(sim)
  for (const { market, mark } of sim.books) if (!isWithin(bounds[market.index], mark.from, mark.to)) return false
  return true
}

/** Rounding of a price between two corners, relatively. */
const ROUGH = 1e-12

function isWithin(bounds: Bounds | undefined, from: number, to: number): boolean {
  if (bounds === undefined || (bounds.below === Number.NEGATIVE_INFINITY && bounds.above === Number.POSITIVE_INFINITY)) return true
  return Math.min(from, to) * (1 - ROUGH) > bounds.below && Math.max(from, to) * (1 + ROUGH) < bounds.above
}

function priceOn({ from, to }: Lane, fraction: Fraction): number {
  return from + (to - from) * ratioOf(fraction)
}

function hereOn(sim: Simulation, lane: Lane): number {
  const known = doublePrice(sim, lane)
  return Number.isNaN(known) ? priceOn(lane, sim.fraction) : known
}

/**
 * False when no opener that rests in this minute can stand at a loss: where the mark is the last price, one that is reached fills. A mark of
 * its own can pass it by, and without volume nothing fills.
 */
export function mayStandAtLoss(sim: Simulation): boolean {
  return sim.risk.countsOrderLoss && sim.books.some((book) => canPassOrders(sim, book) && book.orders.some(isRestingOpener))
}

/** True when no resting opener stands at a loss from here up to a fraction of the leg. */
function ordersLoseNothing(sim: Simulation, until: Fraction | null): boolean {
  if (!sim.risk.countsOrderLoss) return true
  return sim.books.every((book) => {
    if (!canPassOrders(sim, book)) return true
    const here = hereOn(sim, book.mark)
    const there = until === null ? here : priceOn(book.mark, until)
    return book.orders.every((live) => !isRestingOpener(live) || (live.side === 'buy' ? Math.min(here, there) >= live.level : Math.max(here, there) <= live.level))
  })
}

function canPassOrders(sim: Simulation, book: SymbolBook): boolean {
  return book.mark !== book.last || !book.limitsMayFill(sim.minute, sim.setup.rules)
}

function isRestingOpener({ intent, stage }: LiveOrder): boolean {
  return stage === 'limit' && intent === 'open'
}
