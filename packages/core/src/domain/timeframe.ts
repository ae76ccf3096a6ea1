/** Timeframes: the lengths of bars, and where bars begin. */
import { HedgerowError } from '../errors.ts'
import { DAY_MS, MINUTE_MS, type TimeMs } from './time.ts'

/** A length of bars with its grid: bar `k` covers `[origin + k x ms, origin + (k + 1) x ms)`. */
export interface Timeframe {
  /** Canonical text: `1m`, `15m`, `4h`, `1D`, `1W`. Two timeframes of the same text have the same bars. */
  readonly text: string
  /** Length of one bar in milliseconds. */
  readonly ms: number
  /** A time at which a bar begins. */
  readonly origin: TimeMs
}

const HOUR_MS = 60 * MINUTE_MS
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: MINUTE_MS, h: HOUR_MS, D: DAY_MS, W: 7 * DAY_MS }
/** 1970-01-05, the first Monday after the epoch: weeks begin on Mondays. */
const FIRST_MONDAY: TimeMs = 4 * DAY_MS
const PATTERN = /^(\d{1,6})([smhdwDW])$/

/**
 * Reads a timeframe: a whole number and a unit, `s m h D W` (`d` and `w` are accepted). Bars are aligned to the UTC
 * epoch, weeks to Monday. `60m` reads as `1h`; a month has no fixed length and is not a timeframe.
 *
 * @throws HedgerowError `TIMEFRAME_INVALID`
 */
export function parseTimeframe(text: string): Timeframe {
  const match = PATTERN.exec(text)
  const unit = match?.[2]?.replace('d', 'D').replace('w', 'W') ?? ''
  const ms = Number(match?.[1] ?? 0) * (UNIT_MS[unit] ?? 0)
  if (ms <= 0) throw new HedgerowError('TIMEFRAME_INVALID', { found: `"${text}"`, expected: 'a positive whole number and one of s m h D W, such as 1m, 15m, 4h, 1D or 1W' })
  return unit === 'W' ? { text: `${ms / (7 * DAY_MS)}W`, ms, origin: FIRST_MONDAY } : timeframeOf(ms)
}

/** The timeframe of a length in milliseconds, aligned to the UTC epoch and named by its largest whole unit up to days. */
export function timeframeOf(ms: number): Timeframe {
  if (!Number.isSafeInteger(ms) || ms < 1000 || ms % 1000 !== 0) {
    throw new HedgerowError('TIMEFRAME_INVALID', { found: `${ms} ms`, expected: 'a positive whole number of seconds' })
  }
  const unit = ['D', 'h', 'm'].find((name) => ms % (UNIT_MS[name] ?? 0) === 0) ?? 's'
  return { text: `${ms / (UNIT_MS[unit] ?? 1000)}${unit}`, ms, origin: 0 }
}

/** The same timeframe with a bar beginning at `origin`: the `jesse` profile counts bars from the first candle of a run. */
export function countedFrom(timeframe: Timeframe, origin: TimeMs): Timeframe {
  return { ...timeframe, origin }
}

/** Start of the bar that contains `at`. */
export function barStart(timeframe: Timeframe, at: TimeMs): TimeMs {
  return timeframe.origin + Math.floor((at - timeframe.origin) / timeframe.ms) * timeframe.ms
}

/**
 * Checks that bars of the timeframe can be built from candles of `baseMs` that start at `baseStart` (any one of them).
 *
 * @throws HedgerowError `TIMEFRAME_INVALID` when it is shorter than a candle, no multiple of it, or its boundaries fall inside candles.
 */
export function requireBuildable(timeframe: Timeframe, baseMs: number, baseStart: TimeMs): void {
  const base = timeframeOf(baseMs).text
  if (timeframe.ms % baseMs !== 0) {
    throw new HedgerowError('TIMEFRAME_INVALID', { found: timeframe.text, expected: `a whole multiple of the candles' spacing, ${base}` })
  }
  if ((baseStart - timeframe.origin) % baseMs !== 0) {
    const offMs = (((baseStart - timeframe.origin) % baseMs) + baseMs) % baseMs
    throw new HedgerowError('TIMEFRAME_INVALID', { found: `${base} candles that start ${offMs} ms after a boundary of ${timeframe.text}`, expected: `candles that start on multiples of ${base} from that boundary` })
  }
}
