/** Margin that rises in a straight line with the price, in floats: for statistics over every candle of a run. */

/** `base + long x price + fixed + short x price`, in quote units; what of the short leg stands whatever the price comes after the long leg's. */
export interface MarginLine {
  readonly base: number
  readonly long: number
  readonly fixed: number
  readonly short: number
}

/** The value of a line at a price. */
export function marginAt({ base, long, fixed, short }: MarginLine, price: number): number {
  return base + long * price + fixed + short * price
}
