/** Reads a venue profile: texts become decimals, tables are verified, and every reference is followed. */
import { z } from '../zod.ts'
import { decimal, type Decimal } from '../domain/decimal.ts'
import { instrument, type Instrument } from '../domain/instrument.ts'
import { tierTable, type TierTable } from '../domain/tiers.ts'
import { HedgerowError } from '../errors.ts'
import { claimSchema, daySchema, strayClaim } from './claim.ts'
import type { VenueProfile, VenueProfileInput } from './venue-profile.ts'

/** The text of a decimal that passes. */
const amount = (passes: (value: Decimal) => boolean, expected: string) => z.string().superRefine((text, refinement) => {
  try {
    if (!passes(decimal(text))) refinement.addIssue({ code: 'custom', message: expected })
  } catch {
    refinement.addIssue({ code: 'custom', message: `expected the text of a decimal, found "${text}"` })
  }
})
const positive = () => amount((value) => value.gt(0), 'expected a number above 0')
const nonNegative = () => amount((value) => value.gte(0), 'expected a number from 0')
const rate = () => amount((value) => value.gt(-1) && value.lt(1), 'expected a rate between -1 and 1')
const priceBase = () => z.enum(['mark', 'entry'])

const marginRules = () => z.strictObject({
  initialPrice: z.strictObject({ cross: priceBase(), isolated: priceBase() }),
  maintenancePrice: priceBase(),
  closeFeeReserve: z.boolean(),
  hedged: z.enum(['both', 'net']),
  hedgedCloseFeeMultiplier: nonNegative(),
  clampAvailable: z.boolean(),
  isolatedProfitAvailable: z.boolean(),
})

const orderMarginRules = () => z.strictObject({
  oneWay: z.enum(['exposure', 'beyond-position', 'larger-side']),
  hedge: z.enum(['sum-of-orders', 'sum-of-legs']),
  fees: z.boolean(),
  orderLoss: z.boolean(),
  openLoss: z.boolean(),
  shortPriceFactor: positive().nullable(),
  marketPriceFactor: positive(),
  beforeTrigger: z.boolean(),
})

const instrumentRow = () => z.strictObject({
  symbol: z.string().min(1),
  tickSize: positive(),
  qtyStep: positive(),
  minQty: nonNegative().exactOptional(),
  maxQty: positive().nullable().exactOptional(),
  maxMarketQty: positive().nullable().exactOptional(),
  minNotional: nonNegative().exactOptional(),
  tiers: z.string().nullable().exactOptional(),
  fundingIntervalMs: z.int().positive().exactOptional(),
})

/** Made for a profile that is to be checked: those that come with us were, by their tests. */
const schema = () => z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected lower case words joined by "-"'),
  validFrom: daySchema().nullable(),
  settleAsset: z.string().min(1),
  money: z.strictObject({ places: z.int().min(0).max(20).nullable(), rounding: z.enum(['floor', 'ceil', 'down', 'up', 'half-up']) }),
  fees: z.strictObject({ maker: rate(), taker: rate(), assetDiscount: positive().nullable() }),
  margin: marginRules(),
  orderMargin: orderMarginRules(),
  isolated: z.strictObject({
    removable: priceBase(),
    amountPlaces: z.int().min(0).max(20).nullable(),
    fundingFrom: z.enum(['margin', 'available-first']),
    closeFeeAt: z.enum(['margin', 'leverage']),
    autoAdd: z.boolean().exactOptional(),
  }),
  liquidation: z.strictObject({
    cross: z.enum(['net-ladder', 'whole-positions', 'none']),
    isolated: z.enum(['ladder', 'whole-position', 'candle-range', 'none']),
    clearanceFeeRate: nonNegative(),
    settlement: z.enum(['mark', 'bankruptcy']),
  }),
  execution: z.strictObject({
    slippage: z.strictObject({ marketTicks: z.int().min(0), marketBps: nonNegative(), stopBps: nonNegative() }),
    limitFill: z.enum(['touch', 'through']),
    fillAt: z.enum(['open', 'close']),
    gapFix: z.boolean(),
    singleFee: z.boolean(),
    fundingModelled: z.boolean(),
    insufficientMargin: z.enum(['deny', 'throw']),
    predecessor: z.boolean(),
  }),
  leveragePerLeg: z.enum(['never', 'isolated', 'always']),
  marginModeScope: z.enum(['account', 'symbol']),
  tiers: z.record(z.string(), z.array(z.tuple([z.string(), z.string(), z.string(), z.string()]).readonly()).readonly()),
  defaultTiers: z.string(),
  instruments: z.array(instrumentRow()).readonly(),
  claims: z.array(claimSchema()).readonly(),
})

/**
 * Reads and verifies a profile.
 *
 * @throws HedgerowError `PROFILE_INVALID` naming the field, `TIER_TABLE_INVALID` naming table and row.
 */
export function defineProfile(input: VenueProfileInput): VenueProfile {
  // Read once: writing a parser for it, as the library would, takes longer than reading.
  const read = schema().safeParse(input, { jitless: true })
  if (!read.success) throw invalid(input.name, read.error.issues[0])
  // What was read is a copy: what the caller's own object becomes later changes nothing.
  const profile = uncheckedProfile(read.data)
  const stray = strayClaim(input, input.claims)
  if (stray !== null) throw invalid(input.name, { path: ['claims'], message: `expected the path of a field, found "${stray.about}"` })
  return profile
}

/**
 * The profile of a declaration that has passed `defineProfile` before, such as that of a published driver in its tests: fields are not checked
 * again, which would be a tenth of the start of a run. Tables and references are, as they are read.
 */
export function uncheckedProfile(input: VenueProfileInput): VenueProfile {
  const { fees, margin, orderMargin, liquidation, execution } = input
  const { slippage } = execution
  const tiers = new Map(Object.entries(input.tiers).map(([name, rows]) => [name, tierTable(name, rows)]))
  return {
    ...input,
    fees: { maker: decimal(fees.maker), taker: decimal(fees.taker), assetDiscount: decimalOrNull(fees.assetDiscount) },
    margin: { ...margin, hedgedCloseFeeMultiplier: decimal(margin.hedgedCloseFeeMultiplier) },
    orderMargin: { ...orderMargin, shortPriceFactor: decimalOrNull(orderMargin.shortPriceFactor), marketPriceFactor: decimal(orderMargin.marketPriceFactor) },
    liquidation: { ...liquidation, clearanceFeeRate: decimal(liquidation.clearanceFeeRate) },
    execution: { ...execution, slippage: { ...slippage, marketBps: decimal(slippage.marketBps), stopBps: decimal(slippage.stopBps) } },
    tiers,
    defaultTiers: tableOf(input, tiers, 'defaultTiers', input.defaultTiers),
    instruments: instrumentsOf(input, tiers),
  }
}

function decimalOrNull(text: string | null): Decimal | null {
  return text === null ? null : decimal(text)
}

function instrumentsOf(input: VenueProfileInput, tiers: ReadonlyMap<string, TierTable>): ReadonlyMap<string, Instrument> {
  const instruments = new Map<string, Instrument>()
  for (const row of input.instruments) {
    if (instruments.has(row.symbol)) throw invalid(input.name, { path: ['instruments', row.symbol], message: 'expected each symbol once' })
    if (row.tiers !== undefined && row.tiers !== null) tableOf(input, tiers, `instruments.${row.symbol}.tiers`, row.tiers)
    instruments.set(row.symbol, instrument(row))
  }
  return instruments
}

function tableOf(input: VenueProfileInput, tiers: ReadonlyMap<string, TierTable>, field: string, name: string): TierTable {
  const table = tiers.get(name)
  if (table === undefined) throw invalid(input.name, { path: [field], message: `expected one of ${[...tiers.keys()].join(', ')}, found "${name}"` })
  return table
}

function invalid(profile: unknown, issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): HedgerowError {
  return new HedgerowError('PROFILE_INVALID', { where: `profile ${String(profile)}`, found: `field ${issue?.path.map(String).join('.') ?? '?'}`, expected: issue?.message ?? 'a valid profile' })
}
