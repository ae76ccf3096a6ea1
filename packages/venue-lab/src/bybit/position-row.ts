/** One row for each leg, the empty one included: its side is empty, its index is not. */
import { decimalText, liquidationPriceOf, ZERO, type Decimal, type Instrument, type Leg } from '@hedgerow/core'
import type { VenueAccount } from '../venue/account.ts'
import { moneyText, priceText, qtyText } from './format.ts'
import { CATEGORY, type BybitTerms, type PositionIdx } from './terms.ts'

/** What the venue shows of a leg beside its position. */
export interface LegView {
  readonly account: VenueAccount<BybitTerms>
  readonly instrument: Instrument
  readonly leg: Leg
  readonly positionIdx: PositionIdx
  readonly takeProfit: string
  readonly stopLoss: string
  readonly trailingStop: string
  readonly status: 'Normal' | 'Liq' | 'Adl'
}

/** A row of `position/list`; it names the entry `avgPrice`. */
export function positionRow(view: LegView): Readonly<Record<string, unknown>> {
  const { entry, ...row } = partsOf(view)
  return { ...row, avgPrice: entry, mmrSysUpdateTime: '' }
}

/** A row of the `position` topic; it names the entry `entryPrice`. */
export function positionFrameRow(view: LegView): Readonly<Record<string, unknown>> {
  const { entry, ...row } = partsOf(view)
  return { ...row, entryPrice: entry, category: CATEGORY, mmrSysUpdatedTime: '' }
}

function partsOf({ account, instrument, leg, positionIdx, takeProfit, stopLoss, trailingStop, status }: LegView): Readonly<Record<string, unknown>> & { readonly entry: string } {
  const { symbol } = instrument
  const position = account.pair(symbol)[leg]
  const isFlat = position.qty.isZero()
  const margin = account.margin().rows.find((row) => row.symbol === symbol && row.leg === leg)
  const mark = account.exchange.markOf(symbol) ?? ZERO
  const touched = account.legs.touchedAt(symbol, leg)
  return {
    positionIdx, riskId: 1, riskLimitValue: riskLimitOf(account, symbol), symbol, side: isFlat ? '' : leg === 'long' ? 'Buy' : 'Sell', size: isFlat ? '0' : qtyText(position.qty, instrument),
    entry: isFlat ? '0' : moneyText(position.cost.div(position.qty)), positionValue: isFlat ? '0' : moneyText(position.cost), tradeMode: 0, positionStatus: status, autoAddMargin: 0,
    adlRankIndicator: isFlat ? 0 : 2, leverage: decimalText(account.desk.leverage(symbol)[leg]), breakEvenPrice: isFlat ? '0' : moneyText(position.cost.div(position.qty)),
    positionBalance: moneyText(position.isolatedMargin ?? ZERO), markPrice: priceText(mark.toDecimalPlaces(instrument.tickSize.decimalPlaces()), instrument),
    liqPrice: isFlat ? '' : liquidationText(account, symbol, leg), bustPrice: '', positionIM: money(margin?.initialMargin), positionIMByMp: money(margin?.initialMargin),
    positionMM: money(margin?.maintenanceMargin), positionMMByMp: money(margin?.maintenanceMargin), tpslMode: 'Full', takeProfit, stopLoss, trailingStop,
    unrealisedPnl: isFlat ? '0' : money(margin?.unrealised), curRealisedPnl: moneyText(account.legs.earned(symbol, leg).current), cumRealisedPnl: moneyText(account.legs.earned(symbol, leg).total),
    seq: account.legs.sequenceOf(symbol, leg) ?? -1, isReduceOnly: false, leverageSysUpdatedTime: '', sessionAvgPrice: '', createdTime: String(position.openedAt ?? touched), updatedTime: String(touched),
  }
}

function money(value: Decimal | undefined): string {
  return moneyText(value ?? ZERO)
}

/** An estimate, and empty where there is none, as at the venue. */
function liquidationText(account: VenueAccount<BybitTerms>, symbol: string, leg: Leg): string {
  const price = liquidationPriceOf(account.profile, account.desk.account(), { symbol, leg })
  return price === null ? '' : moneyText(price)
}

function riskLimitOf(account: VenueAccount<BybitTerms>, symbol: string): string {
  const table = account.desk.tiers(symbol)
  return decimalText(table.tiers[0].cap)
}
