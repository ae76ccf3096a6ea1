/**
 * Margin of a pair as a function of price, in floats: for statistics over every candle of a run. Nothing is decided from it.
 * What is charged comes from the margin model; only the price varies here.
 */
import { doubleOf } from '../domain/decimal.ts'
import { LEGS, type Leg } from '../domain/leg.ts'
import type { TierTable } from '../domain/tiers.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { legCharge } from './leg-margin.ts'
import { isIsolated, type MarginAccount, type MarginPair } from './margin-account.ts'

/** Quote units of margin of both legs at a price. */
export interface MarginCurve {
  readonly initialMargin: (price: number) => number
  readonly maintenanceMargin: (price: number) => number
}

/** `fixed + perPrice x price` */
interface Line {
  readonly fixed: number
  readonly perPrice: number
}

/** The curve of one pair as it stands. */
export function marginCurve(profile: VenueProfile, account: MarginAccount, pair: MarginPair): MarginCurve {
  const open = LEGS.filter((leg) => !pair[leg].qty.isZero())
  const initial = open.map((leg) => initialLine(profile, account, pair, leg))
  const charged = open.map((leg) => chargedLine(profile, account, pair, leg))
  const reserve = open.reduce((sum, leg) => sum + doubleOf(legCharge(profile, account, pair, leg).reserve), 0)
  const tierMargin = floatTiers(pair.tiers)
  return {
    initialMargin: (price) => initial.reduce((sum, line) => sum + line.fixed + line.perPrice * price, reserve),
    maintenanceMargin: (price) => charged.reduce((sum, line) => sum + tierMargin(line.fixed + line.perPrice * price), reserve),
  }
}

function initialLine(profile: VenueProfile, account: MarginAccount, pair: MarginPair, leg: Leg): Line {
  const held = pair[leg]
  const leverage = doubleOf(pair.leverage[leg])
  const base = profile.margin.initialPrice[isIsolated(account, held) ? 'isolated' : 'cross']
  return base === 'mark' ? { fixed: 0, perPrice: doubleOf(held.qty) / leverage } : { fixed: doubleOf(held.cost) / leverage, perPrice: 0 }
}

function chargedLine(profile: VenueProfile, account: MarginAccount, pair: MarginPair, leg: Leg): Line {
  const { qty, cost } = legCharge(profile, account, pair, leg)
  return profile.margin.maintenancePrice === 'mark' ? { fixed: 0, perPrice: doubleOf(qty) } : { fixed: doubleOf(cost), perPrice: 0 }
}

function floatTiers(table: TierTable): (notional: number) => number {
  const rows = table.tiers.map(({ cap, rate, deduction }) => ({ cap: doubleOf(cap), rate: doubleOf(rate), deduction: doubleOf(deduction) }))
  return (notional) => {
    const row = rows.find(({ cap }) => notional <= cap) ?? rows.at(-1)
    return row === undefined ? 0 : notional * row.rate - row.deduction
  }
}
