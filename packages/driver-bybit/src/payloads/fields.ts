/** How the venue writes amounts, times and numbers: as texts, empty where there is nothing. */
import { decimal, ZERO, type Decimal, type TimeMs } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'

/** A field of a payload: anything in, one type out. */
type Field<T> = z.ZodType<T>

const NOT_NEGATIVE = 'expected zero or more'

/** An amount; a missing, empty or malformed one is an error. */
export const amount: Field<Decimal> = z.string().transform((text, context): Decimal => read(text, context))

/** A quantity or a price: an amount that is never negative. */
export const quantity: Field<Decimal> = amount.refine(isNotNegative, NOT_NEGATIVE)

/** An amount that may be missing, null or empty: then null. */
export const amountOrNull: Field<Decimal | null> = z.string().nullish().transform((text, context): Decimal | null => (isNothing(text) ? null : read(text, context)))

/** The same for quantities. */
export const quantityOrNull: Field<Decimal | null> = amountOrNull.refine(isNotNegative, NOT_NEGATIVE)

/** The same where zero also says that there is none: prices and triggers. */
export const priceOrNull: Field<Decimal | null> = quantityOrNull.transform((value) => (value?.isZero() === true ? null : value))

/** A calculated price: null as well where the calculation leaves the range of prices. */
export const levelOrNull: Field<Decimal | null> = amountOrNull.transform((value) => (value?.gt(ZERO) === true ? value : null))

/** A moment in ms. */
export const moment: Field<TimeMs> = z.union([z.string().regex(/^\d{1,16}$/, 'expected a time in ms'), z.int().nonnegative()]).transform(Number)

/** A moment that may be missing, empty or zero: then null. */
export const momentOrNull: Field<TimeMs | null> = z.union([z.literal(''), moment]).nullish().transform((value) => (typeof value === 'number' && value > 0 ? value : null))

/** The venue's cross sequence: a number in some messages and a text in others, -1 where nothing was traded yet. Null beyond exact integers. */
export const sequence: Field<number | null> = z.union([z.number(), z.string()]).nullish().transform((value) => {
  const number = value === '' || value === null || value === undefined ? -1 : Number(value)
  return Number.isSafeInteger(number) && number >= 0 ? number : null
})

/** A text that may be missing or empty: then null. */
export const textOrNull: Field<string | null> = z.string().nullish().transform((text) => (isNothing(text) ? null : text))

function read(text: string, context: z.core.$RefinementCtx<string | null | undefined>): Decimal {
  try {
    return decimal(text)
  } catch {
    context.addIssue({ code: 'custom', message: `expected the text of a decimal, found "${text}"` })
    return z.NEVER
  }
}

function isNotNegative(value: Decimal | null): boolean {
  return value?.lt(ZERO) !== true
}

function isNothing(text: string | null | undefined): text is '' | null | undefined {
  return text === '' || text === null || text === undefined
}
