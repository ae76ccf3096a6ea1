/** What happens at an open before anything arrives (SIMULATION 3.5, 3.9). */
import { compareEvents, type EventKey } from '@hedgerow/core'
import { expire } from './answers.ts'
import { activate, fillLimit, fire, takeMarket } from './arrival.ts'
import { LEG_START } from './fraction.ts'
import { settleFunding } from './funding.ts'
import { isReached, type LiveOrder } from './live-order.ts'
import { liquidateHere } from './liquidation.ts'
import { AT_OPEN } from './path.ts'
import type { Simulation } from './simulation.ts'
import type { Lane } from './symbol-book.ts'
import { followUntil, levelTrailedBy } from './trailing.ts'

/** An order that the open lets act. */
interface Turn extends EventKey {
  readonly live: LiveOrder
}

/** The open of a minute, one act at a time: time runs out, price, funding, liquidation, triggers, then market remainders and limits that it reaches. */
export class MinuteOpening {
  readonly #sim: Simulation
  #turns: readonly Turn[] | null = null
  #next = 0

  constructor(sim: Simulation, minute: number) {
    this.#sim = sim
    sim.minute = minute
    sim.moveTo(AT_OPEN, LEG_START)
  }

  /** False once everything has acted. */
  step(): boolean {
    const sim = this.#sim
    if (this.#turns === null) {
      settleAccounts(sim)
      this.#turns = turnsOf(sim).sort(compareEvents)
      return true
    }
    const turn = this.#turns[this.#next]
    if (turn === undefined) return false
    this.#next += 1
    if (turn.live.stage !== 'gone' && mayAct(sim, turn.live)) {
      act(sim, turn.live)
      sim.settle()
    }
    return true
  }
}

/** What comes before the book: time that runs out, funding, liquidation. */
function settleAccounts(sim: Simulation): void {
  for (let live = sim.nextExpiring(); live?.order.expiresAt !== undefined && live.order.expiresAt <= sim.now; live = sim.nextExpiring()) expire(sim, live, 'expired')
  settleFunding(sim, sim.minute)
  liquidateHere(sim)
  sim.settle()
}

function act(sim: Simulation, live: LiveOrder): void {
  if (live.stage === 'remainder') takeMarket(sim, live, live.fired ? 'stop' : 'market')
  else if (live.stage === 'limit') fillLimit(sim, live)
  else if (live.stage === 'activation') activate(sim, live)
  else fire(sim, live)
}

/** Everything that the open may let act; a symbol without a candle here has no open. */
function turnsOf(sim: Simulation): Turn[] {
  const turns: Turn[] = []
  for (const book of sim.books) {
    if (!book.last.tape.has(sim.minute)) continue
    for (const lane of book.lanes) {
      const open = lane.tape.open(sim.minute)
      for (const live of lane.falls.reachedBy(open)) turns.push(turnOf(sim, live))
      for (const live of lane.rises.reachedBy(open)) turns.push(turnOf(sim, live))
      for (const live of lane.trailing) if (isTrailedTo(sim, live, lane, open)) turns.push(turnOf(sim, live))
    }
    for (const live of book.orders) if (live.stage === 'remainder') turns.push(turnOf(sim, live))
  }
  return turns
}

/** Triggers before matches; among matches of a symbol market remainders first; then the queue. */
function turnOf(sim: Simulation, live: LiveOrder): Turn {
  const { orders, market: { index } } = live.book
  const place = orders.indexOf(live)
  const isMatch = live.stage === 'limit' || live.stage === 'remainder'
  return { live, at: sim.now, class: isMatch ? 'match' : 'trigger', symbolIndex: index, sequence: live.stage === 'limit' ? orders.length + place : place }
}

function isTrailedTo(sim: Simulation, live: LiveOrder, { tape }: Lane, open: number): boolean {
  followUntil(live, tape, sim.minute)
  levelTrailedBy(live, live.book.market.instrument.tickSize)
  return isReached(live, open)
}

/** What happened before its turn may have changed the order or the candle's volume. */
function mayAct(sim: Simulation, live: LiveOrder): boolean {
  if (live.stage === 'remainder') return true
  if (!isReached(live, live.lane.tape.open(sim.minute))) return false
  return live.stage !== 'limit' || live.book.limitsMayFill(sim.minute, sim.setup.rules)
}
