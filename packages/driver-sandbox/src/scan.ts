/**
 * Skipping ahead to the next minute in which anything can happen. Between two events a block of minutes costs two compares a
 * series; only minutes that leave an interval are opened and walked.
 */
import { heldPairs, marginAccount } from './admission.ts'
import { isReachable } from './ambiguity.ts'
import { safeWithin } from './cross-guard.ts'
import { nextAdlMinute } from './deleveraging.ts'
import { nextFundingMinute } from './funding.ts'
import { minuteAt } from './market.ts'
import { AT_CLOSE } from './path.ts'
import { isPriceMissing, type Bounds } from './risk-watch.ts'
import type { Simulation } from './simulation.ts'
import { mayStandAtLoss } from './strike.ts'
import type { Lane, SymbolBook } from './symbol-book.ts'
import type { Tape } from './tape.ts'
import { followUntil, nextTrailingHit } from './trailing.ts'

/** Minutes to look at. */
export interface Outlook {
  /** The first minute whose path is still ahead. */
  readonly from: number
  /** The first minute whose open is still ahead. */
  readonly opensFrom: number
  /** Exclusive. */
  readonly to: number
}

/** The first minute in which something can happen; `to` when there is none. */
export function nextEventfulMinute(sim: Simulation, { from, opensFrom, to }: Outlook): number {
  const limit = scheduledMinute(sim, { from, opensFrom, to })
  const { minute, leg } = sim
  let start = from
  let hit = nextHit(sim, start, limit)
  while (hit < limit && isGuardOnly(sim, hit) && isSafe(sim, hit)) {
    // Nothing can be liquidated in that minute: the slack is shared again at its close.
    sim.minute = hit
    sim.leg = AT_CLOSE
    sim.risk.forget()
    start = hit + 1
    hit = nextHit(sim, start, limit)
  }
  sim.minute = minute
  sim.leg = leg
  return hit
}

/** The first minute that touches an order's level, a trailing stop's, or a bound of the risk watch. */
function nextHit(sim: Simulation, from: number, to: number): number {
  const bounds = sim.risk.boundsOf(sim)
  let hit = to
  for (const book of sim.books) {
    for (const lane of book.lanes) {
      watch(sim, book, lane, { bounds: bounds[book.market.index], from })
      hit = lane.tape.nextHit(from, hit)
      for (const live of lane.trailing) {
        followUntil(live, lane.tape, from)
        hit = nextTrailingHit(live, lane.tape, from, hit)
      }
    }
  }
  return hit
}

function watch(sim: Simulation, book: SymbolBook, { tape, falls, rises }: Lane, { bounds, from }: { readonly bounds: Bounds | undefined; readonly from: number }): void {
  let below = falls.bound()
  let above = rises.bound()
  if (bounds !== undefined && tape === book.mark.tape) {
    below = Math.max(below, bounds.below)
    above = Math.min(above, bounds.above)
    if (book.mark !== book.last && sim.risk.countsOrderLoss) {
      for (const { intent, stage, side, level } of book.orders) {
        if (stage !== 'limit' || intent === 'close') continue
        if (side === 'buy') below = Math.max(below, level)
        else above = Math.min(above, level)
      }
    }
  }
  tape.watch(below, above, from)
}

/** The next minute that has to be opened whatever the prices are: funding, an order's expiry, orders that wait for a candle. */
function scheduledMinute(sim: Simulation, { from, opensFrom, to }: Outlook): number {
  let next = Math.min(to, Math.max(opensFrom, nextFundingMinute(sim)))
  const expiresAt = sim.nextExpiring()?.order.expiresAt
  if (expiresAt !== undefined) next = Math.min(next, Math.max(from, minuteAt(sim.setup.grid, expiresAt)))
  if (sim.setup.rules.deleverages) next = Math.min(next, nextAdlMinute(sim, from))
  const { nextAt } = sim.transit
  if (nextAt < Number.POSITIVE_INFINITY) next = Math.min(next, Math.max(from, minuteAt(sim.setup.grid, nextAt)))
  for (const book of sim.books) {
    if (book.waitsForCandle) next = book.last.tape.nextCandle(opensFrom, next)
  }
  return next
}

function isGuardOnly(sim: Simulation, minute: number): boolean {
  return sim.risk.kind === 'cross' && sim.books.every((book) => book.lanes.every((lane) => lane.trailing.length === 0 && !isReachable(lane, minute)))
}

/** True when no marks within the candles of a minute can liquidate the account. */
function isSafe(sim: Simulation, minute: number): boolean {
  if (isPriceMissing(sim)) return false
  if (mayStandAtLoss(sim)) return false
  const account = heldPairs(marginAccount(sim))
  const ranges = account.pairs.map(({ symbol }) => rangeOf(sim.books.find(({ market }) => market.symbol === symbol)?.mark.tape, minute))
  return safeWithin(sim.setup.profile, account, ranges)
}

function rangeOf(tape: Tape | undefined, minute: number): { readonly low: number; readonly high: number } {
  if (tape === undefined) return { low: Number.NaN, high: Number.NaN }
  if (tape.has(minute)) return { low: tape.low(minute), high: tape.high(minute) }
  const last = tape.closeBefore(minute)
  return { low: last, high: last }
}
