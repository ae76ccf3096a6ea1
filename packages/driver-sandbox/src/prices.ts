/** Prices at the point where a simulation stands. */
import { decimalOfDouble, roundToPlaces, roundToStep, type Decimal, type Side } from '@hedgerow/core'
import { LEG_END, LEG_START, priceAt, ratioOf } from './fraction.ts'
import { AT_CLOSE, AT_OPEN } from './path.ts'
import type { Simulation } from './simulation.ts'
import type { Lane, SymbolBook } from './symbol-book.ts'

/** Decimals of a mark price that lies between two ticks of its series. */
const MARK_PLACES = 8

/** The price as a double: NaN before the first candle, and where another series fixes a point between this one's corners. */
export function doublePrice(sim: Simulation, lane: Lane): number {
  if (sim.leg === AT_OPEN) {
    const open = lane.tape.open(sim.minute)
    return Number.isNaN(open) ? lane.tape.closeBefore(sim.minute) : open
  }
  if (sim.leg === AT_CLOSE) return lane.tape.closeBefore(sim.minute + 1)
  const { from, to } = lane
  if (from === to || sim.fraction === LEG_START) return from
  if (sim.fraction === LEG_END) return to
  return sim.fraction.from === from && sim.fraction.to === to ? sim.fraction.level : Number.NaN
}

/** The price to within the error of doubles, for bounds around it; NaN before the first candle. */
export function roughPrice(sim: Simulation, lane: Lane): number {
  const known = doublePrice(sim, lane)
  return Number.isNaN(known) && !isAtCorner(sim) ? lane.from + (lane.to - lane.from) * ratioOf(sim.fraction) : known
}

/** The price, exact to 40 digits; null before the first candle. */
export function exactPrice(sim: Simulation, lane: Lane): Decimal | null {
  const known = doublePrice(sim, lane)
  if (!Number.isNaN(known)) return lane.decimalOf(known)
  return Number.isNaN(lane.from) || isAtCorner(sim) ? null : priceAt(sim.fraction, lane.from, lane.to)
}

/** Negative, zero or positive as the price is below, at or above a level. */
export function comparePrice(sim: Simulation, lane: Lane, level: number): number {
  const known = doublePrice(sim, lane)
  return Number.isNaN(known) ? (exactPrice(sim, lane)?.comparedTo(decimalOfDouble(level)) ?? Number.NaN) : known - level
}

/** What a taker would pay or get before slippage: a price between two ticks is rounded against the taker. */
export function takerPrice(sim: Simulation, book: SymbolBook, side: Side): Decimal | null {
  const known = doublePrice(sim, book.last)
  if (!Number.isNaN(known)) return book.last.decimalOf(known)
  const price = exactPrice(sim, book.last)
  return price === null ? null : roundToStep(price, book.market.instrument.tickSize, side === 'buy' ? 'ceil' : 'floor')
}

/** The price that values positions; null before the first candle. */
export function markPrice(sim: Simulation, book: SymbolBook): Decimal | null {
  const price = exactPrice(sim, book.mark) ?? (book.mark === book.last ? null : exactPrice(sim, book.last))
  return price === null ? null : roundToPlaces(price, MARK_PLACES, 'half-up')
}

function isAtCorner(sim: Simulation): boolean {
  return sim.leg === AT_OPEN || sim.leg === AT_CLOSE
}
