/** Stops that follow the most favourable price at a distance (SIMULATION 3.4). */
import { decimalOfDouble, doubleOf, ONE, roundToStep, ZERO, type Decimal } from '@hedgerow/core'
import type { LiveOrder } from './live-order.ts'
import { at } from './path.ts'
import type { Tape } from './tape.ts'

/** True when `price` moves the level in the order's favour: up for an order that sells. */
export function isBetterExtreme(live: LiveOrder, price: number): boolean {
  return live.side === 'sell' ? price > live.extreme : price < live.extreme
}

/** The level at the present extreme: never earlier than asked, so down to the tick for an order that sells, up for one that buys. */
export function levelTrailedBy(live: LiveOrder, tickSize: Decimal): number {
  if (live.trailLevelOf !== live.extreme) {
    const { distance = ZERO, distanceRatio = ZERO } = live.order.trailing ?? {}
    const sign = live.side === 'sell' ? -1 : 1
    const exact = decimalOfDouble(live.extreme).times(distanceRatio.times(sign).plus(ONE)).plus(distance.times(sign))
    live.trailLevel = roundToStep(exact, tickSize, live.side === 'sell' ? 'floor' : 'ceil')
    live.trailLevelOf = live.extreme
    live.level = doubleOf(live.trailLevel)
  }
  return live.level
}

/** Takes the candles before `minute` into the extreme. */
export function followUntil(live: LiveOrder, tape: Tape, minute: number): void {
  const column = live.side === 'sell' ? tape.columns.high : tape.columns.low
  for (let row = Math.max(live.extremeUntil, tape.first) - tape.first; row < minute - tape.first; row += 1) {
    const price = at(column, row)
    if (isBetterExtreme(live, price)) live.extreme = price
  }
  live.extremeUntil = Math.max(live.extremeUntil, minute)
}

/** Rounding of the level in floats; a candle may be looked at for nothing, never missed. */
const SLACK = 8 * Number.EPSILON

/** First minute from `from` on, and before `to`, in which the stop may fire; `to` when there is none. Its extreme must be known until `from`. */
export function nextTrailingHit(live: LiveOrder, tape: Tape, from: number, to: number): number {
  const { high, low } = tape.columns
  const { distance = ZERO, distanceRatio = ZERO } = live.order.trailing ?? {}
  const sells = live.side === 'sell'
  const share = sells ? 1 - doubleOf(distanceRatio) + SLACK : 1 + doubleOf(distanceRatio) - SLACK
  const offset = sells ? -doubleOf(distance) : doubleOf(distance)
  let { extreme } = live
  for (let minute = Math.max(from, tape.first); minute < Math.min(to, tape.end); minute += 1) {
    const top = at(high, minute - tape.first)
    const bottom = at(low, minute - tape.first)
    if (sells ? top > extreme : bottom < extreme) extreme = sells ? top : bottom
    if (sells ? bottom <= extreme * share + offset : top >= extreme * share + offset) return minute
  }
  return to
}
