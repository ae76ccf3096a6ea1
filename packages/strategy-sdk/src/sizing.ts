/** How much to trade: from a position size or from the risk to a stop. */
import { HedgerowError } from '@hedgerow/core'

/** Base units that a position size in quote units buys. With a fee rate, room for three fees is kept. */
export interface SizeInput {
  /** Quote units. */
  readonly size: number
  readonly price: number
  readonly feeRate?: number
}

/** Base units that lose a part of the capital when the stop is hit; never more than the capital buys. */
export interface RiskInput {
  /** Quote units. */
  readonly capital: number
  /** Percent of the capital: 2 is 2 %. */
  readonly riskPercentage: number
  readonly entryPrice: number
  readonly stopPrice: number
  readonly feeRate?: number
}

/**
 * `size x (1 - 3 x feeRate) / price`, not rounded.
 *
 * @throws HedgerowError `NOT_POSITIVE` for a size or price that is not a positive number.
 */
export function sizeToQty({ size, price, feeRate = 0 }: SizeInput): number {
  requirePositive('sizeToQty', { size, price })
  return (size * (1 - 3 * feeRate)) / price
}

/**
 * `capital x riskPercentage / 100 / |entryPrice - stopPrice|`, at most `capital / entryPrice`, less three fees, not rounded.
 * With a capital of 10,000, a risk of 1 %, an entry at 100 and a stop at 95: 20.
 *
 * @throws HedgerowError `NOT_POSITIVE` for a value that is not a positive number, or a stop at the entry.
 */
export function riskToQty({ capital, riskPercentage, entryPrice, stopPrice, feeRate = 0 }: RiskInput): number {
  const distance = Math.abs(entryPrice - stopPrice)
  requirePositive('riskToQty', { capital, riskPercentage, entryPrice, stopPrice, 'distance from entry to stop': distance })
  const size = Math.min((capital * riskPercentage * entryPrice) / 100 / distance, capital)
  return sizeToQty({ size, price: entryPrice, feeRate })
}

function requirePositive(where: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(value > 0 && Number.isFinite(value))) throw new HedgerowError('NOT_POSITIVE', { where: `${where}, ${name}`, found: String(value), expected: 'a finite number greater than zero' })
  }
}
