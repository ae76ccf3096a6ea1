/** Whether the two monotone paths of a minute can give different fills: asked before every walk, so answered without running them. */
import { doubleOf, type Leg } from '@hedgerow/core'
import { FLAT } from './float-account.ts'
import type { LiveOrder } from './live-order.ts'
import { startOf } from './market.ts'
import { rateAt } from './risk-watch.ts'
import type { Simulation } from './simulation.ts'
import { mayStandAtLoss } from './strike.ts'
import type { Lane, SymbolBook } from './symbol-book.ts'
import { isBetterExtreme, levelTrailedBy } from './trailing.ts'

/**
 * False only when both paths surely give the same fills: no symbol has orders on both sides of its open within the candle, none whose
 * outcome depends on what the path did before, and no fill can lead to a liquidation. Orders on one side are met in the same sequence.
 */
export function mayDiffer(sim: Simulation): boolean {
  if (mayLiquidate(sim) || mayStandAtLoss(sim) || sim.transit.nextAt < startOf(sim.setup.grid, sim.minute + 1)) return true
  const reached: LiveOrder[] = []
  for (const book of sim.books) {
    if (!book.last.tape.has(sim.minute)) continue
    const { tape, falls, rises } = book.last
    const fallen = falls.reachedBy(tape.low(sim.minute))
    const risen = rises.reachedBy(tape.high(sim.minute))
    if ((fallen.length > 0 && risen.length > 0) || watchesHistory(sim, book)) return true
    for (const live of fallen.length > 0 ? fallen : risen) {
      if (dependsOnHistory(sim, live)) return true
      reached.push(live)
    }
  }
  return reached.length > 0 && !staysCovered(sim, reached)
}

/** True when an order may act that trails, or that watches another series than the one that fills it. */
function watchesHistory(sim: Simulation, book: SymbolBook): boolean {
  for (const lane of book.lanes) {
    for (const live of lane.trailing) if (mayTrailInto(sim, book, lane, live)) return true
    if (lane !== book.last && isReachable(lane, sim.minute)) return true
  }
  return false
}

/** True when the candle of a minute reaches an order that waits for a price of its series. */
export function isReachable({ tape, falls, rises }: Lane, minute: number): boolean {
  return tape.low(minute) <= falls.bound() || tape.high(minute) >= rises.bound()
}

/** What fires into a limit or into a question of margin, starts to trail, or may run out of time first. */
function dependsOnHistory(sim: Simulation, { stage, intent, order }: LiveOrder): boolean {
  if (order.expiresAt !== undefined && order.expiresAt < startOf(sim.setup.grid, sim.minute + 1)) return true
  return stage === 'activation' || (stage === 'trigger' && (order.price !== undefined || intent === 'open'))
}

function mayTrailInto(sim: Simulation, book: SymbolBook, { tape }: Lane, live: LiveOrder): boolean {
  const low = tape.low(sim.minute)
  const high = tape.high(sim.minute)
  const before = live.extreme
  const best = live.side === 'sell' ? high : low
  if (isBetterExtreme(live, best)) live.extreme = best
  const level = levelTrailedBy(live, book.market.instrument.tickSize)
  live.extreme = before
  return live.side === 'sell' ? low <= level : high >= level
}

function mayLiquidate(sim: Simulation): boolean {
  const bounds = sim.risk.boundsOf(sim)
  for (const { market, mark: { tape } } of sim.books) {
    const own = bounds[market.index]
    if (own !== undefined && (tape.low(sim.minute) <= own.below || tape.high(sim.minute) >= own.above)) return true
  }
  return false
}

/** Relative error of the float sums below, with room. */
const FLOAT_SLACK = 1e-9

/**
 * True when upper bounds in floats of all losses and margins leave equity whatever prices of the minute the orders in reach fill at and
 * whichever of them do: no fill can then lead to a liquidation.
 */
function staysCovered(sim: Simulation, reached: readonly LiveOrder[]): boolean {
  if (sim.risk.kind === 'none' || sim.risk.kind === 'candle-range') return true
  if (sim.risk.kind === 'isolated') return reached.every(({ intent }) => intent === 'close')
  let left = sim.floats.current().wallet
  let size = Math.abs(left)
  for (const book of sim.books) {
    const worst = worstOf(sim, book, reached)
    left -= worst.loss + worst.value * (rateAt(book.market, worst.value) + 2 * sim.setup.rules.feeBound)
    size += worst.value
    if (worst.value > 0 && !book.market.tiers.convex) return false
  }
  return left > FLOAT_SLACK * size
}

/** Losses of both legs, each where it loses most, and their values, with the openers in reach filled. */
function worstOf(sim: Simulation, book: SymbolBook, reached: readonly LiveOrder[]): { readonly loss: number; readonly value: number } {
  const { low, high } = rangeOf(sim, book)
  const { long, short } = sim.floats.current().pairs[book.market.index] ?? FLAT
  const longOpened = openedBy(reached, book, 'long')
  const shortOpened = openedBy(reached, book, 'short')
  const longQty = long.qty + longOpened
  const shortQty = short.qty + shortOpened
  if (longQty === 0 && shortQty === 0) return { loss: 0, value: 0 }
  const loss = Math.max(0, long.cost + longOpened * high - longQty * low) + Math.max(0, shortQty * high - (short.cost + shortOpened * low))
  return { loss, value: Math.max(long.cost + longOpened * high, longQty * high) + Math.max(short.cost + shortOpened * high, shortQty * high) }
}

function openedBy(reached: readonly LiveOrder[], book: SymbolBook, leg: Leg): number {
  let qty = 0
  for (const live of reached) if (live.book === book && live.leg === leg && live.intent === 'open') qty += doubleOf(live.remaining)
  return qty
}

/** Of both series; a series without a candle stands at its last price. */
function rangeOf(sim: Simulation, book: SymbolBook): { readonly low: number; readonly high: number } {
  const range = { low: Number.POSITIVE_INFINITY, high: 0 }
  for (const { tape } of book.lanes) {
    const isTrading = tape.has(sim.minute)
    const last = isTrading ? Number.NaN : tape.closeBefore(sim.minute)
    range.low = Math.min(range.low, isTrading ? tape.low(sim.minute) : last)
    range.high = Math.max(range.high, isTrading ? tape.high(sim.minute) : last)
  }
  return range
}
