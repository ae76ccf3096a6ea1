/**
 * Risk tiers: the maintenance margin of a position value, and the leverage that it allows.
 * `MM(notional) = notional x rate - deduction` of the tier that the value falls in; caps are inclusive [P] (SIMULATION 1.7).
 */
import { HedgerowError } from '../errors.ts'
import { decimal, decimalText, doubleOf, ONE, ZERO, type Decimal, type DecimalInput } from './decimal.ts'

/** One row of a table. */
export interface Tier {
  /** Largest position value of this tier in quote units, inclusive. */
  readonly cap: Decimal
  /** Maintenance margin rate: 0.005 is 0.5 % of the position value. */
  readonly rate: Decimal
  /** What keeps the margin continuous where the rate changes, in quote units. */
  readonly deduction: Decimal
  readonly maxLeverage: Decimal
}

/** A row as it is written down: `[cap, rate, deduction, max leverage]`. */
export type TierRow = readonly [cap: DecimalInput, rate: DecimalInput, deduction: DecimalInput, maxLeverage: DecimalInput]

/** Above any position value. */
const NO_CAP = decimal('1000000000000000000')

/** A verified table: caps rise, and the margin is continuous. */
export interface TierTable {
  readonly name: string
  readonly tiers: readonly [Tier, ...Tier[]]
  /** True when no rate is below the one before it: the margin is then a convex function of the price. */
  readonly convex: boolean
}

/**
 * Reads and verifies a table.
 *
 * @throws HedgerowError `TIER_TABLE_INVALID` naming the table and the row.
 */
export function tierTable(name: string, rows: readonly TierRow[]): TierTable {
  const [first, ...rest] = rows.map(([cap, rate, deduction, maxLeverage]): Tier => (
    { cap: decimal(cap), rate: decimal(rate), deduction: decimal(deduction), maxLeverage: decimal(maxLeverage) }))
  if (first === undefined) throw invalid(name, 0, 'no rows', 'at least one row')
  const tiers: readonly [Tier, ...Tier[]] = [first, ...rest]
  tiers.forEach((tier, index) => verifyRow(name, index, tier, tiers[index - 1]))
  return { name, tiers, convex: tiers.every((tier, index) => tier.rate.gte(tiers[index - 1]?.rate ?? ZERO)) }
}

/** A table of one tier without an end. */
export function singleTier({ rate, deduction }: Pick<Tier, 'rate' | 'deduction'>): TierTable {
  return { name: 'single', tiers: [{ cap: NO_CAP, rate, deduction, maxLeverage: rate.gt(0) ? ONE.div(rate) : NO_CAP }], convex: true }
}

/** Index from 0 of the tier that a position value falls in. Above the last cap the last row goes on. */
export function tierIndex(table: TierTable, notional: Decimal): number {
  const { tiers } = table
  let index = 0
  while (index < tiers.length - 1 && notional.gt(tierAt(table, index).cap)) index += 1
  return index
}

/** The row at an index; the last row beyond the end. */
export function tierAt(table: TierTable, index: number): Tier {
  return table.tiers[Math.min(index, table.tiers.length - 1)] ?? table.tiers[0]
}

/** The tier that a position value falls in. */
export function tierOf(table: TierTable, notional: Decimal): Tier {
  return tierAt(table, tierIndex(table, notional))
}

/** `notional x rate - deduction`: 3,500 in a tier of 3.5 % with deduction 30 needs 92.5. */
export function tierMargin(table: TierTable, notional: Decimal): Decimal {
  const tier = tierOf(table, notional)
  return notional.times(tier.rate).minus(tier.deduction)
}

/** A table in doubles, for bounds and statistics: a row each, in the order of the tiers. */
export interface TierDoubles {
  readonly caps: Float64Array
  readonly rates: Float64Array
  readonly deductions: Float64Array
}

/** Read once a table: some are asked about at every order and every fill. */
const DOUBLES = new WeakMap<TierTable, TierDoubles>()

/** The columns of a table. */
export function tierDoubles(table: TierTable): TierDoubles {
  const known = DOUBLES.get(table)
  if (known !== undefined) return known
  const column = (name: 'cap' | 'rate' | 'deduction'): Float64Array => Float64Array.from(table.tiers, (tier) => doubleOf(tier[name]))
  const made: TierDoubles = { caps: column('cap'), rates: column('rate'), deductions: column('deduction') }
  DOUBLES.set(table, made)
  return made
}

/** True up to the last cap: above it only orders that reduce are accepted. */
export function acceptsOpeners(table: TierTable, notional: Decimal): boolean {
  return notional.lte(tierAt(table, table.tiers.length - 1).cap)
}

/** True when a position of this value may be held at this leverage: `leverage <= max leverage` and `1 / leverage >= rate` of its tier [P]. */
export function allowsLeverage(table: TierTable, notional: Decimal, leverage: Decimal): boolean {
  const tier = tierOf(table, notional)
  return leverage.lte(tier.maxLeverage) && leverage.times(tier.rate).lte(1)
}

function verifyRow(name: string, index: number, tier: Tier, previous: Tier | undefined): void {
  const fail = (found: string, expected: string): never => { throw invalid(name, index, found, expected) }
  if (tier.rate.lt(0) || tier.rate.gt(ONE)) fail(`rate ${decimalText(tier.rate)}`, 'a rate from 0 to 1')
  if (tier.maxLeverage.lte(0)) fail(`max leverage ${decimalText(tier.maxLeverage)}`, 'a leverage above 0')
  if (tier.cap.lte(previous?.cap ?? ZERO)) fail(`cap ${decimalText(tier.cap)}`, `a cap above ${decimalText(previous?.cap ?? ZERO)}`)
  const expected = previous === undefined ? ZERO : previous.deduction.plus(previous.cap.times(tier.rate.minus(previous.rate)))
  if (!tier.deduction.eq(expected)) fail(`deduction ${decimalText(tier.deduction)}`, `a deduction of ${decimalText(expected)}`)
}

function invalid(name: string, index: number, found: string, expected: string): HedgerowError {
  return new HedgerowError('TIER_TABLE_INVALID', { where: `tier table ${name}, row ${index + 1}`, found, expected })
}
