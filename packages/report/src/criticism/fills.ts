/** The closing fills of a run with what each of them made, and what of it was opened in the same candle. */
import { legSign, maxDecimal, minDecimal, ZERO, type Decimal, type Filled, type JournalEvent } from '@hedgerow/core'

/** A fill that closed. Quote units, before fees. */
export interface ClosingFill {
  readonly fill: Filled
  /** Against the average entry of the leg. */
  readonly pnl: Decimal
  /** Of the quantity that was opened in the same candle, against what it was opened at, the latest first. */
  readonly withinCandle: { readonly qty: Decimal; readonly pnl: Decimal }
}

interface Lot { readonly price: Decimal; readonly qty: Decimal }

/** What is known of a leg while its fills go by. */
interface LegCourse {
  readonly qty: Decimal
  readonly cost: Decimal
  readonly candle: number
  /** Opened in this candle and not closed since. */
  readonly lots: readonly Lot[]
}

const FLAT: LegCourse = { qty: ZERO, cost: ZERO, candle: Number.NaN, lots: [] }

/**
 * Folds the fills of every leg.
 *
 * @param start Start of any candle, ms UTC.
 * @param step Length of a candle in ms.
 */
export function closingFills(events: readonly JournalEvent[], { start, step }: { readonly start: number; readonly step: number }): readonly ClosingFill[] {
  const legs = new Map<string, LegCourse>()
  const closing: ClosingFill[] = []
  for (const event of events) {
    if (event.type !== 'order.filled') continue
    const key = `${event.symbol} ${event.leg}`
    const before = inCandle(legs.get(key) ?? FLAT, Math.floor((event.at - start) / step))
    if (event.intent === 'open') {
      legs.set(key, { ...before, qty: before.qty.plus(event.qty), cost: before.cost.plus(event.qty.times(event.price)), lots: [...before.lots, event] })
      continue
    }
    const { after, row } = closed(before, event)
    legs.set(key, after)
    closing.push(row)
  }
  return closing
}

function inCandle(course: LegCourse, candle: number): LegCourse {
  return course.candle === candle ? course : { ...course, candle, lots: [] }
}

function closed(before: LegCourse, fill: Filled): { readonly after: LegCourse; readonly row: ClosingFill } {
  const sign = legSign(fill.leg)
  const released = before.qty.isZero() ? ZERO : before.cost.times(fill.qty).div(before.qty)
  const lots = [...before.lots]
  let left = fill.qty
  let within = { qty: ZERO, pnl: ZERO }
  while (left.gt(0) && lots.length > 0) {
    const lot = lots.pop()
    if (lot === undefined) break
    const qty = minDecimal(left, lot.qty)
    left = left.minus(qty)
    within = { qty: within.qty.plus(qty), pnl: within.pnl.plus(fill.price.minus(lot.price).times(qty).times(sign)) }
    if (lot.qty.gt(qty)) lots.push({ price: lot.price, qty: lot.qty.minus(qty) })
  }
  const qty = maxDecimal(ZERO, before.qty.minus(fill.qty))
  const after = { ...before, qty, cost: qty.isZero() ? ZERO : before.cost.minus(released), lots }
  return { after, row: { fill, pnl: fill.price.times(fill.qty).minus(released).times(sign), withinCandle: within } }
}
