/** What a taker loses beside the price (SIMULATION 3.6): always adverse, rounded to the tick against the taker. */
import { decimal, decimalOfCount, maxDecimal, roundToStep, type Decimal, type Side } from '@hedgerow/core'
import type { Market, Setup } from './market.ts'

/** What takes: an order that was sent as a market order, or a conditional that fired into one. */
export type TakerKind = 'market' | 'stop'

const BASIS_POINT = decimal('0.0001')

/** The price that a taker gets. */
export function slipped(setup: Setup, market: Market, price: Decimal, taker: { readonly side: Side; readonly kind: TakerKind }): Decimal {
  const loss = lossOf(setup, market, price, taker.kind)
  if (loss === null) return price
  const { tickSize } = market.instrument
  if (taker.side === 'buy') return roundToStep(price.plus(loss), tickSize, 'ceil')
  return maxDecimal(roundToStep(price.minus(loss), tickSize, 'floor'), tickSize)
}

function lossOf({ rules, profile }: Setup, { instrument }: Market, price: Decimal, kind: TakerKind): Decimal | null {
  const { slippage } = rules
  if (slippage === 'none') return null
  const ofPrice = (bps: Decimal): Decimal => price.times(bps).times(BASIS_POINT)
  const ofTicks = (ticks: number): Decimal => instrument.tickSize.times(decimalOfCount(ticks))
  if (slippage !== 'profile') return positive('ticks' in slippage ? ofTicks(slippage.ticks) : ofPrice(slippage.bps))
  const { marketTicks, marketBps, stopBps } = profile.execution.slippage
  return positive(kind === 'stop' ? ofPrice(stopBps) : maxDecimal(ofTicks(marketTicks), ofPrice(marketBps)))
}

function positive(loss: Decimal): Decimal | null {
  return loss.gt(0) ? loss : null
}
