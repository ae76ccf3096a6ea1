/** One symbol of a route, to read and to trade: what a portfolio goes through. */
import type { CandleSeries, Decimal, Instrument, TimeMs } from '@hedgerow/core'
import type { Desk } from './desk.ts'
import type { LegHandle } from './leg-handle.ts'
import type { PositionPair } from './position-view.ts'

/** The exact values of a market. */
export interface ExactMarket {
  readonly price: Decimal
  readonly markPrice: Decimal
  readonly leverage: Decimal
  /** Rate of the last settlement; null before the first. */
  readonly lastFundingRate: Decimal | null
}

/** Prices, both legs, bars and funding of one symbol. Numbers are for calculating; `exact` has the decimals. */
export class Market {
  /** The long leg of the symbol. */
  readonly long: LegHandle
  /** The short leg of the symbol. */
  readonly short: LegHandle
  /** Both legs as one position. */
  readonly position: PositionPair
  readonly #desk: Desk

  constructor(parts: { readonly desk: Desk; readonly long: LegHandle; readonly short: LegHandle; readonly position: PositionPair }) {
    this.#desk = parts.desk
    this.long = parts.long
    this.short = parts.short
    this.position = parts.position
  }

  get symbol(): string {
    return this.#desk.context.symbol
  }

  /** The current price. Throws `DATA_EMPTY` or `BAR_OUT_OF_RANGE` before the first bar of the symbol. */
  get price(): number {
    return this.#desk.price
  }

  get markPrice(): number {
    return this.#desk.context.markPrice().toNumber()
  }

  /** Closed bars of the route's timeframe, oldest first. A symbol that was not traded yet has none. */
  get candles(): CandleSeries {
    return this.#desk.candles
  }

  /** Closed bars of a data route of the symbol. */
  getCandles(timeframe: string): CandleSeries {
    return this.#desk.context.candles(this.symbol, timeframe)
  }

  get instrument(): Instrument {
    return this.#desk.context.instrument()
  }

  get leverage(): number {
    return this.#desk.context.leverage().toNumber()
  }

  /** True when any leg is open. */
  get isOpen(): boolean {
    return this.#desk.isAnyOpen
  }

  /** Rate of the last funding settlement: that of time T can be read from T on, and not before. Null before the first. */
  get lastFundingRate(): number | null {
    return this.#desk.context.funding().lastRate?.toNumber() ?? null
  }

  /** Rate announced for the next settlement; null unless a predicted series is loaded. */
  get predictedFundingRate(): number | null {
    return this.#desk.context.funding().predictedRate?.toNumber() ?? null
  }

  /** Time of the next settlement; null when funding is not modelled. */
  get nextFundingTime(): TimeMs | null {
    return this.#desk.context.funding().nextAt
  }

  /** The same values as decimals. */
  get exact(): ExactMarket {
    const { context } = this.#desk
    return { price: context.price(), markPrice: context.markPrice(), leverage: context.leverage(), lastFundingRate: context.funding().lastRate }
  }
}
