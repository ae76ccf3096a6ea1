/** Which doubles are the value of a decimal of at most 15 significant digits: only those survive the way to text and back. */

/** 10^0 to 10^22: the powers of ten that a double holds exactly. */
export const POWERS_OF_TEN: Float64Array = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/** Significant digits that every double keeps. */
export const EXACT_DIGITS = 15

/** Checks many values of one column, which usually have the same number of decimals. */
export class ExactDoubles {
  /** 10 to the number of decimals of the last value that was looked at closely. */
  #scale = 1

  /** True for a value with at most 15 significant digits. A quotient of a whole number below 2^53 and a power of ten up to 10^22 is correctly rounded, so equality proves it. */
  has(value: number): boolean {
    const digits = Math.round(value * this.#scale)
    if (Math.abs(digits) < 1e15 && digits / this.#scale === value) return true
    if (Number(value.toPrecision(EXACT_DIGITS)) !== value) return false
    this.#scale = POWERS_OF_TEN[decimalsOf(value)] ?? this.#scale
    return true
  }
}

function decimalsOf(value: number): number {
  const text = String(value)
  return text.includes('e') ? -1 : text.length - 1 - (text.includes('.') ? text.indexOf('.') : text.length - 1)
}
