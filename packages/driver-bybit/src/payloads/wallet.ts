/** The account, as `wallet-balance` and the `wallet` topic show it. */
import type { WalletReport } from '@hedgerow/core'
import { z } from 'zod'
import { amount, amountOrNull } from './fields.ts'

const coin = z.object({ coin: z.string(), walletBalance: amount, equity: amountOrNull })

const schema = z.object({
  accountType: z.string().nullish(),
  totalAvailableBalance: amountOrNull,
  totalInitialMargin: amountOrNull,
  totalMaintenanceMargin: amountOrNull,
  coin: z.array(coin),
})

/**
 * Reads one account in the asset that positions settle in; null when it does not list the asset. Available balance and margins are of the whole
 * account in US dollars: with one kind of collateral that is the asset, and with several they are what the venue itself decides by.
 */
export function walletReport(asset: string, at: number): z.ZodType<WalletReport | null> {
  return schema.transform((row): WalletReport | null => {
    const held = row.coin.find(({ coin: name }) => name === asset)
    if (held === undefined) return null
    return {
      type: 'wallet', at, asset, balance: held.walletBalance, equity: held.equity,
      available: row.totalAvailableBalance, initialMargin: row.totalInitialMargin, maintenanceMargin: row.totalMaintenanceMargin,
    }
  })
}
