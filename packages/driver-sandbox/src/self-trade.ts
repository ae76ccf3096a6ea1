/**
 * Own orders that meet each other (SIMULATION 3.8): an order that takes while a resting order of the same account stands at
 * its price or better, within the range of the candle. Without a book that is where a price stands on a level without having gone through it,
 * or where volume has run out.
 */
import { cancelOrder } from './answers.ts'
import { byRank, type LiveOrder } from './live-order.ts'
import { doublePrice, exactPrice } from './prices.ts'
import type { Simulation } from './simulation.ts'

/** Deals with own resting orders that an incoming one meets, as its tag or the run's rule says, before it takes the market. True when nothing of it is left. */
export function meetOwnOrders(sim: Simulation, live: LiveOrder): boolean {
  const rule = live.order.stp ?? sim.setup.rules.stp
  // Nothing is netted: each fills against the market, whatever the other leg has resting.
  if (rule === 'none') return false
  for (const resting of ownOrdersMet(sim, live)) {
    if (isGone(live)) return true
    if (resting.stage !== 'limit') continue
    if (rule === 'cancel-maker' || rule === 'cancel-both') cancelOrder(sim, resting, 'self-trade')
    if (rule === 'cancel-taker' || rule === 'cancel-both') cancelOrder(sim, live, 'self-trade')
  }
  return isGone(live)
}

function isGone({ stage }: LiveOrder): boolean {
  return stage === 'gone'
}

/** Levels that have to be passed are watched a rounding beyond themselves. */
const BEYOND = 1e-12

/** The best first, then the queue. */
function ownOrdersMet(sim: Simulation, live: LiveOrder): LiveOrder[] {
  if (sim.setup.profile.execution.predecessor) return []
  const { book } = live
  const known = doublePrice(sim, book.last)
  const price = Number.isNaN(known) ? (exactPrice(sim, book.last)?.toNumber() ?? Number.NaN) : known
  const buys = live.side === 'buy'
  const own = live.order.price?.toNumber() ?? price
  const bound = buys ? Math.min(price, own) : Math.max(price, own)
  if (buys ? book.last.rises.bound() > bound * (1 + BEYOND) : book.last.falls.bound() < bound * (1 - BEYOND)) return []
  const low = book.last.tape.low(sim.minute)
  const high = book.last.tape.high(sim.minute)
  const met = book.orders.filter((other) => other !== live && other.stage === 'limit' && other.side !== live.side
    && (buys ? other.level <= bound : other.level >= bound) && other.level >= low && other.level <= high)
  return met.sort((a, b) => (buys ? a.level - b.level : b.level - a.level) || byRank(a, b))
}
