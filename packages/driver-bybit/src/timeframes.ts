/** Timeframes in the venue's words. */
import { HedgerowError, parseTimeframe } from '@hedgerow/core'

/** Canonical text to the venue's interval. Months have no fixed length and are no timeframe. */
const INTERVALS: ReadonlyMap<string, string> = new Map([
  ['1m', '1'], ['3m', '3'], ['5m', '5'], ['15m', '15'], ['30m', '30'], ['1h', '60'], ['2h', '120'], ['4h', '240'], ['6h', '360'], ['12h', '720'], ['1D', 'D'], ['1W', 'W'],
])

const TIMEFRAMES: ReadonlyMap<string, string> = new Map([...INTERVALS].map(([timeframe, interval]) => [interval, timeframe]))

/**
 * The venue's interval of a timeframe.
 *
 * @throws HedgerowError `TIMEFRAME_INVALID` for one that the venue does not have.
 */
export function intervalOf(timeframe: string): string {
  const interval = INTERVALS.get(parseTimeframe(timeframe).text)
  if (interval !== undefined) return interval
  throw new HedgerowError('TIMEFRAME_INVALID', { where: 'driver-bybit', found: timeframe, expected: `one of ${[...INTERVALS.keys()].join(', ')}` })
}

/** Canonical text of an interval; null for one that is no timeframe. */
export function timeframeOfInterval(interval: string): string | null {
  return TIMEFRAMES.get(interval) ?? null
}
