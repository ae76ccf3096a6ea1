/** The pair of legs of one symbol: a read-only view. No property of a pair ever decides where an order goes. */
import { minDecimal, ZERO, type Decimal } from './decimal.ts'
import { unrealisedPnl, type Position } from './position.ts'

/** Both legs of a symbol. A pair always exists; flat legs are zero. */
export interface PairOfPositions {
  readonly symbol: string
  readonly long: Position
  readonly short: Position
}

/** Long quantity minus short quantity. */
export function netQty(pair: PairOfPositions): Decimal {
  return pair.long.qty.minus(pair.short.qty)
}

/** Long quantity plus short quantity. */
export function grossQty(pair: PairOfPositions): Decimal {
  return pair.long.qty.plus(pair.short.qty)
}

/** Unrealised profit of both legs at a price. */
export function pairPnl(pair: PairOfPositions, price: Decimal): Decimal {
  return unrealisedPnl(pair.long, price).plus(unrealisedPnl(pair.short, price))
}

/** Profit that price moves can no longer change: `min(L, S) x (entryS - entryL)`; zero unless both legs are open. */
export function lockedPnl(pair: PairOfPositions): Decimal {
  const { long, short } = pair
  if (long.qty.isZero() || short.qty.isZero()) return ZERO
  const hedged = minDecimal(long.qty, short.qty)
  return hedged.times(short.cost.div(short.qty).minus(long.cost.div(long.qty)))
}

/**
 * The price at which closing both legs leaves nothing gained or lost:
 * `L x P - costL + costS - S x P + booked - t x (L + S) x P = 0`, with `booked` the pnl, fees and funding of the open trades so far.
 * Null when no positive price does it.
 */
export function breakEvenPrice(pair: PairOfPositions, options: { readonly booked: Decimal; readonly takerRate: Decimal }): Decimal | null {
  const slope = netQty(pair).minus(grossQty(pair).times(options.takerRate))
  if (slope.isZero()) return null
  const price = pair.long.cost.minus(pair.short.cost).minus(options.booked).div(slope)
  return price.gt(0) ? price : null
}
