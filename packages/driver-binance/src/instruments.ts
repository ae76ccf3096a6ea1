/**
 * Steps and limits of USD-M perpetuals. BTC and ETH limits are from the venue's exchange information of February 2022; the steps are those of the
 * symbol list as kept by LEAN (cryptofuture symbol properties) and agree with the prices of real candles from 2022-04 on (BTCUSDT printed two
 * decimals before). FILUSDT is the step of August 2023; the list has a finer one now. Smallest values other than BTC's and ETH's are assumed.
 */
import type { InstrumentInput } from '@hedgerow/core'

const minNotional = '5'

/** Symbols that a backtest knows without asking the venue. */
export const INSTRUMENTS: readonly InstrumentInput[] = [
  { symbol: 'BTCUSDT', tickSize: '0.1', qtyStep: '0.001', maxQty: '1000', minNotional: '10', tiers: 'btcusdt-2024-10' },
  { symbol: 'ETHUSDT', tickSize: '0.01', qtyStep: '0.001', maxQty: '10000', minNotional: '10', tiers: 'ethusdt-2024-10' },
  { symbol: 'SOLUSDT', tickSize: '0.01', qtyStep: '0.01', minNotional, tiers: 'solusdt-2024-10' },
  { symbol: 'XRPUSDT', tickSize: '0.0001', qtyStep: '0.1', minNotional, tiers: 'xrpusdt-2024-10' },
  { symbol: 'FILUSDT', tickSize: '0.001', qtyStep: '0.1', minNotional, tiers: 'filusdt-2024-10' },
  { symbol: 'BNBUSDT', tickSize: '0.01', qtyStep: '0.01', minNotional, tiers: 'bnbusdt-2024-10' },
  { symbol: 'DOGEUSDT', tickSize: '0.00001', qtyStep: '1', minNotional, tiers: 'dogeusdt-2024-10' },
  { symbol: 'ADAUSDT', tickSize: '0.0001', qtyStep: '1', minNotional, tiers: 'adausdt-2024-10' },
  { symbol: 'LINKUSDT', tickSize: '0.001', qtyStep: '0.01', minNotional, tiers: 'linkusdt-2024-10' },
  { symbol: 'AVAXUSDT', tickSize: '0.001', qtyStep: '1', minNotional, tiers: 'avaxusdt-2024-10' },
]
