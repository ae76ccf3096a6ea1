/**
 * Margin of a pair as a function of price, in floats: for statistics over every candle of a run. Nothing is decided from it.
 * The formulas are those of the margin model (SIMULATION 1.2, 2.2) without rounding.
 */
import { doubleOf } from '../domain/decimal.ts'
import type { Leg } from '../domain/leg.ts'
import type { TierTable } from '../domain/tiers.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { isIsolated, type MarginAccount, type MarginPair } from './margin-account.ts'

/** Quote units of margin at a price. */
export interface MarginCurve {
  readonly initialMargin: (price: number) => number
  readonly maintenanceMargin: (price: number) => number
}

interface FloatLeg {
  readonly qty: number
  readonly cost: number
  readonly leverage: number
  /** Fee of closing one unit of cost at the bankruptcy price. */
  readonly closeFeeRate: number
}

/** The curve of one pair as it stands. */
export function marginCurve(profile: VenueProfile, account: MarginAccount, pair: MarginPair): MarginCurve {
  const taker = profile.margin.closeFeeReserve ? doubleOf(account.takerRate) : 0
  const [long, short] = [floatLeg(pair, 'long', taker), floatLeg(pair, 'short', taker)]
  const isolated = isIsolated(account, pair.long)
  const base = isolated ? profile.margin.initialPrice.isolated : profile.margin.initialPrice.cross
  const hedged = profile.margin.hedged === 'net' && !isolated ? Math.min(long.qty, short.qty) : 0
  const multiplier = doubleOf(profile.margin.hedgedCloseFeeMultiplier)
  const reserve = reserveOf(long, hedged, multiplier) + reserveOf(short, hedged, multiplier)
  const table = floatTiers(pair.tiers)
  const byMark = profile.margin.maintenancePrice === 'mark'
  const tierMargin = ({ qty, cost }: FloatLeg, price: number): number => {
    const share = qty === 0 ? 0 : (qty - hedged) / qty
    return table((byMark ? qty * price : cost) * share)
  }
  return {
    initialMargin: (price) => (base === 'mark' ? (long.qty * price) / long.leverage + (short.qty * price) / short.leverage : long.cost / long.leverage + short.cost / short.leverage) + reserve,
    maintenanceMargin: (price) => tierMargin(long, price) + tierMargin(short, price) + reserve,
  }
}

function floatLeg(pair: MarginPair, leg: Leg, taker: number): FloatLeg {
  const leverage = doubleOf(pair.leverage[leg])
  const towardsBankruptcy = leg === 'long' ? 1 - 1 / leverage : 1 + 1 / leverage
  return { qty: doubleOf(pair[leg].qty), cost: doubleOf(pair[leg].cost), leverage, closeFeeRate: towardsBankruptcy * taker }
}

function reserveOf({ qty, cost, closeFeeRate }: FloatLeg, hedged: number, multiplier: number): number {
  if (qty === 0) return 0
  return cost * closeFeeRate * ((qty - hedged) / qty + (hedged / qty) * multiplier)
}

function floatTiers(table: TierTable): (notional: number) => number {
  const rows = table.tiers.map(({ cap, rate, deduction }) => ({ cap: doubleOf(cap), rate: doubleOf(rate), deduction: doubleOf(deduction) }))
  const last = rows.length - 1
  return (notional) => {
    let index = 0
    while (index < last && notional > (rows[index]?.cap ?? Number.POSITIVE_INFINITY)) index++
    const row = rows[index]
    return row === undefined || notional === 0 ? 0 : notional * row.rate - row.deduction
  }
}
