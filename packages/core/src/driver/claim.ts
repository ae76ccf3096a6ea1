/** Where a fact about a venue comes from. */
import { z } from '../zod.ts'

/** [P] printed by the venue, [O] observed in a real account row, [D] algebra from these, [A] an assumption of ours. */
export type Confidence = 'P' | 'O' | 'D' | 'A'

/** The source of one part of a profile or manifest. */
export interface Claim {
  /** Path of the field it is about: `margin.hedged`. */
  readonly about: string
  readonly confidence: Confidence
  /** Document, fixture or row. */
  readonly source: string
  /** Day on which the source was last compared with the venue, `YYYY-MM-DD`, or `unverified`. */
  readonly checkedOn: string
}

/** A calendar day. */
export const daySchema = (): z.ZodType<string, string> => z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a day such as "2025-09-02"')

/** A claim as a driver writes it. */
export const claimSchema = (): z.ZodType<Claim, Claim> => z.strictObject({
  about: z.string().min(1),
  confidence: z.enum(['P', 'O', 'D', 'A']),
  source: z.string().min(1),
  checkedOn: z.union([daySchema(), z.literal('unverified')]),
})

/** The first claim that is about no field of `value`; null when each is about one. */
export function strayClaim(value: object, claims: readonly Claim[]): Claim | null {
  return claims.find(({ about }) => !hasPath(value, about.split('.'))) ?? null
}

function hasPath(value: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path
  if (key === undefined) return true
  return typeof value === 'object' && value !== null && key in value && hasPath((value as Record<string, unknown>)[key], rest)
}
