/** Which bars the chart holds: fine enough for what is seen, few enough to be quick. */
import { slice, type Bars, type MarketBars } from './bars.ts'
import { at, lastAtOrBelow } from './search.ts'

/** More bars than this on the screen say nothing more. */
const MOST_VISIBLE = 1100
/** A finer step is taken only when it is well below that, so that small moves do not switch back and forth. */
const FINER_BELOW = 750
/** Bars are held for so many screens on either side. */
const SCREENS = 2

/** A stretch of time, ms. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The bars at hand, and the places of times among them: bar `n` covers `n - 0.5` to `n + 0.5`. */
export class BarWindow {
  readonly bars: Bars
  /** Whether there are more bars before and after. */
  readonly more: { readonly before: boolean; readonly after: boolean }

  constructor(bars: Bars, more: BarWindow['more']) {
    this.bars = bars
    this.more = more
  }

  /** Row of the bar that a time falls into, or of the one before it; -1 before the first. */
  rowOf(time: number): number {
    return lastAtOrBelow(this.bars.time, time)
  }

  logicalOf(time: number): number {
    const row = this.rowOf(time)
    if (row < 0) return (time - at(this.bars.time, 0)) / this.bars.step - 0.5
    const [start, end] = [at(this.bars.time, row), at(this.bars.end, row)]
    const past = (time - start) / (end - start)
    const isLast = row === this.bars.time.length - 1
    return row - 0.5 + (isLast ? past : Math.min(1, past))
  }

  timeOf(logical: number): number {
    const row = Math.max(0, Math.min(this.bars.time.length - 1, Math.round(logical)))
    const [start, end] = [at(this.bars.time, row), at(this.bars.end, row)]
    return start + (logical - row + 0.5) * (end - start)
  }

  /** True where a view needs other bars: it comes near an end that has more, or another step fits better. */
  isOutgrown(view: Span, steps: readonly number[]): boolean {
    const span = view.to - view.from
    const [first, last] = [at(this.bars.time, 0), at(this.bars.end, this.bars.end.length - 1)]
    if ((this.more.before && view.from - first < span / 2) || (this.more.after && last - view.to < span / 2)) return true
    return chosenStep(steps, span, this.bars.step) !== this.bars.step
  }
}

/** The bars around a view. */
export function windowOf(market: MarketBars, view: Span, current: number | null): BarWindow {
  const span = view.to - view.from
  const level = market.level(chosenStep(market.steps, span, current))
  const from = Math.max(0, lastAtOrBelow(level.time, view.from - SCREENS * span))
  const to = Math.min(level.time.length, lastAtOrBelow(level.time, view.to + SCREENS * span) + 1)
  return new BarWindow(slice(level, from, Math.max(to, Math.min(level.time.length, from + 1))), { before: from > 0, after: to < level.time.length })
}

function chosenStep(steps: readonly number[], span: number, current: number | null): number {
  const fits = (most: number): number => steps.find((step) => span / step <= most) ?? steps.at(-1) ?? 1
  const step = fits(MOST_VISIBLE)
  return current !== null && step < current ? Math.min(fits(FINER_BELOW), current) : step
}
