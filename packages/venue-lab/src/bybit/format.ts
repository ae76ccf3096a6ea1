/** How Bybit writes values. */
import { decimalText, doubleOf, type Decimal, type Instrument, type Side } from '@hedgerow/core'

/** A price with the decimals of the tick. */
export function priceText(value: Decimal, { tickSize }: Pick<Instrument, 'tickSize'>): string {
  const places = Math.max(0, tickSize.decimalPlaces())
  return value.decimalPlaces() > places ? decimalText(value) : value.toFixed(places)
}

/** A quantity with the decimals of the step. */
export function qtyText(value: Decimal, { qtyStep }: Pick<Instrument, 'qtyStep'>): string {
  return value.toFixed(Math.max(0, qtyStep.decimalPlaces()))
}

/** Money: eight decimals at most, without trailing zeros. */
export function moneyText(value: Decimal): string {
  return decimalText(value.toDecimalPlaces(8))
}

/** `Buy` or `Sell`. */
export function sideText(side: Side): 'Buy' | 'Sell' {
  return side === 'buy' ? 'Buy' : 'Sell'
}

/** Basis points of a double as the venue writes change ratios. */
export function ratioText(now: Decimal, before: Decimal): string {
  return before.isZero() ? '0' : (doubleOf(now.minus(before)) / doubleOf(before)).toFixed(6)
}
