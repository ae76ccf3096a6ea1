/**
 * Steps and limits of USDT perpetuals. Steps are those of the venue's symbol list as kept by LEAN (cryptofuture symbol properties); they agree
 * with the prices of real candles (ETHUSDT October 2023 and SOLUSDT December 2024 print two decimals). The instrument rows in older API samples
 * differ: BTCUSDT 0.5 and ETHUSDT 0.05 as price steps. Order limits of BTC and ETH and the smallest value are from those samples.
 */
import type { InstrumentInput } from '@hedgerow/core'

const minNotional = '5'

/** Symbols that a backtest knows without asking the venue. */
export const INSTRUMENTS: readonly InstrumentInput[] = [
  { symbol: 'BTCUSDT', tickSize: '0.1', qtyStep: '0.001', maxQty: '100', maxMarketQty: '50', minNotional, tiers: 'btcusdt-2026-08' },
  { symbol: 'ETHUSDT', tickSize: '0.01', qtyStep: '0.01', maxQty: '1000', maxMarketQty: '500', minNotional, tiers: 'ethusdt-assumed' },
  { symbol: 'SOLUSDT', tickSize: '0.01', qtyStep: '0.1', minNotional },
  { symbol: 'XRPUSDT', tickSize: '0.0001', qtyStep: '1', minNotional },
  { symbol: 'FILUSDT', tickSize: '0.001', qtyStep: '0.1', minNotional },
  { symbol: 'BNBUSDT', tickSize: '0.1', qtyStep: '0.01', minNotional },
  { symbol: 'DOGEUSDT', tickSize: '0.00001', qtyStep: '1', minNotional },
  { symbol: 'ADAUSDT', tickSize: '0.0001', qtyStep: '1', minNotional },
  { symbol: 'LINKUSDT', tickSize: '0.001', qtyStep: '0.1', minNotional },
  { symbol: 'AVAXUSDT', tickSize: '0.001', qtyStep: '0.1', minNotional },
]
