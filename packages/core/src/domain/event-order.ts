/** The order in which things of one moment happen (SIMULATION 3.9). */
import type { TimeMs } from './time.ts'

/** Classes of what can happen at one time, first to last. */
export const EVENT_CLASSES = ['config', 'price', 'funding', 'liquidation', 'trigger', 'match', 'account', 'candle-close', 'strategy', 'order-arrival'] as const

/** A class of what can happen. */
export type EventClass = (typeof EVENT_CLASSES)[number]

/** Where something stands in time. */
export interface EventKey {
  readonly at: TimeMs
  readonly class: EventClass
  /** Index of the symbol in the configuration. */
  readonly symbolIndex: number
  /** Decides within one symbol and class: the place in the queue. */
  readonly sequence: number
}

const RANK: ReadonlyMap<EventClass, number> = new Map(EVENT_CLASSES.map((name, rank) => [name, rank]))

/**
 * Compares by time, class, symbol and sequence; negative when `a` comes first. So funding at T sees the positions before T, a
 * liquidation at T precedes a stop at T, and every symbol is matched before a strategy sees the minute.
 */
export function compareEvents(a: EventKey, b: EventKey): number {
  return a.at - b.at || rankOf(a.class) - rankOf(b.class) || a.symbolIndex - b.symbolIndex || a.sequence - b.sequence
}

function rankOf(name: EventClass): number {
  return RANK.get(name) ?? EVENT_CLASSES.length
}
