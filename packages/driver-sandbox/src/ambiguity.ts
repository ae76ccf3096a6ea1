/** Whether the two monotone paths of a minute can give different fills: asked before every walk, so answered without running them. */
import { doubleOf, LEGS, type Leg } from '@hedgerow/core'
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
    const { falls, rises, isHistoric } = reachOf(sim, book)
    if (isHistoric || (falls.length > 0 && rises.length > 0)) return true
    reached.push(...falls, ...rises)
  }
  return reached.length > 0 && !staysCovered(sim, reached)
}

interface Reach {
  readonly falls: readonly LiveOrder[]
  readonly rises: readonly LiveOrder[]
  /** True when an order in reach depends on the history of the path. */
  readonly isHistoric: boolean
}

function reachOf(sim: Simulation, book: SymbolBook): Reach {
  const { tape, falls, rises } = book.last
  const reach = { falls: falls.reachedBy(tape.low(sim.minute)), rises: rises.reachedBy(tape.high(sim.minute)) }
  const isHistoric = book.lanes.some((lane) => lane.trailing.some((live) => mayTrailInto(sim, book, lane, live)))
    || book.lanes.some((lane) => lane !== book.last && lane.falls.reachedBy(lane.tape.low(sim.minute)).length + lane.rises.reachedBy(lane.tape.high(sim.minute)).length > 0)
    || [...reach.falls, ...reach.rises].some((live) => dependsOnHistory(sim, live))
  return { ...reach, isHistoric }
}

/** What fires into a limit or into a question of margin, starts to trail, or may run out of time first. */
function dependsOnHistory(sim: Simulation, { stage, order }: LiveOrder): boolean {
  if (order.expiresAt !== undefined && order.expiresAt < startOf(sim.setup.grid, sim.minute + 1)) return true
  return stage === 'activation' || (stage === 'trigger' && (order.price !== undefined || order.intent === 'open'))
}

function mayTrailInto(sim: Simulation, book: SymbolBook, { tape }: Lane, live: LiveOrder): boolean {
  const [low, high] = [tape.low(sim.minute), tape.high(sim.minute)]
  const before = live.extreme
  const best = live.side === 'sell' ? high : low
  if (isBetterExtreme(live, best)) live.extreme = best
  const level = levelTrailedBy(live, book.market.instrument.tickSize)
  live.extreme = before
  return live.side === 'sell' ? low <= level : high >= level
}

function mayLiquidate(sim: Simulation): boolean {
  const bounds = sim.risk.boundsOf(sim)
  return sim.books.some(({ mark: { tape } }, index) => {
    const own = bounds[index]
    return own !== undefined && (tape.low(sim.minute) <= own.below || tape.high(sim.minute) >= own.above)
  })
}

/** Relative error of the float sums below, with room. */
const FLOAT_SLACK = 1e-9

/**
 * True when upper bounds in floats of all losses and margins leave equity whatever prices of the minute the orders in reach fill at and
 * whichever of them do: no fill can then lead to a liquidation.
 */
function staysCovered(sim: Simulation, reached: readonly LiveOrder[]): boolean {
  if (sim.risk.kind === 'none' || sim.risk.kind === 'candle-range') return true
  if (sim.risk.kind === 'isolated') return reached.every(({ order }) => order.intent === 'close')
  let left = sim.floats.wallet
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
  const pair = sim.floats.pair(book.market.index)
  const opened: Record<Leg, number> = { long: 0, short: 0 }
  for (const { order, remaining, symbolIndex } of reached) {
    if (symbolIndex === book.market.index && order.intent === 'open') opened[order.leg] += doubleOf(remaining)
  }
  const qty = { long: pair.long.qty + opened.long, short: pair.short.qty + opened.short }
  if (qty.long === 0 && qty.short === 0) return { loss: 0, value: 0 }
  const longCost = pair.long.cost + opened.long * high
  const shortCost = pair.short.cost + opened.short * low
  const loss = Math.max(0, longCost - qty.long * low) + Math.max(0, qty.short * high - shortCost)
  return { loss, value: LEGS.reduce((sum, leg) => sum + Math.max(pair[leg].cost + opened[leg] * high, qty[leg] * high), 0) }
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
