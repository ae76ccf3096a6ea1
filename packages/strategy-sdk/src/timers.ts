/** Timers of a strategy class: times at which `onTimer` is called beside the bars. */
import { HedgerowError, isHedgerowError, parseTimeframe, timeframeOf, type Timeframe, type Timer } from '@hedgerow/core'
import { shown } from './shown.ts'

/** A length of time: `30m`, `8h`, `1D`, or milliseconds. */
export type Duration = string | number

/**
 * A timer is due at every multiple of `every` after the UTC epoch (weeks: after a Monday), moved by `offset`:
 * `{ every: '8h', offset: '5m' }` is due at 00:05, 08:05 and 16:05 UTC.
 */
export interface TimerRule {
  readonly every: Duration
  readonly offset?: Duration
}

/** The timers of a strategy, by the name that `onTimer` is told. */
export type TimerRules = Readonly<Record<string, TimerRule>>

/** Reads `static timers`. @throws HedgerowError `TIMEFRAME_INVALID`, `UNKNOWN_KEY`, naming strategy and timer. */
export function readTimers(rules: TimerRules, strategy: string): readonly Timer[] {
  return Object.entries(rules).map(([name, rule]) => {
    const where = `strategy ${strategy}, timer ${name}`
    for (const key of Object.keys(rule)) if (key !== 'every' && key !== 'offset') throw new HedgerowError('UNKNOWN_KEY', { where, found: key, expected: 'every, offset' })
    const every = located(where, () => durationOf(rule.every))
    const offset = rule.offset === undefined || rule.offset === 0 ? 0 : located(where, () => durationOf(rule.offset)).ms
    if (offset >= every.ms) throw new HedgerowError('TIMEFRAME_INVALID', { where, found: `offset ${shown(rule.offset)}`, expected: `less than every, ${every.text}` })
    return { name, every: { ...every, origin: every.origin + offset } }
  })
}

function durationOf(duration: unknown): Timeframe {
  return typeof duration === 'number' ? timeframeOf(duration) : parseTimeframe(typeof duration === 'string' ? duration : shown(duration))
}

function located<T>(where: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw isHedgerowError(error) ? new HedgerowError(error.code, { ...error.details, where }) : error
  }
}
