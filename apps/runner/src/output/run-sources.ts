/** Where the data of a run came from: a file beside its result, so that the run can be explained later. */
import type { TimeMs } from '@hedgerow/core'

/** Its name in the folder of a run. */
export const SOURCES_FILE = 'sources.json'

/** Where the candles of one symbol came from: a file, a series of a data folder with the range that was taken, or null for candles that a program passed in. */
export type CandleOrigin =
  | { readonly file: string }
  | { readonly folder: string; readonly venue: string; readonly timeframe: string; readonly start: TimeMs; readonly end: TimeMs }
  | null

/** Where the data of a run came from; paths are absolute. */
export interface RunSources {
  readonly schemaVersion: 1
  /** Whether a resting limit fills when the price reaches it, or only beyond it. */
  readonly limitFill: 'touch' | 'through'
  /** By symbol. */
  readonly candles: Readonly<Record<string, CandleOrigin>>
}
