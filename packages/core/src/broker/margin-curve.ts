/**
 * Margin of a pair as a function of price, in floats: for statistics over every candle of a run. Nothing is decided from it.
 * What is charged comes from the margin model; only the price varies here.
 */
import { doubleOf } from '../domain/decimal.ts'
import type { Leg } from '../domain/leg.ts'
import type { TierTable } from '../domain/tiers.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { legCharge, type LegCharge } from './leg-margin.ts'
import { isIsolated, type MarginAccount, type MarginPair } from './margin-account.ts'

/** Quote units of margin of both legs at a price. */
export interface MarginCurve {
  readonly initialMargin: (price: number) => number
  readonly maintenanceMargin: (price: number) => number
}

/** What of an account a curve depends on. */
type CurveTerms = Pick<MarginAccount, 'marginMode' | 'takerRate'>

/** What of a pair it depends on: no marks, no orders. */
type CurvePair = Pick<MarginPair, 'leverage' | 'tiers' | Leg>

/** `fixed + perPrice x price` */
interface Line {
  readonly fixed: number
  readonly perPrice: number
}

/** The curve of one pair as it stands. A flat leg is a line of zeros. */
export function marginCurve(profile: VenueProfile, account: CurveTerms, pair: CurvePair): MarginCurve {
  const initial = { long: initialLine(profile, account, pair, 'long'), short: initialLine(profile, account, pair, 'short') }
  const charges = { long: legCharge(profile, account, pair, 'long'), short: legCharge(profile, account, pair, 'short') }
  const charged = { long: chargedLine(profile, charges.long), short: chargedLine(profile, charges.short) }
  const reserve = doubleOf(charges.long.reserve) + doubleOf(charges.short.reserve)
  const tiers = doublesOf(pair.tiers)
  return {
    initialMargin: (price) => reserve + initial.long.fixed + initial.long.perPrice * price + initial.short.fixed + initial.short.perPrice * price,
    maintenanceMargin: (price) => reserve + tierMargin(tiers, charged.long.fixed + charged.long.perPrice * price) + tierMargin(tiers, charged.short.fixed + charged.short.perPrice * price),
  }
}

function initialLine(profile: VenueProfile, account: CurveTerms, pair: CurvePair, leg: Leg): Line {
  const held = pair[leg]
  const leverage = doubleOf(pair.leverage[leg])
  const base = profile.margin.initialPrice[isIsolated(account, held) ? 'isolated' : 'cross']
  return base === 'mark' ? { fixed: 0, perPrice: doubleOf(held.qty) / leverage } : { fixed: doubleOf(held.cost) / leverage, perPrice: 0 }
}

function chargedLine(profile: VenueProfile, { qty, cost }: LegCharge): Line {
  return profile.margin.maintenancePrice === 'mark' ? { fixed: 0, perPrice: doubleOf(qty) } : { fixed: doubleOf(cost), perPrice: 0 }
}

/** The columns of a tier table. */
interface TierDoubles {
  readonly caps: Float64Array
  readonly rates: Float64Array
  readonly deductions: Float64Array
}

/** Read once a table: curves are made at every fill. */
const DOUBLES = new WeakMap<TierTable, TierDoubles>()

function doublesOf(table: TierTable): TierDoubles {
  const known = DOUBLES.get(table)
  if (known !== undefined) return known
  const column = (name: 'cap' | 'rate' | 'deduction'): Float64Array => Float64Array.from(table.tiers, (tier) => doubleOf(tier[name]))
  const made: TierDoubles = { caps: column('cap'), rates: column('rate'), deductions: column('deduction') }
  DOUBLES.set(table, made)
  return made
}

function tierMargin({ caps, rates, deductions }: TierDoubles, notional: number): number {
  let row = 0
  while (row < caps.length - 1 && !(notional <= (caps[row] ?? 0))) row += 1
  return notional * (rates[row] ?? 0) - (deductions[row] ?? 0)
}
