/**
 * Margin of a pair as a function of price, in floats: for statistics over every candle of a run. Nothing is decided from it.
 * What is charged comes from the margin model; only the price varies here.
 */
import { cell } from '../domain/candles.ts'
import { doubleOf } from '../domain/decimal.ts'
import { legOf, type Leg } from '../domain/leg.ts'
import type { MarginLine } from '../domain/margin-line.ts'
import { tierDoubles, type TierDoubles } from '../domain/tiers.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { legCharge, type LegCharge } from './leg-margin.ts'
import { isIsolated, type MarginAccount, type MarginPair } from './margin-account.ts'

/** Quote units of margin of both legs at a price. */
export interface MarginCurve {
  readonly initialMargin: MarginLine
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
  const tiers = tierDoubles(pair.tiers)
  return {
    initialMargin: { base: reserve + initial.long.fixed, long: initial.long.perPrice, fixed: initial.short.fixed, short: initial.short.perPrice },
    maintenanceMargin: (price) => reserve + tierMargin(tiers, charged.long.fixed + charged.long.perPrice * price) + tierMargin(tiers, charged.short.fixed + charged.short.perPrice * price),
  }
}

function initialLine(profile: VenueProfile, account: CurveTerms, pair: CurvePair, leg: Leg): Line {
  const held = legOf(pair, leg)
  const leverage = doubleOf(legOf(pair.leverage, leg))
  const base = profile.margin.initialPrice[isIsolated(account, held) ? 'isolated' : 'cross']
  return base === 'mark' ? { fixed: 0, perPrice: doubleOf(held.qty) / leverage } : { fixed: doubleOf(held.cost) / leverage, perPrice: 0 }
}

function chargedLine(profile: VenueProfile, { qty, cost }: LegCharge): Line {
  return profile.margin.maintenancePrice === 'mark' ? { fixed: 0, perPrice: doubleOf(qty) } : { fixed: doubleOf(cost), perPrice: 0 }
}

/** NaN, like any comparison with it, leads to the last row and stays NaN. */
function tierMargin({ caps, rates, deductions }: TierDoubles, notional: number): number {
  let row = 0
  while (row < caps.length - 1 && !(notional <= cell(caps, row))) row += 1
  return notional * cell(rates, row) - cell(deductions, row)
}
