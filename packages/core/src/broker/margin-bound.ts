/**
 * Upper bounds of what an account's margin can be, in doubles: a filter in front of the exact question. It decides nearly every order, so that
 * decimals are asked only near the limit. Where it says no, nothing is known yet.
 */
import { cell } from '../domain/candles.ts'
import { doubleOf, type Decimal } from '../domain/decimal.ts'
import type { Leg } from '../domain/leg.ts'
import { tierDoubles, type TierTable } from '../domain/tiers.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'

/** The smaller and the larger of last and mark price; a roof that is infinite where one of them has no double. */
export interface PriceSpan {
  readonly floor: number
  readonly roof: number
}

/** A leg in doubles. */
export interface LegInDoubles {
  readonly qty: number
  readonly cost: number
  /** Margin of its own; zero in cross margin. */
  readonly margin: number
}

/** Room above the prices that a profile assumes: for the roundings of money, too. */
const ROOM = 1.01
/** Relative error of the sums below, with room. */
const SLACK = 1e-9
/** More than the roundings of money can add up to, quote units. */
const CENT = 0.01

/** Upper bound of the fees that a profile reserves on one unit of value. */
export function feeBoundOf({ margin }: VenueProfile, takerRate: Decimal): number {
  return Math.max(0, doubleOf(takerRate)) * (2 + 2 * Math.max(1, doubleOf(margin.hedgedCloseFeeMultiplier)))
}

/** Upper bound of the margin and fees that a profile reserves on one unit of value at a leverage. */
export function marginBoundOf({ long, short }: Readonly<Record<Leg, Decimal>>, feeBound: number): number {
  return 1 / Math.min(doubleOf(long), doubleOf(short)) + feeBound
}

/** Above what a profile assumes as the price of an order, relative to the largest of order, mark and last price. */
export function priceFactorOf({ orderMargin: { marketPriceFactor, shortPriceFactor } }: VenueProfile): number {
  return ROOM * Math.max(1, doubleOf(marketPriceFactor), shortPriceFactor === null ? 1 : doubleOf(shortPriceFactor))
}

/** What an opener loses at once at most, resting or filled; NaN as the price of one that names none. */
export function openerLossBound({ qty, price }: { readonly qty: number; readonly price: number }, { floor, roof }: PriceSpan): number {
  return Number.isNaN(price) ? qty * (roof - floor) : qty * Math.max(roof - price, price - floor, 0)
}

/** What an opener can demand at most; NaN as the price of one that names none. */
export function openerBound(opener: { readonly qty: number; readonly price: number }, span: PriceSpan, { priceFactor, marginBound }: { readonly priceFactor: number; readonly marginBound: number }): number {
  const known = Number.isNaN(opener.price) ? span.roof : opener.price
  return opener.qty * Math.max(known, span.roof) * priceFactor * marginBound + openerLossBound(opener, span)
}

/** Margin of both legs and their unrealised losses, not less than any profile takes. */
export function pairBound(long: LegInDoubles, short: LegInDoubles, { floor, roof }: PriceSpan, marginBound: number): number {
  const values = Math.max(long.cost, long.qty * roof) + Math.max(short.cost, short.qty * roof)
  return lossBound(long, short, { floor, roof }) + values * marginBound + long.margin + short.margin
}

/** Unrealised losses of both legs. */
export function lossBound(long: LegInDoubles, short: LegInDoubles, { floor, roof }: PriceSpan): number {
  return Math.max(0, long.cost - long.qty * floor) + Math.max(0, short.qty * roof - short.cost)
}

/** Maintenance margin of a leg under any profile, as if the other leg offset nothing. */
export function maintenanceBound({ qty, cost }: LegInDoubles, roof: number, { table, feeBound }: { readonly table: TierTable; readonly feeBound: number }): number {
  const value = Math.max(cost, qty * roof)
  return value * ROOM * (rateBoundOf(table, value * ROOM) + feeBound)
}

/** The largest rate up to the tier of a value. */
function rateBoundOf(table: TierTable, value: number): number {
  const { caps, rates } = tierDoubles(table)
  let most = 0
  for (let row = 0; row < caps.length; row++) {
    most = Math.max(most, cell(rates, row))
    if (value <= cell(caps, row)) break
  }
  return most
}

/** True where maintenance margin over balance stays within a limit beyond doubt. */
export function keepsRate({ balance, maintenance }: { readonly balance: number; readonly maintenance: number }, limit: number): boolean {
  return balance * limit - maintenance > SLACK * (Math.abs(balance) + maintenance) + CENT
}

/** True where what is taken leaves something of the wallet beyond doubt. */
export function leavesMargin(wallet: number, taken: number): boolean {
  return wallet - taken > SLACK * (Math.abs(wallet) + taken)
}
