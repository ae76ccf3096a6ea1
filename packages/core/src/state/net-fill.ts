/** Fills and positions as a venue in one-way mode speaks of them: one signed position, a side and no leg. */
import { minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import type { Filled } from '../domain/events.ts'
import { legOf, type Intent, type Leg, type Side } from '../domain/leg.ts'
import { netQty, type PairOfPositions } from '../domain/position-pair.ts'
import { HedgerowError } from '../errors.ts'

/** A venue's fill of a one-way position. */
export interface NetFill extends Omit<Filled, 'leg' | 'intent'> {
  readonly side: Side
}

/**
 * The parts of a net fill: what it closes of the opposite leg, then what it opens. Both carry the fill's id; the fee is on the first.
 * Long 1, sell 3: close long 1, open short 2 (SIMULATION 1.4) [LED-009].
 *
 * @throws HedgerowError `INVARIANT_BROKEN` when both legs are open: a side alone then says nothing about the leg.
 */
export function splitNetFill(pair: PairOfPositions, fill: NetFill): readonly Filled[] {
  if (!pair.long.qty.isZero() && !pair.short.qty.isZero()) {
    throw new HedgerowError('INVARIANT_BROKEN', { where: `net fill ${fill.fillId} of ${fill.symbol}`, found: 'both legs open', expected: 'one-way mode, in which one leg at most is open' })
  }
  const { side, ...common } = fill
  const [opened, closed]: [Leg, Leg] = side === 'buy' ? ['long', 'short'] : ['short', 'long']
  const closing = minDecimal(fill.qty, legOf(pair, closed).qty)
  const opening = fill.qty.minus(closing)
  const parts: Filled[] = []
  const add = (leg: Leg, intent: Intent, qty: Decimal): void => {
    if (!qty.isZero()) parts.push({ ...common, leg, intent, qty, fee: parts.length === 0 ? fill.fee : ZERO })
  }
  add(closed, 'close', closing)
  add(opened, 'open', opening)
  return parts
}

/** The pair as one signed position. */
export interface NetPosition {
  /** Negative when short. */
  readonly qty: Decimal
  /** Average opening price of the open leg; null when flat. */
  readonly entryPrice: Decimal | null
  readonly realised: Decimal
  readonly fees: Decimal
  readonly funding: Decimal
}

/** Both legs of a one-way pair as the one position that the venue shows; sums over both legs. */
export function netPosition(pair: PairOfPositions): NetPosition {
  const { long, short } = pair
  const open = long.qty.isZero() ? short : long
  return {
    qty: netQty(pair),
    entryPrice: open.qty.isZero() ? null : open.cost.div(open.qty),
    realised: long.realised.plus(short.realised),
    fees: long.fees.plus(short.fees),
    funding: long.funding.plus(short.funding),
  }
}
