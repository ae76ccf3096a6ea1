/**
 * The execution and account rules of the one-way predecessor (Jesse 3.0.6): for migrated strategies and for checking against it.
 * In hedge mode, which it does not have, both legs count in full and each leg reserves its own openers.
 */
import { uncheckedProfile, type VenueProfile, type VenueProfileInput } from '@hedgerow/core'
import { exactInput } from './exact.ts'

/** The rules of `jesse`. */
export const jesseInput: VenueProfileInput = {
  ...exactInput,
  name: 'jesse',
  fees: { maker: '0.00055', taker: '0.00055', assetDiscount: null },
  margin: { ...exactInput.margin, initialPrice: { cross: 'entry', isolated: 'entry' }, maintenancePrice: 'entry', isolatedProfitAvailable: true },
  orderMargin: { ...exactInput.orderMargin, beforeTrigger: true },
  liquidation: { ...exactInput.liquidation, cross: 'none', isolated: 'candle-range' },
  execution: {
    slippage: { marketTicks: 0, marketBps: '0', stopBps: '0' },
    limitFill: 'touch', fillAt: 'close', gapFix: true, singleFee: true, fundingModelled: false, insufficientMargin: 'throw', predecessor: true,
  },
  tiers: { fixed: [['1000000000000', '0.004', '0', '250']] },
  defaultTiers: 'fixed',
  claims: [{ about: 'liquidation', confidence: 'O', source: 'source code and runs of Jesse 3.0.6', checkedOn: 'unverified' }],
}

/**
 * Margin `entry value / leverage - profit` a leg, orders reserve the larger side and no fees, stops like limits; one fee rate; isolated liquidation at
 * `entry x (1 -/+ 1/leverage +/- 0.004)` after a candle's orders, filled at `entry x (1 -/+ 1/leverage)`; cross never liquidates; no funding.
 */
export const jesse: VenueProfile = uncheckedProfile(jesseInput)
