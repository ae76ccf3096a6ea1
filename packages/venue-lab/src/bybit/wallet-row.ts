/** The unified account as Bybit shows it. */
import type { Decimal } from '@hedgerow/core'
import type { VenueAccount } from '../venue/account.ts'
import { moneyText } from './format.ts'
import { COIN, type BybitTerms } from './terms.ts'

/** A row of `account/wallet-balance` and of the `wallet` topic. */
export function walletRow(account: VenueAccount<BybitTerms>): Readonly<Record<string, unknown>> {
  const margin = account.margin()
  const positionMargin = margin.initialMargin.minus(margin.orderMargin)
  const isIsolated = account.desk.marginMode === 'isolated'
  return {
    accountType: 'UNIFIED', accountLTV: '0', accountIMRate: isIsolated ? '' : rate(margin.initialRate), accountIMRateByMp: isIsolated ? '' : rate(margin.initialRate),
    accountMMRate: isIsolated ? '' : rate(margin.maintenanceRate), accountMMRateByMp: isIsolated ? '' : rate(margin.maintenanceRate),
    totalEquity: moneyText(margin.marginBalance), totalWalletBalance: moneyText(margin.wallet), totalMarginBalance: isIsolated ? '' : moneyText(margin.marginBalance),
    totalAvailableBalance: isIsolated ? '' : moneyText(margin.available), totalPerpUPL: moneyText(margin.unrealised), totalInitialMargin: isIsolated ? '' : moneyText(margin.initialMargin),
    totalInitialMarginByMp: isIsolated ? '' : moneyText(margin.initialMargin), totalMaintenanceMargin: isIsolated ? '' : moneyText(margin.maintenanceMargin), totalMaintenanceMarginByMp: isIsolated ? '' : moneyText(margin.maintenanceMargin),
    coin: [{
      coin: COIN, equity: moneyText(margin.marginBalance), usdValue: moneyText(margin.marginBalance), walletBalance: moneyText(margin.wallet), availableToWithdraw: '', availableToBorrow: '', borrowAmount: '0',
      accruedInterest: '0', totalOrderIM: moneyText(margin.orderMargin), totalPositionIM: moneyText(positionMargin), totalPositionMM: moneyText(margin.maintenanceMargin), unrealisedPnl: moneyText(margin.unrealised),
      cumRealisedPnl: moneyText(account.legs.totalEarned), bonus: '0', collateralSwitch: true, marginCollateral: true, locked: '0', spotHedgingQty: '0', spotBorrow: '0',
    }],
  }
}

function rate(value: Decimal | null): string {
  return value === null ? '0' : value.toDecimalPlaces(4).toFixed()
}
