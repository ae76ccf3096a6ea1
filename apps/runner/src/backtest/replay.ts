/** Goes through the events of a finished run once more, and tells what was held after each and how the account stood in between. */
import { breakEvenPrice, decimalOfDouble, entryPriceOf, LEGS, lockedPnl, RunRecorder, sumDecimals, TOKENS, ZERO, type AccountMargin, type Decimal, type JournalEvent, type Leg, type MarketState, type SessionState, type TimeMs } from '@hedgerow/core'
import type { Course, LegState, PairChange } from '@hedgerow/report'
import { partsOf, type RunPlan } from './compose.ts'
import { CourseFold } from './course-fold.ts'

/** What a run held. */
export interface Replay {
  /** Both legs of a symbol after each change; the last change of a moment stands for all of it. */
  readonly positions: readonly PairChange[]
  readonly course: Course
}

/** Folds the events of a run that has ended. */
export function replayRun(plan: RunPlan, events: readonly JournalEvent[]): Replay {
  const { get } = partsOf(plan)
  const { venue: { profile }, market: { symbols, start, end } } = plan
  const [state, margin] = [get(TOKENS.SessionState), get(TOKENS.AccountMargin)]
  const course = new CourseFold({ start, end, gridStart: symbols[0]?.candles.start ?? start, candleStep: symbols[0]?.candles.step ?? end - start, startingBalance: plan.settings.exchange.startingBalance })
  const recorder = new RunRecorder({ profile, symbols, state, margin, start, onStretch: (stretch) => course.add(stretch) })
  const prices = new ReplayedPrices(plan, get(TOKENS.MarketData))
  const changes = new PairChanges(state, margin, plan.venue.fee.taker)
  for (const event of events) {
    recorder.advanceTo(event.at)
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

/** Collects what each event made of its pair. */
class PairChanges {
  readonly list: PairChange[] = []
  readonly #state: SessionState
  readonly #margin: AccountMargin
  readonly #takerRate: Decimal
  /** By symbol and leg: what liquidations posted. */
  readonly #posted = new Map<string, Decimal>()

  constructor(state: SessionState, margin: AccountMargin, takerRate: Decimal) {
    this.#state = state
    this.#margin = margin
    this.#takerRate = takerRate
  }

  see(event: JournalEvent): void {
    const symbol = this.#changed(event)
    if (symbol === null) return
    const last = this.list.at(-1)
    if (last?.at === event.at && last.symbol === symbol) this.list.pop()
    const [long, short] = LEGS.map((leg) => this.#leg(symbol, leg))
    if (long !== undefined && short !== undefined) this.list.push({ at: event.at, symbol, long, short, ...this.#pair(symbol) })
  }

  #pair(symbol: string): Pick<PairChange, 'lockedPnl' | 'breakEvenPrice'> {
    const pair = this.#state.positions.pair(symbol)
    const open = this.#state.trades.openPositions(() => ZERO).filter((position) => position.symbol === symbol)
    const booked = sumDecimals(open.map(({ realisedPnl, fees, funding }) => realisedPnl.minus(fees).plus(funding)))
    return { lockedPnl: lockedPnl(pair), breakEvenPrice: open.length === 0 ? null : breakEvenPrice(pair, { booked, takerRate: this.#takerRate }) }
  }

  /** The symbol of which the event changed a leg; null where it changed none. */
  #changed(event: JournalEvent): string | null {
    if (event.type === 'account.posted') {
      const { symbol, leg, amount } = event
      if (symbol === undefined || leg === undefined) return null
      const key = `${symbol} ${leg}`
      this.#posted.set(key, (this.#posted.get(key) ?? ZERO).plus(amount))
      return symbol
    }
    return event.type === 'order.filled' || event.type === 'funding.settled' || event.type === 'margin.moved' ? event.symbol : null
  }

  #leg(symbol: string, leg: Leg): LegState {
    const position = this.#state.positions.pair(symbol)[leg]
    const booked = position.realised.minus(position.fees).plus(position.funding).plus(this.#posted.get(`${symbol} ${leg}`) ?? ZERO)
    return { qty: position.qty, entryPrice: entryPriceOf(position), booked, liquidationPrice: position.qty.isZero() ? null : this.#margin.liquidationPrice(symbol, leg) }
  }
}
