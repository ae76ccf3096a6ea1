/** What the person in charge has decided about a live session. */
import type { LegLeverage } from '../broker/account-margin.ts'
import type { Decimal } from '../domain/decimal.ts'
import type { MarginMode, PositionMode } from '../domain/leg.ts'
import type { LiveLimits } from './pre-trade.ts'

/** When trading switches itself off; null for never. */
export interface LiveTriggers {
  /** Maintenance margin over margin balance at which nothing more is opened. */
  readonly marginRate: Decimal | null
  /** A stream that is silent for so long while a leg is open. */
  readonly silentMs: number | null
  readonly rejectsPerMinute: number | null
  /** Fall of equity from its highest, a fraction, at which openers are cancelled. */
  readonly drawdown: Decimal | null
  /** Difference between our equity and the venue's, a fraction of it. */
  readonly equityDeviation: Decimal | null
  /** What the daily loss does. A flatten has to be written out. */
  readonly onDailyLoss: 'cancel' | 'flatten'
}

/** The decisions. */
export interface LiveConfig {
  readonly symbols: readonly string[]
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  readonly leverage: ReadonlyMap<string, LegLeverage>
  /** Whether a wrong position mode may be switched at the venue, where nothing stands in its way. */
  readonly allowModeSwitch: boolean
  readonly allowMarginModeSwitch: boolean
  /** Whether legs that somebody else opened are taken over; otherwise their symbol is halted. */
  readonly adopt: boolean
  /** Whether a leg that differs without a reason is set to what the venue says. */
  readonly trustVenue: boolean
  readonly foreignOrders: 'ignore' | 'cancel'
  readonly limits: LiveLimits
  readonly triggers: LiveTriggers
  /** An opener that could not be sent for so long is never sent. */
  readonly intentTtlMs: number
  readonly reconcileEveryMs: number
  /** Prices older than this hold openers. */
  readonly staleMarketMs: number
  /** Route bars before the first one that a strategy is called on. */
  readonly warmupMs: number
}
