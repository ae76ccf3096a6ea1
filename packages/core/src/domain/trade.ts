/** A trade: one round trip of one leg, from flat to open to flat. Scaling in and out stays one trade. */
import type { Decimal } from './decimal.ts'
import type { Leg } from './leg.ts'
import type { OrderId } from './order.ts'
import type { TimeMs } from './time.ts'

/** What ended a trade. */
export type ExitReason = 'signal' | 'stop-loss' | 'take-profit' | 'trailing' | 'liquidation' | 'adl' | 'end-of-run'

/** One round trip of one leg. Quote units; fees paid and funding received are positive. */
export interface Trade {
  /** From 1, in the order in which trades close. */
  readonly id: number
  readonly strategy: string
  readonly symbol: string
  readonly leg: Leg
  /** Sum of the opening quantities. */
  readonly qty: Decimal
  /** Quantity-weighted opening price. */
  readonly entryPrice: Decimal
  /** Quantity-weighted closing price. */
  readonly exitPrice: Decimal
  readonly grossPnl: Decimal
  /** Of all its fills, and what its liquidation posted: clearance fees, less what the insurance fund paid. */
  readonly fees: Decimal
  readonly funding: Decimal
  /** `grossPnl - fees + funding` */
  readonly netPnl: Decimal
  /** `100 x netPnl / (entry notional / leverage)` */
  readonly pnlPercentage: Decimal
  readonly openedAt: TimeMs
  readonly closedAt: TimeMs
  readonly holdingMs: number
  readonly exitReason: ExitReason
  /** Largest adverse excursion in quote units, at most 0. */
  readonly mae: Decimal
  /** Largest favourable excursion in quote units, at least 0. */
  readonly mfe: Decimal
  /** Largest cost (quantity times entry price) that was held at once: the base of MAE and MFE in percent. */
  readonly peakNotional: Decimal
  /** Every order that filled in it, in the order of the first fill; liquidations have none. */
  readonly orders: readonly OrderId[]
}
