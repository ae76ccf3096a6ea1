/** Every op of the oracle, and the adapters that exist. */
import type { OpAdapter } from './op.ts'
import { ops as arithmetic } from './ops/arithmetic.ts'
import { ops as live } from './ops/live.ts'
import { ops as mapping } from './ops/mapping.ts'
import { ops as matching } from './ops/matching.ts'
import { ops as metrics } from './ops/metrics.ts'
import { ops as money } from './ops/money.ts'

/** The ops that the oracle lists. */
export const OPS: readonly string[] = [
  'binance_liq_price', 'bybit_isolated_liq', 'bybit_isolated_liq_legacy', 'bybit_cross_hedge_liq', 'cross_levels', 'bankruptcy', 'tier_mm',
  'margin', 'binance_open_cost', 'bybit_order_cost', 'ledger', 'liquidate_isolated_bybit', 'liquidate_cross', 'isolated_adjust', 'isolated_funding',
  'intent_map', 'event_order', 'match', 'precision', 'trade_metrics', 'equity_metrics', 'exposure_metrics', 'mae_mfe', 'cagr', 'order_fsm',
  'reconcile', 'arith',
]

/** The adapters by op. */
export const ADAPTERS: Readonly<Record<string, OpAdapter>> = { ...money, ...mapping, ...matching, ...metrics, ...live, ...arithmetic }
