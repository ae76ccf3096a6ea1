/** How far the price went against and for a leg while it was open (SIMULATION 5.2). */
import { maxDecimal, minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import type { Leg } from '../domain/leg.ts'
import { unrealisedPnl } from '../domain/position.ts'
import { ratio, RATIO_PLACES, rounded } from './rounding.ts'

/** What a leg holds: base units, and the sum of quantity times price. */
export interface Holding {
  readonly leg: Leg
  readonly qty: Decimal
  readonly cost: Decimal
}

/** The lowest and the highest price of a time. */
export interface PriceRange {
  readonly low: Decimal
  readonly high: Decimal
}

/** Quote units: `mae` at most 0, `mfe` at least 0. */
export interface Excursion {
  readonly mae: Decimal
  readonly mfe: Decimal
}

/** Nothing has happened yet. */
export const NO_EXCURSION: Excursion = { mae: ZERO, mfe: ZERO }

/** Extends an excursion by a time in which the holding stood; `booked` is what the trade has realised before it, gross. */
export function extendExcursion(excursion: Excursion, time: { readonly holding: Holding; readonly booked: Decimal; readonly range: PriceRange }): Excursion {
  const { holding, booked, range: { low, high } } = time
  const atLow = unrealisedPnl(holding, low).plus(booked)
  const atHigh = low === high ? atLow : unrealisedPnl(holding, high).plus(booked)
  return {
    mae: minDecimal(excursion.mae, minDecimal(atLow, atHigh)),
    mfe: maxDecimal(excursion.mfe, maxDecimal(atLow, atHigh)),
  }
}

/** A finished holding and the candles it went through. */
export interface ExcursionInput {
  readonly leg: Leg
  readonly qty: Decimal
  readonly entry: Decimal
  readonly exit: Decimal
  readonly lows: readonly Decimal[]
  readonly highs: readonly Decimal[]
}

/** Excursions with what they are worth. */
export interface ExcursionMetrics extends Excursion {
  /** Of the entry notional, as a fraction; 10 places. */
  readonly maePct: Decimal | null
  readonly mfePct: Decimal | null
  /** Gross pnl at the exit. */
  readonly realised: Decimal
  /** `realised / mfe`, 10 places; null when nothing could have been gained. */
  readonly edgeCaptured: Decimal | null
}

/**
 * Excursions of one holding, gross of fees. [D]
 *
 * Worked: long 0.5 at 60000 through lows of 59100 and highs of 62500 has a MAE of -450 and a MFE of 1250; out at 61800 it kept 0.72 of that.
 */
export function excursionMetrics(input: ExcursionInput): ExcursionMetrics {
  const notional = input.qty.times(input.entry)
  const holding = { leg: input.leg, qty: input.qty, cost: notional }
  const prices = [...input.lows, ...input.highs]
  const { mae, mfe } = prices.reduce((so, price) => extendExcursion(so, { holding, booked: ZERO, range: { low: price, high: price } }), NO_EXCURSION)
  const realised = unrealisedPnl(holding, input.exit)
  return {
    mae,
    mfe,
    maePct: rounded(ratio(mae, notional), RATIO_PLACES),
    mfePct: rounded(ratio(mfe, notional), RATIO_PLACES),
    realised,
    edgeCaptured: rounded(ratio(realised, mfe), RATIO_PLACES),
  }
}
