/** Fields of exported rows: JSON values, or the texts of CSV cells. */
import { decimal, decimalOfDouble, roundToPlaces, type Decimal, type TimeMs } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'

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
  const at = typeof value === 'number' || /^\d+$/.test(value) ? Number(value) : timeOfDate(value)
  if (Number.isSafeInteger(at) && at >= EARLIEST && at < LATEST) return at
  context.addIssue({ code: 'custom', message: 'expected a time in milliseconds, or a date such as 2024-01-31 12:30:00' })
  return z.NEVER
})

/** Times outside are seconds or microseconds, not milliseconds. */
const [EARLIEST, LATEST] = [Date.UTC(2009, 0), Date.UTC(2200, 0)]

/** True or false, in the spelling of JSON, of Python, of a spreadsheet or of a database. */
export const flag: z.ZodType<boolean> = z.union([z.boolean(), z.enum(['true', 'True', 'TRUE', 'Y', '1']).transform(() => true), z.enum(['false', 'False', 'FALSE', 'N', '0']).transform(() => false), z.literal(1).transform(() => true), z.literal(0).transform(() => false)], 'expected true or false')

/** A name, as text. */
export const name: z.ZodType<string> = z.union([z.string().min(1, 'expected a name'), z.number()], 'expected a name').transform(String)

/** An id that a spreadsheet has not rounded. */
export const identifier: z.ZodType<string> = name.refine((text) => !/^\d+([.,]\d+)?E\+?\d+$/i.test(text), 'expected every digit of an id: a spreadsheet has rounded it. Export the file again, and import it as it came')

/** `26-01-31 12:30:00`, `2024-01-31 12:30`, `2024/01/31 12:30:00.5`, ISO 8601, or `12:30 2024-01-31`. Days first or months first are not told apart: NaN. */
function timeOfDate(text: string): number {
  const [, clock, day] = /^(\d{1,2}:\d\d(?::\d\d)?) (\S+)$/.exec(text.trim()) ?? []
  const iso = (clock === undefined ? text.trim() : `${day ?? ''} ${clock.padStart(clock.length + (clock.indexOf(':') === 1 ? 1 : 0), '0')}`).replaceAll('/', '-').replace(/^(\d\d-\d\d-\d\d(?!\d))/, '20$1').replace(' ', 'T')
  const [, , time, zone] = DATE.exec(iso) ?? [iso, null]
  if (time === null) return Number.NaN
  return Date.parse(time === undefined || zone !== undefined ? iso : `${iso}Z`)
}

const DATE = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/
