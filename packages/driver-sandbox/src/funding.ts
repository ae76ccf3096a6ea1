/** Funding at its time (SIMULATION 1.8, 2.7): one posting a leg, long first, even where the legs cancel. */
import {
  availableMargin, decimalOfDouble, fundingAmount, HedgerowError, isolatedFunding, LEGS, timeText, ZERO, type Decimal, type Leg,
} from '@hedgerow/core'
import { marginAccount } from './admission.ts'
import type { Settlement } from './funding-schedule.ts'
import type { LiveOrder } from './live-order.ts'
import { startOf } from './market.ts'
import { at, AT_CLOSE, AT_OPEN } from './path.ts'
import type { Simulation } from './simulation.ts'
import type { SymbolBook } from './symbol-book.ts'

/** The next minute at which a held leg settles; Infinity when there is none. */
export function nextFundingMinute(sim: Simulation): number {
  let next = Number.POSITIVE_INFINITY
  for (const book of sim.books) {
    const settlement = book.market.settlements[book.nextSettlement]
    if (settlement !== undefined && isHeld(sim, book)) next = Math.min(next, upcoming(book, sim.minute)?.minute ?? next)
  }
  return next
}

/** Books what is due at the start of a minute, for the positions held before it. */
export function settleFunding(sim: Simulation, minute: number): void {
  for (const book of sim.books) {
    const settlement = upcoming(book, minute - 1)
    if (settlement === undefined || settlement.minute !== minute) continue
    book.nextSettlement += 1
    if (isHeld(sim, book)) settleBook(sim, book, settlement)
  }
}

/** With an inclusive boundary a position opened at the settlement itself settles as well, as soon as it is filled. */
export function settleFillAtFunding(sim: Simulation, { book, leg, intent }: LiveOrder, qty: Decimal): void {
  const { rules, grid } = sim.setup
  if (rules.fundingBoundary !== 'inclusive' || intent !== 'open' || (sim.leg !== AT_OPEN && sim.leg !== AT_CLOSE)) return
  const minute = sim.leg === AT_OPEN ? sim.minute : sim.minute + 1
  upcoming(book, minute)
  const settled = book.market.settlements[book.nextSettlement - 1]
  if (settled?.minute === minute && startOf(grid, minute) === sim.now) settleLeg(sim, book, { settlement: settled, leg, qty })
}

function settleBook(sim: Simulation, book: SymbolBook, settlement: Settlement): void {
  if (settlement.substituted && settlement.rate !== null) sim.counts.fundingSubstituted += 1
  for (const leg of LEGS) {
    const qty = sim.heldOn(book, leg)
    if (!qty.isZero()) settleLeg(sim, book, { settlement, leg, qty })
  }
}

function settleLeg(sim: Simulation, book: SymbolBook, due: { readonly settlement: Settlement; readonly leg: Leg; readonly qty: Decimal }): void {
  const { leg, qty, settlement: { rate } } = due
  const { symbol } = book.market
  if (rate === null) throw missing(book, due.settlement)
  const mark = markAtSettlement(book, due.settlement)
  const { profile } = sim.setup
  const amount = fundingAmount(profile.money, { leg, qty, mark, rate })
  const { isolatedMargin } = sim.ledger.position(symbol, leg)
  const moved = isolatedMargin === null ? ZERO : isolatedFunding(profile.isolated, { amount, isolatedMargin, available: availableMargin(profile, marginAccount(sim)) }).moved
  sim.post({ type: 'funding.settled', at: sim.now, symbol, leg, qty, mark, rate, amount })
  if (!moved.isZero()) sim.post({ type: 'margin.moved', at: sim.now, symbol, leg, amount: moved })
}

/** Open of the mark candle that starts at the settlement; else the execution open, else the last price [P]. */
function markAtSettlement({ market }: SymbolBook, settlement: Settlement): Decimal {
  const { marks, last } = market
  const mark = marks === null ? Number.NaN : at(marks.open, (settlement.at - marks.start) / marks.step)
  const open = last.open(settlement.minute)
  const price = Number.isNaN(mark) ? open : mark
  return decimalOfDouble(Number.isNaN(price) ? last.closeBefore(settlement.minute) : price)
}

/** The first settlement after a minute; those before it are passed for good. */
function upcoming(book: SymbolBook, after: number): Settlement | undefined {
  const { settlements } = book.market
  while ((settlements[book.nextSettlement]?.minute ?? Number.POSITIVE_INFINITY) <= after) book.nextSettlement += 1
  return settlements[book.nextSettlement]
}

function isHeld(sim: Simulation, book: SymbolBook): boolean {
  return LEGS.some((leg) => !sim.heldOn(book, leg).isZero())
}

function missing({ market: { symbol, settlements } }: SymbolBook, settlement: Settlement): HedgerowError {
  const known = settlements.filter(({ rate }) => rate !== null)
  const first = known[0]
  const last = known.at(-1)
  const range = first === undefined || last === undefined ? 'none within the run' : `from ${timeText(first.at)} to ${timeText(last.at)}`
  return new HedgerowError('FUNDING_MISSING', { where: symbol, found: `no rate at ${timeText(settlement.at)}; those given: ${range}`, expected: 'a rate at each settlement while a leg is held' })
}
