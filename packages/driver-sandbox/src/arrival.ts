/** What an order does when it arrives, and when its trigger fires (SIMULATION 3.4). */
import { decimalOfDouble, doubleOf, oppositeLeg, ZERO, type Order } from '@hedgerow/core'
import { hasMarginFor, reservationOf } from './admission.ts'
import { accept, announceTrigger, cancelOrder, expire, reject } from './answers.ts'
import { fill } from './fills.ts'
import type { LiveOrder } from './live-order.ts'
import { comparePrice, doublePrice, exactPrice, markPrice, takerPrice } from './prices.ts'
import { AT_OPEN } from './path.ts'
import type { Simulation } from './simulation.ts'
import { meetOwnOrders } from './self-trade.ts'
import { slipped, type Taker } from './slippage.ts'

/** Lets an order arrive where the path stands: for the first time, or again because it was amended. */
export function arrive(sim: Simulation, live: LiveOrder): void {
  const { type, role } = live.order
  if (role === 'end-of-run') return closeAtLast(sim, live)
  // Nothing keeps it from trading but its price.
  const triggered = live.fired || type === 'market' || type === 'limit'
  if (!live.accepted && live.intent === 'open' && isRefused(sim, live, triggered)) return
  if (triggered) {
    accept(sim, live)
    if (live.order.price === undefined) takeMarket(sim, live, live.fired ? 'stop' : 'market')
    else arriveLimit(sim, live)
  } else if (type === 'trailing-stop') {
    accept(sim, live)
    startTrailing(sim, live)
  } else {
    arriveConditional(sim, live)
  }
}

/** The trigger of a conditional order is met where the path stands. */
export function fire(sim: Simulation, live: LiveOrder): void {
  live.book.lift(live)
  live.fired = true
  announceTrigger(sim, live)
  if (live.intent === 'open') {
    if (conflicts(sim, live)) return cancelOrder(sim, live, 'leg-conflict')
    if (!hasMarginFor(sim, live)) return expire(sim, live, 'insufficient-margin')
  }
  if (live.order.price === undefined) return takeMarket(sim, live, 'stop')
  arriveLimit(sim, live)
  const wasGapped = sim.leg === AT_OPEN && live.stage === 'limit'
  if (wasGapped && live.order.type === 'stop-limit' && live.intent === 'close') sim.counts.protectionMissed += 1
}

/** A resting limit that the price reaches trades at its own price, without improvement. */
export function fillLimit(sim: Simulation, live: LiveOrder): void {
  const { price } = live.order
  if (price !== undefined) fill(sim, live, { price, liquidity: 'maker' })
}

/** Takes the market; what the candle's volume leaves goes on at the next open, or is cancelled. */
export function takeMarket(sim: Simulation, live: LiveOrder, kind: Taker['kind']): void {
  const { book } = live
  if (meetOwnOrders(sim, live)) return
  const price = takerPrice(sim, book, live.side)
  if (price !== null) {
    const paid = slipped(sim, book, price, { side: live.side, kind, qty: live.remaining })
    fill(sim, live, { price: paid, liquidity: 'taker', slippage: paid === price ? ZERO : paid.minus(price).abs() })
  }
  if (live.stage === 'gone' || live.stage === 'remainder') return
  if (live.order.timeInForce !== 'GTC') cancelOrder(sim, live, 'ioc-remainder')
  else book.rest(live, 'remainder', reservationOf(sim, live))
}

/** The price from which it trails is reached where the path stands. */
export function activate(sim: Simulation, live: LiveOrder): void {
  live.book.lift(live)
  trailFromHere(sim, live)
}

/** Marketable: taker at the current price, which may be better than its own. Otherwise it rests. */
function arriveLimit(sim: Simulation, live: LiveOrder): void {
  const { price, timeInForce, postOnly } = live.order
  const { book } = live
  if (price === undefined) return
  live.watch('last')
  live.level = doubleOf(price)
  live.rises = live.side === 'sell'
  live.strict = sim.setup.rules.limitFill === 'through'
  const beyond = comparePrice(sim, book.last, live.level)
  const marketable = live.side === 'buy' ? beyond <= 0 : beyond >= 0
  if (marketable && postOnly) return cancelOrder(sim, live, 'post-only-would-take')
  if (!postOnly && meetOwnOrders(sim, live)) return
  const current = marketable ? takerPrice(sim, book, live.side) : null
  if (current !== null) fill(sim, live, { price: current, liquidity: 'taker' })
  if (live.stage === 'gone') return
  if (timeInForce !== 'GTC') return cancelOrder(sim, live, marketable ? 'ioc-remainder' : 'not-marketable')
  book.rest(live, 'limit', reservationOf(sim, live))
}

function arriveConditional(sim: Simulation, live: LiveOrder): void {
  const { order } = live
  if (order.trigger === undefined) return
  const { book } = live
  live.watch(order.triggerBy ?? sim.setup.rules.triggerBy)
  live.level = doubleOf(order.trigger)
  live.rises = (live.side === 'buy') === isStop(order)
  live.strict = false
  const beyond = comparePrice(sim, live.lane, live.level)
  const isPassed = live.rises ? beyond >= 0 : beyond <= 0
  if (isPassed && (live.intent === 'open' || sim.setup.rules.onStopPassed === 'reject')) return reject(sim, live, 'TRIGGER_ALREADY_PASSED')
  accept(sim, live)
  if (isPassed) fire(sim, live)
  else book.rest(live, 'trigger', waitingReservation(sim, live))
}

function startTrailing(sim: Simulation, live: LiveOrder): void {
  const activation = live.order.trailing?.activation
  const { book } = live
  live.watch(live.order.triggerBy ?? sim.setup.rules.triggerBy)
  live.strict = false
  if (activation !== undefined) {
    live.level = doubleOf(activation)
    live.rises = live.side === 'sell'
    const beyond = comparePrice(sim, live.lane, live.level)
    if (live.rises ? beyond < 0 : beyond > 0) return book.rest(live, 'activation', waitingReservation(sim, live))
  }
  trailFromHere(sim, live)
}

function trailFromHere(sim: Simulation, live: LiveOrder): void {
  const { book } = live
  const lane = live.lane
  const known = doublePrice(sim, lane)
  live.extreme = Number.isNaN(known) ? doubleOf(exactPrice(sim, lane) ?? decimalOfDouble(live.level)) : known
  // What is left of a candle that is being walked is followed by the walk.
  live.extremeUntil = sim.leg === AT_OPEN ? sim.minute : sim.minute + 1
  live.rises = live.side === 'buy'
  book.rest(live, 'trailing', waitingReservation(sim, live))
}

/** The last order of a run: at the last mark (SIMULATION 5.1), whether or not the symbol still trades. Without marks that is the last price. */
function closeAtLast(sim: Simulation, live: LiveOrder): void {
  const price = markPrice(sim, live.book)
  if (price === null) return cancelOrder(sim, live, 'end-of-run')
  accept(sim, live)
  fill(sim, live, { price, liquidity: 'taker', anyVolume: true })
  cancelOrder(sim, live, 'end-of-run')
}

/** True when an opener may not arrive: the venue has said so. Whether an order needs margin before its trigger is the venue's rule. */
function isRefused(sim: Simulation, live: LiveOrder, triggered: boolean): boolean {
  if (conflicts(sim, live)) reject(sim, live, 'LEG_CONFLICT')
  else if ((triggered || sim.setup.profile.orderMargin.beforeTrigger) && !hasMarginFor(sim, live)) reject(sim, live, 'INSUFFICIENT_MARGIN')
  return live.stage === 'gone'
}

function waitingReservation(sim: Simulation, live: LiveOrder): number {
  return sim.setup.profile.orderMargin.beforeTrigger ? reservationOf(sim, live) : 0
}

function conflicts(sim: Simulation, live: LiveOrder): boolean {
  const { book } = live
  return book.market.positionMode === 'one-way' && !sim.heldOn(book, oppositeLeg(live.leg)).isZero()
}

function isStop({ type }: Order): boolean {
  return type === 'stop-market' || type === 'stop-limit'
}

