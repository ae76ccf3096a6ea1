/** How the quantity of a leg is shared out over the rows of one exit list. */
import { floorToStep, minDecimal, ZERO, type Decimal } from '@hedgerow/core'

/**
 * What each row may close now, first rows first: never more than its wish (`'all'`: whatever is left), never more than the leg in sum.
 * When the wishes add up to the leg, the last row takes what rounding to the step left over.
 *
 * With a leg of 0.333, wishes of 0.1665 twice and a step of 0.001: 0.166 and 0.167.
 */
export function shareOut(wishes: readonly (Decimal | 'all')[], held: Decimal, qtyStep: Decimal): Decimal[] {
  const last = wishes.findLastIndex((wish) => wish === 'all' || wish.gt(0))
  const covers = coversLeg(wishes, held, qtyStep)
  let left = held
  return wishes.map((wish, index) => {
    const share = wish === 'all' || (covers && index === last) ? left : minDecimal(floorToStep(wish, qtyStep), left)
    left = left.minus(share)
    return share
  })
}

function coversLeg(wishes: readonly (Decimal | 'all')[], held: Decimal, qtyStep: Decimal): boolean {
  let open = held
  for (const wish of wishes) {
    if (wish === 'all') return true
    open = open.minus(wish)
  }
  return open.lte(ZERO) || open.lt(qtyStep)
}
