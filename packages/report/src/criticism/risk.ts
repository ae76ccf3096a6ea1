/** How near it came to going wrong. */
import { minDecimal, sumDecimals, ZERO, type Decimal, type Filled } from '@hedgerow/core'
import type { CriticisedRun, Rule } from './criticism.ts'
import { counted, moment, money, percent } from './numbers.ts'

/** Nearer to liquidation than this share of the equity is too near. */
const NEAR = '0.5'
const VERY_NEAR = '0.2'
/** Locked loss from this share of the starting balance on is looked at. */
const LOCKED_SHARE = '0.02'

const liquidated: Rule = ({ counts, trades }) => counts.liquidations === 0 ? null : {
  id: 'liquidated', severity: 'severe',
  headline: `${counted(counts.liquidations, 'liquidation')}${counts.insuranceUsed.gt(0) ? `, and the insurance fund paid ${money(counts.insuranceUsed)}` : ''}.`,
  found: `The venue closed ${counted(trades.filter(({ exitReason }) => exitReason === 'liquidation').length, 'trade')}.`,
  remedy: 'Lower the leverage or the size, or hedge earlier. Nothing that comes after a liquidation is a result of the strategy.',
}

const nearLiquidation: Rule = ({ counts, course, metrics: { total: { minLiquidationDistance: distance } } }) => {
  if (counts.liquidations > 0 || distance === null || distance.gte(NEAR)) return null
  const nearest = course === null ? null : lowest(course.liquidationDistance)
  return {
    id: 'near-liquidation', severity: distance.lt(VERY_NEAR) ? 'severe' : 'warning',
    headline: `Liquidation was avoided by ${percent(distance)} of the equity.`,
    found: `${nearest === null || course === null ? 'At one moment' : `On ${moment(course.start + nearest.index * course.step)}`} the maintenance margin took all but that share of the equity.`,
    remedy: 'Lower the leverage, cap the exposure of a leg, or hedge earlier: another path of the same prices would have ended the account.',
  }
}

function lowest(column: Float64Array): { readonly index: number; readonly value: number } | null {
  let found: { readonly index: number; readonly value: number } | null = null
  for (const [index, value] of column.entries()) if (!Number.isNaN(value) && (found === null || value < found.value)) found = { index, value }
  return found
}

/** What the pairs of all symbols lock in from a moment on. */
interface Locked {
  readonly at: number
  readonly value: Decimal
}

interface Held { readonly qty: Decimal; readonly cost: Decimal }

const FLAT: Held = { qty: ZERO, cost: ZERO }

function heldAfter({ qty, cost }: Held, fill: Filled): Held {
  if (fill.intent === 'open') return { qty: qty.plus(fill.qty), cost: cost.plus(fill.qty.times(fill.price)) }
  const left = qty.minus(fill.qty)
  return left.gt(0) ? { qty: left, cost: cost.times(left).div(qty) } : FLAT
}

/** `min(L, S) x (entry of the short - entry of the long)` of all symbols after each fill: below zero it is a loss that no price brings back. */
function lockedCourse({ events }: CriticisedRun): readonly Locked[] {
  const legs = new Map<string, Held>()
  const bySymbol = new Map<string, Decimal>()
  const course: Locked[] = []
  for (const event of events) {
    if (event.type !== 'order.filled') continue
    const { at, symbol, leg } = event
    legs.set(`${symbol} ${leg}`, heldAfter(legs.get(`${symbol} ${leg}`) ?? FLAT, event))
    const [long, short] = [legs.get(`${symbol} long`) ?? FLAT, legs.get(`${symbol} short`) ?? FLAT]
    bySymbol.set(symbol, long.qty.isZero() || short.qty.isZero() ? ZERO : minDecimal(long.qty, short.qty).times(short.cost.div(short.qty).minus(long.cost.div(long.qty))))
    if (course.at(-1)?.at === at) course.pop()
    course.push({ at, value: sumDecimals(bySymbol.values()) })
  }
  return course
}

const deepest = (course: readonly Locked[]): Decimal => course.reduce((low, { value }) => minDecimal(low, value), ZERO)

const growingLockedLoss: Rule = (run) => {
  const { start, end, startingBalance } = run.header
  const course = lockedCourse(run)
  const [early, late] = [deepest(course.filter(({ at }) => at < (start + end) / 2)), deepest(course)]
  const last = course.at(-1)?.value ?? ZERO
  const limit = startingBalance.times(LOCKED_SHARE).neg()
  if (late.gt(limit) || late.gt(early.times('1.2'))) return null
  return {
    id: 'locked-loss', severity: last.lte(limit) ? 'severe' : 'warning',
    headline: `The pair locks in a growing loss: ${money(late.abs())} at the most${last.lt(0) ? `, ${money(last.abs())} at the end` : ''}.`,
    found: `The hedged quantity times the distance of its entries (short minus long) was ${money(early)} at worst in the first half of the run, and ${money(late)} in the whole. No price brings a locked loss back.`,
    remedy: "Close hedged quantity when it is opened at a worse price than the other leg, or use part of the hedge's profit to work the loss down.",
  }
}

/** Rules about margin and what is locked in. */
export const RISK_RULES: readonly Rule[] = [liquidated, nearLiquidation, growingLockedLoss]
