/** Rounding to a grid, and the arithmetic that the sources print: an op that is nothing but the operations of a Decimal. */
import { ONE, roundToPlaces, roundToStep, sumDecimals, unrealisedPnl, type Decimal, type Leg, type Rounding } from '@hedgerow/core'
import { z } from 'zod'
import { amount, op, type OpAdapter } from '../op.ts'

const Mode = z.enum(['floor', 'ceil', 'down', 'up', 'half_up']).transform((mode): Rounding => (mode === 'half_up' ? 'half-up' : mode))
const Checks = z.object({ checks: z.array(z.object({ value: amount, step: amount, mode: Mode })) })

const precision = op(Checks, ({ checks }) => ({ results: checks.map(({ value, step, mode }) => roundToStep(value, step, mode)) }))

/** Each operator with the operands it takes. */
const OPERATORS = {
  mul: z.tuple([amount, amount]).transform(([a, b]) => a.times(b)),
  mul3: z.tuple([amount, amount, amount]).transform(([a, b, c]) => a.times(b).times(c)),
  div: z.tuple([amount, amount]).transform(([a, b]) => a.div(b)),
  sub: z.tuple([amount, amount]).transform(([a, b]) => a.minus(b)),
  add: z.array(amount).transform(sumDecimals),
  wavg: z.tuple([amount, amount, amount, amount]).transform(([a, b, c, d]) => a.times(b).plus(c.times(d)).div(a.plus(c))),
  pnl_long: pnl('long'),
  pnl_short: pnl('short'),
  be_long: z.tuple([amount, amount]).transform(([entry, rate]) => entry.times(ONE.plus(rate))),
  be_short: z.tuple([amount, amount]).transform(([entry, rate]) => entry.times(ONE.minus(rate))),
  sumprod_fee: z.tuple([amount, amount, amount]).transform(([a, b, rate]) => a.plus(b).times(rate)),
} satisfies Record<string, z.ZodType<Decimal>>

function pnl(leg: Leg): z.ZodType<Decimal> {
  return z.tuple([amount, amount, amount]).transform(([qty, entry, exit]) => unrealisedPnl({ leg, qty, cost: qty.times(entry) }, exit))
}

const Operator = z.enum(['mul', 'mul3', 'div', 'sub', 'add', 'wavg', 'pnl_long', 'pnl_short', 'be_long', 'be_short', 'sumprod_fee'])
const Item = z.tuple([z.string(), Operator, z.array(z.string())]).transform(([label, operator, operands], context) => {
  const result = OPERATORS[operator].safeParse(operands)
  if (result.success) return [label, asLabelled(label, result.data)] as const
  context.addIssue({ code: 'custom', message: `${label}: ${z.prettifyError(result.error)}` })
  return z.NEVER
})

/** The last part of a label says how its value is rounded. */
const ROUNDED: readonly (readonly [suffix: string, places: number, rounding: Rounding])[] = [
  ['_trunc8', 8, 'down'],
  ['_halfup8', 8, 'half-up'],
  ['_halfup4', 4, 'half-up'],
]

function asLabelled(label: string, value: Decimal): Decimal {
  const row = ROUNDED.find(([suffix]) => label.endsWith(suffix))
  return row === undefined ? value : roundToPlaces(value, row[1], row[2])
}

const arith = op(z.object({ items: z.array(Item) }), ({ items }) => Object.fromEntries(items))

export const ops: Record<string, OpAdapter> = { precision, arith }
