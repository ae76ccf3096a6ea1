/** The schema of `candles.json`. */
import { z } from '@hedgerow/core/zod'
import type { CandlesRecord, Packed } from './candles-file.ts'

const PackedSchema: z.ZodType<Packed> = z.strictObject({ places: z.int().nullable(), data: z.base64() })

/** The schema of the file. */
export const CandlesFile: z.ZodType<CandlesRecord> = z.object({
  schemaVersion: z.literal(1),
  markets: z.array(z.strictObject({ symbol: z.string(), start: z.int(), step: z.int().positive(), length: z.int(), candles: PackedSchema, marks: PackedSchema.nullable() })),
})
