/**
 * Our own ledger beside the venue's numbers (SIMULATION 7.3): it books the same fills and funding under the venue profile, so each difference is
 * an error of the model, told with the quantity that it is about.
 */
import { decimal, decimalText, maxDecimal, type Decimal } from '../domain/decimal.ts'
import type { Leg } from '../domain/leg.ts'
import { entryPriceOf } from '../domain/position.ts'
import type { AccountMargin } from '../broker/account-margin.ts'
import type { VenueSnapshot } from '../ports/venue-connection.ts'
import type { SessionState } from '../state/session-state.ts'

/** One number that differs. */
export interface Deviation {
  readonly what: 'entry price' | 'initial margin' | 'maintenance margin' | 'liquidation price'
  readonly symbol: string
  readonly leg: Leg
  readonly ours: Decimal
  readonly theirs: Decimal
  readonly text: string
}

/** Differences below this fraction of the venue's number are not told. */
const TOLERANCE = decimal('0.0001')
/** Wallets may differ by this much, or by this fraction, before something is booked. */
const WALLET_TOLERANCE = decimal('0.01')
const WALLET_FRACTION = decimal('0.000001')

/** The venue's wallet minus ours; null within the tolerance. */
export function walletDifference(ours: Decimal, theirs: Decimal): Decimal | null {
  const difference = theirs.minus(ours)
  return difference.abs().gt(maxDecimal(WALLET_TOLERANCE, ours.abs().times(WALLET_FRACTION))) ? difference : null
}

/** Compares every open leg with its row. */
export function deviationsOf(snapshot: VenueSnapshot, { state, margin, profile }: { readonly state: SessionState; readonly margin: AccountMargin; readonly profile: string }): readonly Deviation[] {
  const open = snapshot.positions.filter(({ symbol, leg, qty }) => !qty.isZero() && state.positions.pair(symbol)[leg].qty.eq(qty))
  if (open.length === 0) return []
  const { rows } = margin.report()
  return open.flatMap(({ symbol, leg, entryPrice, initialMargin, maintenanceMargin, liquidationPrice }) => {
    const row = rows.find((each) => each.symbol === symbol && each.leg === leg)
    const pairs: readonly (readonly [Deviation['what'], Decimal | null | undefined, Decimal | null])[] = [
      ['entry price', entryPriceOf(state.positions.pair(symbol)[leg]), entryPrice], ['initial margin', row?.initialMargin, initialMargin],
      ['maintenance margin', row?.maintenanceMargin, maintenanceMargin], ['liquidation price', liquidationPrice === null ? null : margin.liquidationPrice(symbol, leg), liquidationPrice],
    ]
    return pairs.flatMap(([what, ours, theirs]): Deviation[] => {
      if (ours === null || ours === undefined || theirs === null || ours.minus(theirs).abs().lte(theirs.abs().times(TOLERANCE))) return []
      return [{ what, symbol, leg, ours, theirs, text: `${what} of the ${leg} leg of ${symbol}: ${decimalText(ours.toDecimalPlaces(8))} by profile ${profile}, ${decimalText(theirs)} at the venue` }]
    })
  })
}
