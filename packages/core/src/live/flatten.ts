/**
 * The next closes of a flatten (SIMULATION 7.6): of each symbol the larger leg first, down to the smaller, then both together in equal slices,
 * so that the net exposure of a hedge never grows on the way out.
 */
import { minDecimal, type Decimal } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import { LEGS } from '../domain/leg.ts'
import type { WantedClose } from '../domain/live-input.ts'
import type { PairOfPositions } from '../domain/position-pair.ts'

/** Market closes to send now; none when the pair is flat. */
export function flattenSlices({ symbol, long, short }: PairOfPositions, { maxMarketQty }: Pick<Instrument, 'maxMarketQty'>): readonly WantedClose[] {
  const atMost = (qty: Decimal): Decimal => (maxMarketQty === null ? qty : minDecimal(qty, maxMarketQty))
  const close = (leg: 'long' | 'short', qty: Decimal): WantedClose => ({ symbol, leg, qty: atMost(qty), role: 'exit' })
  const excess = long.qty.minus(short.qty)
  if (!excess.isZero()) return [close(excess.gt(0) ? 'long' : 'short', excess.abs())]
  return long.qty.isZero() ? [] : LEGS.map((leg) => close(leg, long.qty))
}
