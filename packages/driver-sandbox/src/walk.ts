/**
 * One minute of all symbols, walked along the paths of their candles in lock-step: whatever lies nearest acts first, at its exact
 * fraction of the leg; at one point liquidation comes first, then the order of symbols, then the queue (SIMULATION 3.2).
 */
import type { TimeMs } from '@hedgerow/core'
import { activate, fillLimit, fire } from './arrival.ts'
import { expire } from './answers.ts'
import { execute } from './commands.ts'
import { deleverage } from './deleveraging.ts'
import { compareFractions, LEG_END, LEG_START, type Fraction } from './fraction.ts'
import { byRank, isReached, type LiveOrder } from './live-order.ts'
import { liquidate, liquidateByRange } from './liquidation.ts'
import { startOf } from './market.ts'
import { AT_CLOSE, at as cell, LEGS_OF_A_CANDLE, layOut, type MonotonePath } from './path.ts'
import type { Simulation } from './simulation.ts'
import { nextStrike } from './strike.ts'
import type { Lane, SymbolBook } from './symbol-book.ts'
import type { Tape } from './tape.ts'
import { followUntil, isBetterExtreme, levelTrailedBy } from './trailing.ts'

/** Which path the candle of a minute takes on a series. */
export type PathChooser = (tape: Tape, row: number) => MonotonePath

/** An order that the path meets. */
interface Meeting {
  readonly live: LiveOrder
  readonly fraction: Fraction
}

/** Walks the minute whose open the simulation stands at, to its close. */
export function walkMinute(sim: Simulation, pathOf: PathChooser): void {
  const walk = new MinuteWalk(sim, pathOf)
  while (walk.step(Number.POSITIVE_INFINITY) !== 'closed');
}

/** What a step of a walk has led to: something acted, the path stands at the time that was asked for, or at the close of the minute. */
export type WalkStep = 'acted' | 'arrived' | 'closed'

/** The walk of one minute, one act at a time: it can rest anywhere on the path, and orders may arrive there. */
export class MinuteWalk {
  readonly #sim: Simulation
  #leg = 0

  constructor(sim: Simulation, pathOf: PathChooser) {
    this.#sim = sim
    for (const { lanes } of sim.books) {
      for (const lane of lanes) {
        for (const live of lane.trailing) followUntil(live, lane.tape, sim.minute)
        setOut(sim, lane, pathOf)
      }
    }
    this.#startLeg()
  }

  /** Lets the next thing act, if it lies before `at` or there. */
  step(at: TimeMs): WalkStep {
    const sim = this.#sim
    while (this.#leg < LEGS_OF_A_CANDLE) {
      const limit = fractionOfTime(sim, this.#leg, at)
      if (actNext(sim, this.#leg, limit)) return 'acted'
      if (limit !== null) {
        sim.moveTo(this.#leg, limit)
        return 'arrived'
      }
      this.#endLeg()
    }
    for (const book of sim.books) for (const lane of book.lanes) for (const live of lane.trailing) live.extremeUntil = sim.minute + 1
    sim.leg = AT_CLOSE
    liquidateByRange(sim)
    if (sim.setup.rules.deleverages) deleverage(sim)
    sim.settle()
    return 'closed'
  }

  #startLeg(): void {
    const sim = this.#sim
    for (const { lanes } of sim.books) for (const lane of lanes) startLeg(lane, this.#leg)
    sim.moveTo(this.#leg, LEG_START)
  }

  /** Where a leg ends the next one starts. */
  #endLeg(): void {
    const sim = this.#sim
    this.#leg += 1
    if (this.#leg < LEGS_OF_A_CANDLE) return this.#startLeg()
    for (const { lanes } of sim.books) for (const lane of lanes) follow(lane, lane.to)
    sim.moveTo(LEGS_OF_A_CANDLE - 1, LEG_END)
  }
}

/** Lays out the path of a minute. A series without a candle stands still. */
function setOut({ minute }: Simulation, lane: Lane, pathOf: PathChooser): void {
  const { tape, corners } = lane
  const row = minute - tape.first
  if (tape.has(minute)) layOut(pathOf(tape, row), tape.columns, row, corners)
  else corners.fill(tape.closeBefore(minute))
  lane.to = cell(corners, 0)
}

function startLeg(lane: Lane, leg: number): void {
  lane.from = lane.to
  lane.to = cell(lane.corners, leg + 1)
  follow(lane, lane.from)
}

/** False when nothing acts up to `limit`. */
function actNext(sim: Simulation, leg: number, limit: Fraction | null): boolean {
  const meeting = nextMeeting(sim)
  const expiry = nextExpiry(sim, leg)
  const arrival = fractionOfTime(sim, leg, sim.transit.nextAt)
  const first = earliest(meeting?.fraction, expiry?.fraction)
  const until = arrival !== null && compareFractions(arrival, first) < 0 ? arrival : first
  const strike = nextStrike(sim, until)
  if (strike === null && meeting === null && expiry === null && arrival === null) return false
  const fraction = strike?.fraction ?? until
  if (limit !== null && compareFractions(fraction, limit) > 0) return false
  sim.moveTo(leg, fraction)
  if (strike !== null) liquidate(sim, strike.target)
  else if (expiry !== null && until === expiry.fraction) expire(sim, expiry.live, 'expired')
  else if (meeting !== null && until === meeting.fraction) act(sim, meeting.live)
  else if (arrival !== null) deliver(sim)
  sim.settle()
  return true
}

/**
 * Lets what has been on its way until now take effect, one after the other. All of it has arrived before the first acts, as without latency: a
 * closer that leaves its leg flat takes along those that arrive with it.
 */
export function deliver(sim: Simulation): void {
  const arrived = sim.transit.take(sim.now)
  for (const command of arrived) if (command.type === 'arrive') sim.register(command.live)
  for (const command of arrived) {
    execute(sim, command)
    sim.settle()
  }
}

function act(sim: Simulation, live: LiveOrder): void {
  if (live.stage === 'limit') fillLimit(sim, live)
  else if (live.stage === 'activation') activate(sim, live)
  else fire(sim, live)
}

/** The nearest order of all series, never before the point where the path stands. */
function nextMeeting(sim: Simulation): Meeting | null {
  let next: Meeting | null = null
  for (const book of sim.books) {
    for (const lane of book.lanes) {
      const live = nearestOn(sim, book, lane)
      if (live === undefined) continue
      const own: Fraction = { level: live.level, from: lane.from, to: lane.to }
      const fraction = compareFractions(own, sim.fraction) < 0 ? sim.fraction : own
      if (next === null || isEarlier({ live, fraction }, next)) next = { live, fraction }
    }
  }
  return next
}

function isEarlier(a: Meeting, b: Meeting): boolean {
  return (compareFractions(a.fraction, b.fraction) || a.live.book.market.index - b.live.book.market.index || byRank(a.live, b.live)) < 0
}

function nearestOn(sim: Simulation, book: SymbolBook, lane: Lane): LiveOrder | undefined {
  const { from, to } = lane
  if (from === to || Number.isNaN(from) || Number.isNaN(to)) return undefined
  const falling = to < from
  const ladder = falling ? lane.falls : lane.rises
  if (lane.trailing.length === 0 && !(falling ? to <= ladder.bound() : to >= ladder.bound())) return undefined
  let limitsMayFill: boolean | null = null
  const waiting = ladder.nearest(to, ({ stage }) =>
    stage !== 'limit' || (limitsMayFill ??= book.limitsMayFill(sim.minute, sim.setup.rules)))
  let nearest = waiting
  for (const live of lane.trailing) {
    if (live.rises === falling) continue
    levelTrailedBy(live, book.market.instrument.tickSize)
    if (isReached(live, to) && (nearest === undefined || isNearer(live, nearest))) nearest = live
  }
  return nearest
}

function isNearer(a: LiveOrder, b: LiveOrder): boolean {
  return ((a.rises ? a.level - b.level : b.level - a.level) || byRank(a, b)) < 0
}

/** Trailing orders take a corner of the path into their extreme. */
function follow(lane: Lane, price: number): void {
  for (const live of lane.trailing) if (isBetterExtreme(live, price)) live.extreme = price
}

/** The next order whose time runs out on a leg. */
function nextExpiry(sim: Simulation, leg: number): Meeting | null {
  const next = sim.nextExpiring()
  if (next?.order.expiresAt === undefined) return null
  const fraction = fractionOfTime(sim, leg, next.order.expiresAt)
  return fraction === null ? null : { live: next, fraction }
}

/** Where on a leg a time is, not before the point where the path stands; null when it lies beyond the leg. */
function fractionOfTime(sim: Simulation, leg: number, at: TimeMs): Fraction | null {
  if (at === Number.POSITIVE_INFINITY) return null
  const { grid } = sim.setup
  const thirds = (at - startOf(grid, sim.minute)) * LEGS_OF_A_CANDLE - leg * grid.step
  if (!(thirds < grid.step)) return null
  const fraction: Fraction = { level: thirds, from: 0, to: grid.step }
  return compareFractions(fraction, sim.fraction) < 0 ? sim.fraction : fraction
}

function earliest(a: Fraction | undefined, b: Fraction | undefined): Fraction {
  if (a === undefined || b === undefined) return a ?? b ?? LEG_END
  return compareFractions(b, a) <= 0 ? b : a
}
