/**
 * What an adapter of the oracle is: it checks the input of one op, calls the real code, and names the result's parts
 * as the oracle does. It computes nothing.
 *
 * An op module exports one table: `export const ops: Record<string, OpAdapter> = { tier_mm: op(Input, run), ... }`.
 */
import { decimal, type Decimal, type TierTable } from '@hedgerow/core'
import { z } from 'zod'

/** What an adapter may answer. A JavaScript number stands for a counter or a time and has to be whole. */
export type OracleValue = Decimal | string | number | boolean | null | readonly OracleValue[] | { readonly [key: string]: OracleValue | undefined }

/** What a case can refer to outside of its input. */
export interface OracleContext {
  /** The tier table of this name in the case's file, verified. Throws when the file has none. */
  tiers(name: string): TierTable
}

/** Runs one op: the `input` of a case as it was read from JSON, to what its `expected` is compared with. */
export type OpAdapter = (input: unknown, context: OracleContext) => OracleValue

/** Schema of a number: the text of a decimal. */
export const amount: z.ZodType<Decimal, string> = z.string().transform((text, refinement) => {
  try {
    return decimal(text)
  } catch {
    refinement.addIssue({ code: 'custom', message: `expected the text of a decimal, found "${text}"` })
    return z.NEVER
  }
})

/** Schema of a counter or a time in ms: a whole JSON number. */
export const whole: z.ZodType<number, number> = z.int()

/** Schema of a number that may be left out: `fallback` is then taken. */
export function amountOr(fallback: string): z.ZodType<Decimal, string | undefined> {
  return amount.prefault(fallback)
}

/** Makes an adapter from the schema of its input. Throws with the path of the first wrong value. */
export function op<Input>(schema: z.ZodType<Input>, run: (input: Input, context: OracleContext) => OracleValue): OpAdapter {
  return (input, context) => {
    const parsed = schema.safeParse(input)
    if (!parsed.success) throw new Error(`input is not valid: ${z.prettifyError(parsed.error)}`)
    return run(parsed.data, context)
  }
}
