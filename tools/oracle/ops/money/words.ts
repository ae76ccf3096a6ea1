/** The oracle's words for profiles, legs and tables, in those of the core. */
import { bybitUta } from '@hedgerow/driver-bybit'
import { binanceUsdm } from '@hedgerow/driver-binance'
import { exact } from '@hedgerow/driver-sandbox'
import { heldAt, sideOf, roundToPlaces, type Decimal, type Intent, type Leg, type MarginLeg, type VenueProfile } from '@hedgerow/core'
import { z } from 'zod'
import { amountOr } from '../../op.ts'

/** Names of the oracle's profiles. */
export const profileName: z.ZodType<ProfileName> = z.enum(['binance-usdm', 'bybit-linear', 'exact'])
export type ProfileName = 'binance-usdm' | 'bybit-linear' | 'exact'

const PROFILES: Record<ProfileName, VenueProfile> = { 'binance-usdm': binanceUsdm, 'bybit-linear': bybitUta, exact }

/** The real profile of a case, with the multiplier that the case sets. */
export function profileOf(name: ProfileName, hedgedCloseFeeMultiplier?: Decimal): VenueProfile {
  const profile = PROFILES[name]
  return hedgedCloseFeeMultiplier === undefined || profile.margin.hedged === 'both' ? profile : { ...profile, margin: { ...profile.margin, hedgedCloseFeeMultiplier } }
}

/** The default of `hedged_close_fee_multiplier`. */
export const multiplier: z.ZodType<Decimal, string | undefined> = amountOr('2')

export const legName: z.ZodType<'LONG' | 'SHORT'> = z.enum(['LONG', 'SHORT'])
export const posName: z.ZodType<PosName> = z.enum(['LONG', 'SHORT', 'BOTH'])
export type PosName = 'LONG' | 'SHORT' | 'BOTH'
export const sideName: z.ZodType<'BUY' | 'SELL'> = z.enum(['BUY', 'SELL'])

/** The leg of a position; a position of both is on the leg of its sign. */
export function legNamed(pos: PosName, signedQty?: Decimal): Leg {
  if (pos === 'BOTH') return signedQty?.lt(0) === true ? 'short' : 'long'
  return pos === 'LONG' ? 'long' : 'short'
}

/** `LONG` or `SHORT`. */
export function nameOf(leg: Leg): 'LONG' | 'SHORT' {
  return leg === 'long' ? 'LONG' : 'SHORT'
}

/** The leg and intent of an order: an order on both opens its side's leg. */
export function orderOf(pos: PosName, side: 'BUY' | 'SELL'): { readonly leg: Leg; readonly intent: Intent } {
  const word = side === 'BUY' ? 'buy' : 'sell'
  const leg = pos === 'BOTH' ? (word === 'buy' ? 'long' : 'short') : legNamed(pos)
  return { leg, intent: sideOf(leg, 'open') === word ? 'open' : 'close' }
}

/** A leg of a case's book. */
export function held(leg: Leg, qty: Decimal, entryPrice: Decimal, isolatedMargin: Decimal | null = null): MarginLeg {
  return heldAt({ leg, qty: qty.abs(), entryPrice, isolatedMargin })
}

/** The `rN` of the oracle. */
export function rounded(value: Decimal, places: number): Decimal
export function rounded(value: Decimal | null, places: number): Decimal | null
export function rounded(value: Decimal | null, places: number): Decimal | null {
  return value === null ? null : roundToPlaces(value, places, 'half-up')
}
