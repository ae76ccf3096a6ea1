/** `runStrategy()`: a strategy and some prices in, what it did out. */
import { decimalText, type Chart, type JournalEvent, type OpenPosition, type Order, type Strategy, type Trade } from '@hedgerow/core'
import { planOf, sessionOf, type TestPlan } from './test-session.ts'
import type { Runnable, TestOptions } from './test-options.ts'

/** What a strategy did, in texts for comparing and in full. `@3` is the time at which candle 3 opens, counted from 0. */
export interface StrategyRun<S extends Strategy> {
  readonly strategy: S
  /** `@1 open long 1 at 100`; with several symbols `@1 BTCUSDT open long 1 at 100`. */
  readonly fills: readonly string[]
  /** `@1 open long 1 limit 98 #rung-1`: what was sent, denied orders left out. */
  readonly orders: readonly string[]
  /** `@1 short LEG_CONFLICT`. */
  readonly denied: readonly string[]
  /** Closed round trips, oldest first. */
  readonly trades: readonly Trade[]
  /** `long 1 at 100`: legs that are open at the end. */
  readonly open: readonly string[]
  readonly openPositions: readonly OpenPosition[]
  /** Balance and equity at the end, quote units. */
  readonly balance: number
  readonly equity: number
  /** The last variables; null where the strategy has changed none. */
  readonly vars: Readonly<Record<string, unknown>> | null
  readonly charts: readonly Chart[]
  /** `warn: text`. */
  readonly log: readonly string[]
  /** Everything that happened, oldest first. */
  readonly events: readonly JournalEvent[]
}

/**
 * Runs a strategy over prices on the simulated exchange: the same session, broker and matching as a backtest.
 *
 * `expect(runStrategy(Mine, { prices: [100, 101, 99] }).fills).toEqual(['@1 open long 1 at 101'])`
 *
 * @throws HedgerowError what a backtest throws: errors of options, of parameters, and of the strategy with its place.
 */
export function runStrategy<S extends Strategy>(strategyClass: Runnable<S>, options: TestOptions): StrategyRun<S> {
  const plan = planOf(strategyClass.name, options)
  const strategy = new strategyClass(options.params ?? {})
  const { engine, state, market, log, lines, equity } = sessionOf(plan, strategy)
  engine.run()
  const openPositions = state.trades.openPositions((symbol) => market.price(symbol))
  const text = new Texts(plan)
  return {
    strategy, trades: state.trades.trades, openPositions, events: log.events, vars: log.varsOf(plan.name), charts: strategy.charts ?? [], log: lines,
    fills: log.events.flatMap((event) => (event.type === 'order.filled' ? [`${text.at(event)} ${event.intent} ${event.leg} ${decimalText(event.qty)} at ${decimalText(event.price)}`] : [])),
    orders: log.events.flatMap((event) => (event.type === 'order.submitted' ? [`${text.at({ at: event.at, symbol: event.order.symbol })} ${orderText(event.order)}`] : [])),
    denied: log.events.flatMap((event) => (event.type === 'order.denied' ? [`${text.at(event)} ${event.leg} ${event.code}`] : [])),
    open: openPositions.map(({ symbol, leg, qty, entryPrice }) => `${text.of(symbol)}${leg} ${decimalText(qty)} at ${decimalText(entryPrice)}`),
    balance: state.positions.wallet.toNumber(), equity: equity().toNumber(),
  }
}

class Texts {
  readonly #plan: TestPlan

  constructor(plan: TestPlan) {
    this.#plan = plan
  }

  at({ at, symbol }: { readonly at: number; readonly symbol: string }): string {
    const [first] = this.#plan.candles.values()
    const candle = first === undefined ? at : (at - first.start) / first.step
    return `@${Math.floor(candle)} ${this.of(symbol)}`.trimEnd()
  }

  /** The symbol, where there are several. */
  of(symbol: string): string {
    return this.#plan.symbols.length === 1 ? '' : `${symbol} `
  }
}

function orderText({ intent, leg, qty, type, trigger, price, tag }: Order): string {
  const prices = [trigger, price].flatMap((value) => (value === undefined ? [] : [` ${decimalText(value)}`])).join('')
  return `${intent} ${leg} ${decimalText(qty)} ${type}${prices}${tag === undefined ? '' : ` #${tag}`}`
}
