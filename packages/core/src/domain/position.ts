/** One leg of a pair. A flat leg is zero, never null. */
import { ZERO, type Decimal } from './decimal.ts'
import { legSign, type Leg } from './leg.ts'
import type { TimeMs } from './time.ts'

/** What is held on one leg. Quantities are magnitudes; the direction is the leg. */
export interface Position {
  readonly symbol: string
  readonly leg: Leg
  /** Base units, zero when flat. */
  readonly qty: Decimal
  /** Sum of quantity times price of what is held, unrounded; zero when flat. */
  readonly cost: Decimal
  /** Gross profit booked by closing, over the life of the session. */
  readonly realised: Decimal
  /** Fees paid (positive) over the life of the session. */
  readonly fees: Decimal
  /** Funding received (positive) over the life of the session. */
  readonly funding: Decimal
  /** Margin that belongs to this leg alone; null in cross margin. */
  readonly isolatedMargin: Decimal | null
  /** When the leg last went from flat to open; null when flat. */
  readonly openedAt: TimeMs | null
}

/** Average opening price; null when flat. */
export function entryPriceOf(position: Position): Decimal | null {
  return position.qty.isZero() ? null : position.cost.div(position.qty)
}

/** Unrealised profit at a price: `qty x price - cost` for the long leg, its negative for the short. */
export function unrealisedPnl(position: Pick<Position, 'leg' | 'qty' | 'cost'>, price: Decimal): Decimal {
  if (position.qty.isZero()) return ZERO
  const gain = position.qty.times(price).minus(position.cost)
  return legSign(position.leg) === 1 ? gain : gain.neg()
}
