/** Sums of many decimals. */
import { isShort, shortDecimal, ZERO, type Decimal } from './decimal.ts'
import { isSafe, power } from './whole.ts'

/** A sum in progress: the whole numbers of one power of ten that its terms are add up as doubles, for as long as these are exact. */
export class DecimalSum {
  #digits = 0
  #scale = 0
  /** The sum so far, once doubles no longer hold it. */
  #long: Decimal | null = null

  add(value: Decimal): void {
    if (this.#long !== null) {
      this.#long = this.#long.plus(value)
      return
    }
    const scale = Math.max(this.#scale, value.scale)
    const before = this.#digits * power(scale - this.#scale)
    const added = value.digits * power(scale - value.scale)
    if (isShort(value) && isSafe(before) && isSafe(added) && isSafe(before + added)) {
      this.#digits = before + added
      this.#scale = scale
    } else {
      this.#long = shortDecimal(this.#digits, this.#scale).plus(value)
    }
  }

  /** Zero for no terms. */
  total(): Decimal {
    return this.#long ?? (this.#digits === 0 && this.#scale === 0 ? ZERO : shortDecimal(this.#digits, this.#scale))
  }
}

/** The sum of many; zero for none. */
export function sumDecimals(values: Iterable<Decimal>): Decimal {
  const sum = new DecimalSum()
  for (const value of values) sum.add(value)
  return sum.total()
}
