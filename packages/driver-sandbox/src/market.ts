/** What a simulation runs on: the symbols with their series, and the rules. The settings of the account change only through the venue desk. */
import type { CandleColumns, Decimal, Instrument, Leg, MarginMode, PositionMode, SelfTradePrevention, TierTable, TimeMs, TriggerBy, VenueProfile } from '@hedgerow/core'
import type { Settlement } from './funding-schedule.ts'
import type { PathRule, Slippage } from './options.ts'
import type { Tape } from './tape.ts'

/** One symbol. */
export interface Market {
  readonly index: number
  readonly symbol: string
  readonly instrument: Instrument
  readonly last: Tape
  /** Null: the last price stands in for triggers and risk. */
  readonly mark: Tape | null
  /** Null: no order can be triggered by the index. */
  readonly indexPrice: Tape | null
  /** Minutes at whose close the venue deleverages, rising; empty without that stress. */
  readonly adlMinutes: readonly number[]
  /** Any mark series, for funding. */
  readonly marks: CandleColumns | null
  /** In rising order; empty where funding is not modelled. */
  readonly settlements: readonly Settlement[]
  positionMode: PositionMode
  leverage: Readonly<Record<Leg, Decimal>>
  /** Upper bound of the margin and fees that any profile reserves on one unit of value. */
  marginBound: number
  readonly tiers: TierTable
  /** The tiers in doubles. */
  readonly rates: readonly { readonly cap: number; readonly rate: number }[]
}

/** The minutes of a run: minute `m` starts at `start + m x step`. A minute is one candle, whatever its length. */
export interface Grid {
  readonly start: TimeMs
  readonly step: number
}

/** The settings of a simulation, defaults filled in. */
export interface Rules {
  readonly path: PathRule
  readonly limitFill: 'touch' | 'through'
  readonly slippage: Slippage
  readonly clampToRange: boolean
  readonly stp: SelfTradePrevention
  readonly deleverages: boolean
  readonly autoAddMargin: boolean
  readonly volumeShare: Decimal | null
  /** True: a candle without volume fills resting limits as any other. */
  readonly fillsWithoutVolume: boolean
  readonly onStopPassed: 'close' | 'reject'
  /** What triggers orders that do not say it. */
  readonly triggerBy: TriggerBy
  readonly fundingBoundary: 'before' | 'inclusive'
  readonly checkMargin: boolean
  readonly makerRate: Decimal
  readonly takerRate: Decimal
  /** Upper bound of the fees that the profile reserves on one unit of value. */
  readonly feeBound: number
  /** Above what the profile assumes as the price of an order. */
  readonly priceFactor: number
  readonly fillAt: 'open' | 'close'
  /** 0: commands arrive as they are sent. */
  readonly latencyMs: number
}

/** What all parts of a simulation share. */
export interface Setup {
  readonly profile: VenueProfile
  marginMode: MarginMode
  readonly grid: Grid
  readonly markets: readonly Market[]
  readonly rules: Rules
}

/** When a minute starts. */
export function startOf(grid: Grid, minute: number): TimeMs {
  return grid.start + minute * grid.step
}

/** The minute that is running at a time. */
export function minuteAt(grid: Grid, at: TimeMs): number {
  return Math.floor((at - grid.start) / grid.step)
}
