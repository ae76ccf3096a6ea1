/** What a taker loses beside the price (SIMULATION 3.6): always adverse, rounded to the tick against the taker. */
import { decimal, decimalOfCount, decimalOfDouble, doubleOf, maxDecimal, minDecimal, roundToStep, ZERO, type Decimal, type Side } from '@hedgerow/core'
import { at } from './path.ts'
import type { Simulation } from './simulation.ts'
import type { SymbolBook } from './symbol-book.ts'

/** What takes: an order that was sent as a market order, or a conditional that fired into one. */
export interface Taker {
  readonly side: Side
  readonly kind: 'market' | 'stop'
  readonly qty: Decimal
}

const BASIS_POINT = decimal('0.0001')
/** Candles whose closes measure the volatility. */
const VOLATILITY_CANDLES = 60

/** The price that a taker gets. */
export function slipped(sim: Simulation, book: SymbolBook, price: Decimal, taker: Taker): Decimal {
  const loss = lossOf(sim, book, price, taker)
  if (!loss.gt(ZERO)) return price
  const { tickSize } = book.market.instrument
  const worse = taker.side === 'buy' ? roundToStep(price.plus(loss), tickSize, 'ceil') : maxDecimal(roundToStep(price.minus(loss), tickSize, 'floor'), tickSize)
  return sim.setup.rules.clampToRange ? withinRange(sim, book, worse, taker.side) : worse
}

function lossOf(sim: Simulation, book: SymbolBook, price: Decimal, { kind, qty }: Taker): Decimal {
  const { rules: { slippage }, profile } = sim.setup
  const { tickSize } = book.market.instrument
  if (slippage === 'none') return ZERO
  if (slippage !== 'profile') {
    if ('impact' in slippage) return price.times(slippage.impact).times(decimalOfDouble(impactOf(sim, book, qty)))
    return 'ticks' in slippage ? ticksOf(tickSize, slippage.ticks) : shareOf(price, slippage.bps)
  }
  const { marketTicks, marketBps, stopBps } = profile.execution.slippage
  return kind === 'stop' ? shareOf(price, stopBps) : maxDecimal(ticksOf(tickSize, marketTicks), shareOf(price, marketBps))
}

function ticksOf(tickSize: Decimal, ticks: number): Decimal {
  return ticks === 0 ? ZERO : tickSize.times(decimalOfCount(ticks))
}

function shareOf(price: Decimal, bps: Decimal): Decimal {
  return bps.isZero() ? ZERO : price.times(bps).times(BASIS_POINT)
}

/**
 * `sigma x sqrt(qty / volume)`, the square root law of market impact: sigma is the standard deviation of the returns of the last 60 closed
 * candles, volume that of the present candle, or of the last before it that had any. No more than half the price.
 */
function impactOf({ minute }: Simulation, { market: { last } }: SymbolBook, qty: Decimal): number {
  const row = minute - last.first
  const { close, volume } = last.columns
  let count = 0
  let sum = 0
  let squares = 0
  let previous = Number.NaN
  for (let index = Math.max(0, row - VOLATILITY_CANDLES - 1); index < row; index += 1) {
    const price = at(close, index)
    if (Number.isNaN(price)) continue
    const change = price / previous - 1
    if (!Number.isNaN(change)) {
      count += 1
      sum += change
      squares += change * change
    }
    previous = price
  }
  let traded = row
  while (traded > 0 && !(at(volume, traded) > 0)) traded -= 1
  if (count < 2 || !(at(volume, traded) > 0)) return 0
  const variance = Math.max(0, (squares - (sum * sum) / count) / (count - 1))
  return Math.min(0.5, Math.sqrt((variance * doubleOf(qty)) / at(volume, traded)))
}

function withinRange({ minute }: Simulation, { market: { last } }: SymbolBook, price: Decimal, side: Side): Decimal {
  if (!last.has(minute)) return price
  return side === 'buy' ? minDecimal(price, decimalOfDouble(last.high(minute))) : maxDecimal(price, decimalOfDouble(last.low(minute)))
}
