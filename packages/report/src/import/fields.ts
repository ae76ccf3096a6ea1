/** Fields of exported rows: JSON values, or the texts of CSV cells. */
import { decimal, decimalOfDouble, roundToPlaces, type Decimal, type TimeMs } from '@hedgerow/core'
import { z } from 'zod'

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

const number = z.union([z.string().regex(NUMBER, 'expected a number'), z.number()], 'expected a number')

/** An exact number. A number of JSON is read by its shortest text. */
export const amount: z.ZodType<Decimal> = number.transform((value) => (typeof value === 'number' ? decimalOfDouble(value) : decimal(value)))

/** Above zero. */
export const positive: z.ZodType<Decimal> = amount.refine((value) => value.gt(0), 'expected a number above 0')

/** Null where there is none: an absent or empty field. */
export const amountOrNull: z.ZodType<Decimal | null> = z.union([z.literal(''), number]).nullish().transform((value): Decimal | null => (value === '' || value === null || value === undefined ? null : amount.parse(value)))

/** Places that remain of a double: the tail of `0.1 + 0.2` is cut off, steps of any market are kept. */
const DOUBLE_PLACES = 10

/** A number that a program in doubles has computed, rounded half up to 10 places. */
export const double: z.ZodType<Decimal> = amount.transform((value) => roundToPlaces(value, DOUBLE_PLACES, 'half-up'))

/** A time in ms UTC: a number, its text, or a date; a date without a zone is UTC. */
export const moment: z.ZodType<TimeMs> = z.union([z.string(), z.number()], 'expected a time').transform((value, context): TimeMs => {
  const at = typeof value === 'number' || /^\d+$/.test(value) ? Number(value) : Date.parse(zoned(value))
  if (Number.isSafeInteger(at) && at >= EARLIEST && at < LATEST) return at
  context.addIssue({ code: 'custom', message: 'expected a time in milliseconds, or a date such as 2024-01-31 12:30:00' })
  return z.NEVER
})

/** Times outside are seconds or microseconds, not milliseconds. */
const [EARLIEST, LATEST] = [Date.UTC(2009, 0), Date.UTC(2200, 0)]

/** True or false, in the spelling of JSON or of Python. */
export const flag: z.ZodType<boolean> = z.union([z.boolean(), z.enum(['true', 'True', 'TRUE']).transform(() => true), z.enum(['false', 'False', 'FALSE']).transform(() => false)], 'expected true or false')

/** A name, as text. */
export const name: z.ZodType<string> = z.union([z.string().min(1, 'expected a name'), z.number()], 'expected a name').transform(String)

function zoned(text: string): string {
  const iso = text.trim().replace(' ', 'T')
  return /(Z|[+-]\d\d:?\d\d)$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`
}
