/** The simulated exchange: deterministic, synchronous, told the time by whoever runs it. */
import type { Amendment, Decimal, Order, OrderId, SimulatedExchange, TimeMs } from '@hedgerow/core'
import type { SandboxOptions, SandboxStatistics } from './options.ts'

/**
 * The reference driver. Matching, funding and liquidation of SIMULATION 2 and 3 over candles.
 *
 * @throws HedgerowError `CONFIG_INVALID` when symbols do not share one grid of candles.
 */
export class SandboxExchange implements SimulatedExchange {
  constructor(_options: SandboxOptions) { throw new Error('not written yet') }

  /** Time of the last advance. */
  now(): TimeMs { throw new Error('not written yet') }

  /**
   * The order waits for the point at which orders of this moment arrive: where the path stands while an advance runs; else
   * the open of the candle that starts now (`fillAt: 'open'`) or the close of the one before (`'close'`), before anything later happens.
   * An order with role `end-of-run` executes at once at the last price.
   */
  submit(_order: Order): void { throw new Error('not written yet') }

  /** Takes effect at once. */
  cancel(_orderId: OrderId): void { throw new Error('not written yet') }

  /** Arrives like a new order, in the same queue. */
  amend(_orderId: OrderId, _change: Amendment): void { throw new Error('not written yet') }

  /**
   * Lets everything up to `at` happen: what waits arrives; candles that start before `at` run their paths; then, with
   * `fillAt: 'open'`, the candles starting at `at` open (price, funding, liquidation, triggers, resting limits). With `'close'`
   * it stops at the close before `at`, funding of `at` included; the open belongs to the next advance.
   */
  advanceTo(_at: TimeMs): void { throw new Error('not written yet') }

  /** Lets what was submitted since the last advance arrive now. */
  arrive(): void { throw new Error('not written yet') }

  /** Last price at this point; null before the symbol's first candle. */
  priceOf(_symbol: string): Decimal | null { throw new Error('not written yet') }

  /** Mark price at this point; the last price without a mark series. */
  markOf(_symbol: string): Decimal | null { throw new Error('not written yet') }

  statistics(): SandboxStatistics { throw new Error('not written yet') }
}
