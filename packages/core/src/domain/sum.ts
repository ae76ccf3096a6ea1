/** Sums of many decimals. */
import { isShort, shortDecimal, ZERO, type Decimal } from './decimal.ts'
import { isSafe, power } from './whole.ts'

/** The sum of many; zero for none. The whole numbers of one power of ten that they are add up as doubles, for as long as these are exact. */
export function sumDecimals(values: Iterable<Decimal>): Decimal {
  let total: Decimal | null = null
  let [digits, scale] = [0, 0]
  for (const value of values) {
    if (total !== null) {
      total = total.plus(value)
      continue
    }
    const common = Math.max(scale, value.scale)
    const [before, added] = [digits * power(common - scale), value.digits * power(common - value.scale)]
    if (isShort(value) && isSafe(before) && isSafe(added) && isSafe(before + added)) [digits, scale] = [before + added, common]
    else total = shortDecimal(digits, scale).plus(value)
  }
  return total ?? (digits === 0 && scale === 0 ? ZERO : shortDecimal(digits, scale))
}
