/** Goes through the events of a finished run once more, and tells what was held after each and how the account stood in between. */
import { decimalOfDouble, RunRecorder, TOKENS, type Decimal, type JournalEvent, type MarketState, type TimeMs } from '@hedgerow/core'
import { CourseFold, PairChanges, type Course, type PairChange } from '@hedgerow/report/run'
import { partsOf, type RunPlan } from './compose.ts'

/** What a run held. */
export interface Replay {
  /** Both legs of a symbol after each change; the last change of a moment stands for all of it. */
  readonly positions: readonly PairChange[]
  readonly course: Course
}

/** Folds the events of a run that has ended. */
export function replayRun(plan: RunPlan, events: readonly JournalEvent[]): Replay {
  const { get } = partsOf(plan)
  const { market: { symbols, start, end } } = plan
  const [state, margin] = [get(TOKENS.SessionState), get(TOKENS.AccountMargin)]
  const course = new CourseFold({ start, end, gridStart: symbols[0]?.candles.start ?? start, candleStep: symbols[0]?.candles.step ?? end - start, startingBalance: plan.settings.exchange.startingBalance })
  const recorder = new RunRecorder({ symbols, state, margin, start, onStretch: (stretch) => course.add(stretch) })
  const prices = new ReplayedPrices(plan, get(TOKENS.MarketData))
  const changes = new PairChanges({ state, margin, takerRate: plan.venue.fee.taker })
  for (const event of events) {
    recorder.before(event)
    prices.advanceTo(event.at)
    state.apply(event)
    if (event.type === 'order.filled') prices.trade(event.symbol, event.price)
    changes.see(event)
  }
  recorder.finish(end)
  return { positions: changes.list, course: course.finish() }
}

/** The prices that the account is valued at, as they were known at a moment. */
class ReplayedPrices {
  readonly #symbols: RunPlan['market']['symbols']
  readonly #market: MarketState
  #closed = -1

  constructor({ market: { symbols } }: RunPlan, market: MarketState) {
    this.#symbols = symbols
    this.#market = market
    for (const { symbol, candles } of symbols) market.trade(symbol, decimalOfDouble(candles.open.find((price) => !Number.isNaN(price)) ?? 0))
  }

  advanceTo(at: TimeMs): void {
    const [first] = this.#symbols
    if (first === undefined) return
    const closed = Math.min(first.candles.length, Math.floor((at - first.candles.start) / first.candles.step)) - 1
    if (closed === this.#closed) return
    this.#closed = closed
    for (const { symbol, candles, marks } of this.#symbols) this.#market.closeCandle(symbol, candles.close[closed] ?? Number.NaN, marks?.close[closed] ?? null)
  }

  trade(symbol: string, price: Decimal): void {
    this.#market.trade(symbol, price)
  }
}
