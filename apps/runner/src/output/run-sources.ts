/** Where the data of a run came from: a file beside its result, so that the run can be explained later. */
import type { TimeMs } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'

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

/** What a file of sources has to be. */
export const sourcesSchema: z.ZodType<RunSources> = z.object({
  schemaVersion: z.literal(1),
  limitFill: z.enum(['touch', 'through']),
  candles: z.record(z.string(), z.union([
    z.object({ file: z.string() }), z.object({ folder: z.string(), venue: z.string(), timeframe: z.string(), start: z.number(), end: z.number() }), z.null(),
  ])),
})
