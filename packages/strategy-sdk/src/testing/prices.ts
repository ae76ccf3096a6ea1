/** Candles out of a few prices. */
import { HedgerowError, type CandleColumns, type TimeMs } from '@hedgerow/core'

/** A candle by its open, high, low and close; a number alone is a candle that stands still. */
export type PriceBar = number | readonly [open: number, high: number, low: number, close: number]

/**
 * Candles of the given prices, one after the other, each with a volume of a million.
 *
 * @throws HedgerowError `DATA_INVALID` for a price that is not positive, or a high and a low that do not enclose open and close.
 */
export function candlesOf(prices: readonly PriceBar[], { start = 0, step = 60_000 }: { readonly start?: TimeMs; readonly step?: number } = {}): CandleColumns {
  const rows = prices.map((bar, index) => {
    const [open, high, low, close] = typeof bar === 'number' ? [bar, bar, bar, bar] : bar
    if (!(low > 0 && low <= Math.min(open, close) && Math.max(open, close) <= high && Number.isFinite(high))) {
      throw new HedgerowError('DATA_INVALID', { where: `candle ${index} of the test`, found: `open ${open}, high ${high}, low ${low}, close ${close}`, expected: 'positive prices, the high above and the low below the others' })
    }
    return [open, high, low, close] as const
  })
  const column = (index: 0 | 1 | 2 | 3): Float64Array => Float64Array.from(rows, (row) => row[index])
  return { start, step, length: rows.length, open: column(0), high: column(1), low: column(2), close: column(3), volume: new Float64Array(rows.length).fill(1_000_000) }
}
