/** The account, as `wallet-balance` and the `wallet` topic show it. */
import type { Decimal, TimeMs, WalletReport } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { SETTLE_ASSET } from '../mapping.ts'
import { amount, amountOrNull } from './fields.ts'

/** One account: amounts of the whole of it in US dollars, and what it holds of the asset. */
export interface WalletRow {
  readonly totalAvailableBalance: Decimal | null
  readonly totalInitialMargin: Decimal | null
  readonly totalMaintenanceMargin: Decimal | null
  /** What it holds of the asset that positions settle in; empty when the row does not list the asset. */
  readonly coin: readonly { readonly walletBalance: Decimal; readonly equity: Decimal | null }[]
}

/** Other assets are not read: what stands there spoils nothing. */
const settled = z.array(z.looseObject({ coin: z.string() }))
  .transform((coins) => coins.filter(({ coin }) => coin === SETTLE_ASSET).map(({ walletBalance, equity }) => ({ walletBalance, equity })))

/** Reads one account. */
export const walletRow: z.ZodType<WalletRow> = z.object({
  totalAvailableBalance: amountOrNull,
  totalInitialMargin: amountOrNull,
  totalMaintenanceMargin: amountOrNull,
  coin: settled.pipe(z.array(z.object({ walletBalance: amount, equity: amountOrNull }))),
})

/**
 * The account in the asset that positions settle in; null when the row does not list the asset. Available balance and margins are of the whole
 * account in US dollars: with one kind of collateral that is the asset, and with several they are what the venue itself decides by.
 */
export function walletReport(row: WalletRow, at: TimeMs): WalletReport | null {
  const [held] = row.coin
  if (held === undefined) return null
  return {
    type: 'wallet', at, asset: SETTLE_ASSET, balance: held.walletBalance, equity: held.equity,
    available: row.totalAvailableBalance, initialMargin: row.totalInitialMargin, maintenanceMargin: row.totalMaintenanceMargin,
  }
}
