/** How the quantity of a leg is shared out over the rows of one exit list. */
import { floorToStep, minDecimal, type Decimal } from '@hedgerow/core'

/**
 * What each row may close now, first rows first: never more than its wish (`'all'`: whatever is left), never more than the leg in sum.
 * When the wishes add up to the leg, the last row takes what rounding to the step left over.
 *
 * With a leg of 0.333, wishes of 0.1665 twice and a step of 0.001: 0.166 and 0.167.
 */
export function shareOut(wishes: readonly (Decimal | 'all')[], held: Decimal, qtyStep: Decimal): Decimal[] {
  const last = coversLeg(wishes, held, qtyStep) ? lastWish(wishes) : -1
  let left = held
  return wishes.map((wish, row) => {
    const share = wish === 'all' || row === last ? left : minDecimal(floorToStep(wish, qtyStep), left)
    if (row < wishes.length - 1) left = left.minus(share)
    return share
  })
}

/** True where what the wishes leave over is less than a step. */
function coversLeg(wishes: readonly (Decimal | 'all')[], held: Decimal, qtyStep: Decimal): boolean {
  let open = held
  for (const wish of wishes) {
    if (wish === 'all') return true
    open = open.minus(wish)
  }
  return open.lt(qtyStep)
}

/** The last row that wishes anything. */
function lastWish(wishes: readonly (Decimal | 'all')[]): number {
  for (let row = wishes.length - 1; row >= 0; row--) {
    const wish = wishes[row]
    if (wish === 'all' || wish?.isZero() === false) return row
  }
  return -1
}
