/**
 * The one door: every event comes through `handle`, is folded, told to the strategy that it concerns,
 * and answered with what to journal and what to command. Nothing else changes state.
 */
import type { Outbox, Outcome } from '../broker/outbox.ts'
import type { SessionBroker } from '../broker/session-broker.ts'
import type { ExchangeEvent, Filled } from '../domain/events.ts'
import type { OrdersWanted } from '../domain/live-input.ts'
import { oppositeLeg, type Leg, type PositionMode } from '../domain/leg.ts'
import type { TimeMs } from '../domain/time.ts'
import { HedgerowError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { StrategyEvent } from '../ports/strategy.ts'
import type { Applied, SessionState } from '../state/session-state.ts'
import type { MarketState } from './market-state.ts'
import type { StrategyRunner } from './strategy-runner.ts'

/** A closed bar of a route, in one of its two steps. */
export interface BarClosed {
  readonly type: 'bar.closed'
  readonly at: TimeMs
  readonly runner: StrategyRunner
  readonly step: 'manage' | 'enter'
}

/** A timer of a route is due. */
export interface TimerDue {
  readonly type: 'timer.due'
  readonly at: TimeMs
  readonly runner: StrategyRunner
  readonly name: string
}

/** The run begins, is about to end (strategies may still trade), or has ended. */
export interface RunPhase { readonly type: 'run.starting' | 'run.ending' | 'run.ended'; readonly at: TimeMs }

/** The last orders of a run: with `closePositions` open legs are closed at market, but for strategies that forbid it. What rests is cancelled by the exchange. */
export interface RunClosing { readonly type: 'run.closing'; readonly at: TimeMs; readonly closePositions: boolean }

/** What a session handles. */
export type SessionEvent = ExchangeEvent | BarClosed | TimerDue | RunPhase | RunClosing | OrdersWanted

/** Engine time: the time of the event being handled. */
export class EventClock implements Clock {
  #now: TimeMs = 0

  now(): TimeMs {
    return this.#now
  }

  /** Time never goes back: a late event is handled at the present. */
  tick(at: TimeMs): void {
    if (at > this.#now) this.#now = at
  }
}

/** What a session is made of. */
export interface SessionOptions {
  readonly positionMode: PositionMode
  readonly state: SessionState
  readonly market: MarketState
  readonly broker: SessionBroker
  readonly outbox: Outbox
  readonly clock: EventClock
  /** In configuration order. */
  readonly runners: readonly StrategyRunner[]
}

/** One event leads to at most this many messages between strategies: beyond it they answer each other without end. */
const MESSAGES_OF_ONE_EVENT = 10_000

/** State, strategies and broker behind one synchronous door. */
export class Session {
  readonly #options: SessionOptions

  constructor(options: SessionOptions) {
    this.#options = options
  }

  /** Folds an event, tells the strategies, and answers with records to journal before the commands are sent. */
  handle(event: SessionEvent): Outcome {
    if (event.type === 'bar.closed') return this.bar(event.runner, event.step, event.at)
    const { clock, runners } = this.#options
    clock.tick(event.at)
    switch (event.type) {
      case 'timer.due':
        event.runner.handle({ type: 'timer', name: event.name })
        break
      case 'run.starting':
        for (const runner of runners) runner.start()
        break
      case 'run.ending':
        for (const runner of runners) runner.end('before')
        break
      case 'run.closing':
        this.#close(event.closePositions)
        break
      case 'orders.wanted':
        this.#want(event)
        break
      case 'run.ended':
        for (const runner of runners) runner.end('after')
        break
      default:
        this.#fold(event)
    }
    return this.#answer()
  }

  /** Handles a closed bar: most of what there is to handle, so it is not looked for among the kinds of events. */
  bar(runner: StrategyRunner, step: BarClosed['step'], at: TimeMs): Outcome {
    this.#options.clock.tick(at)
    runner.bar(step)
    return this.#answer()
  }

  /** What has been decided and not been handed out: after a hook that threw. */
  drain(): Outcome {
    return this.#options.outbox.drain()
  }

  #answer(): Outcome {
    const { outbox } = this.#options
    if (outbox.hasAnswers) this.#tellAnswers()
    return outbox.drain()
  }

  #fold(event: ExchangeEvent): void {
    const { state, outbox, market } = this.#options
    const applied = state.apply(event)
    if (applied === null) return
    outbox.record(event)
    if (event.type === 'order.filled') {
      market.trade(event.symbol, event.price)
      this.#keepOneLeg(event, applied)
      this.#tellFill(event, applied)
      return
    }
    this.#tell(event, applied)
  }

  /** The owner of the leg first, then the other routes in their order. */
  #tellFill(fill: Filled, { order, change, trade }: Applied): void {
    const { symbol, leg } = fill
    const owner = this.#runnerOf(symbol, leg)
    const changed = change ?? 'reduced'
    owner?.handle({ type: 'fill', fill, order, change: changed, trade })
    if (owner !== undefined) this.#tellOthers(owner.context.name, { type: 'route', route: owner.context.name, symbol, leg, change: changed })
  }

  #tellOthers(route: string, event: StrategyEvent): void {
    const { runners } = this.#options
    if (runners.length > 1) for (const other of runners) if (other.context.name !== route) other.handle(event)
  }

  #close(closePositions: boolean): void {
    const { state, broker } = this.#options
    if (!closePositions) return
    for (const { symbol, leg, qty } of state.positions.positions()) {
      const runner = this.#runnerOf(symbol, leg)
      if (qty.isZero() || runner === undefined || runner.preventForcedClosure) continue
      broker.submit(runner.context.name, { symbol, leg, intent: 'close', type: 'market', qty, role: 'end-of-run', fit: 'exact' })
    }
  }

  /** Orders of the framework go out in the name of the route that owns the leg. */
  #want({ closes, cancels }: OrdersWanted): void {
    const { broker } = this.#options
    for (const { symbol, leg, trigger, ...close } of closes) {
      const runner = this.#runnerOf(symbol, leg)
      if (runner === undefined) continue
      broker.submit(runner.context.name, { symbol, leg, intent: 'close', type: trigger === undefined ? 'market' : 'stop-market', ...(trigger !== undefined && { trigger }), ...close, fit: 'exact' })
    }
    for (const orderId of cancels) broker.cancel(orderId)
  }

  #tell(event: Exclude<ExchangeEvent, Filled>, { order }: Applied): void {
    switch (event.type) {
      case 'funding.settled':
        this.#runnerOf(event.symbol, event.leg)?.handle({ type: 'account', event })
        break
      case 'account.posted':
      case 'account.liquidated':
        for (const runner of this.#options.runners) runner.handle({ type: 'account', event })
        break
      case 'margin.moved':
      case 'account.deleveraged':
        // The fill that follows tells it.
        break
      default:
        if (order === null) return
        this.#tellOwner(order.order.strategy, { type: 'order', event, order })
        if (event.type === 'order.canceled' && order.order.role === 'entry') this.#tellOthers(order.order.strategy, { type: 'route', route: order.order.strategy, symbol: event.symbol, leg: event.leg, change: 'canceled' })
    }
  }

  /** One-way mode: the fill that opens a leg cancels what rests to open the other. */
  #keepOneLeg(fill: Filled, { change }: Applied): void {
    const { positionMode, state, broker } = this.#options
    if (positionMode === 'hedge' || change !== 'opened') return
    for (const { order } of state.orders.liveOf(fill.symbol, oppositeLeg(fill.leg))) if (order.intent === 'open') broker.cancel(order.id)
  }

  /** Denials and messages are told after the hook that caused them has returned; what they cause is told in turn. */
  #tellAnswers(): void {
    const { outbox } = this.#options
    this.#tellDenials()
    let told = 0
    for (let message = outbox.nextMessage(); message !== undefined; message = outbox.nextMessage()) {
      if (++told > MESSAGES_OF_ONE_EVENT) throw new HedgerowError('STRATEGY_LOOPS', { where: `message ${message.name} of ${message.route}`, found: `more than ${MESSAGES_OF_ONE_EVENT} messages at one moment`, expected: 'hooks that come to rest' })
      this.#tellOthers(message.route, { type: 'message', ...message })
      this.#tellDenials()
    }
  }

  #tellDenials(): void {
    const { outbox, state } = this.#options
    for (let denial = outbox.nextDenial(); denial !== undefined; denial = outbox.nextDenial()) {
      this.#tellOwner(denial.strategy, { type: 'order', event: denial, order: state.orders.get(denial.order.id) })
    }
  }

  #tellOwner(strategy: string, event: StrategyEvent): void {
    for (const runner of this.#options.runners) if (runner.context.name === strategy) return runner.handle(event)
  }

  #runnerOf(symbol: string, leg: Leg): StrategyRunner | undefined {
    for (const runner of this.#options.runners) if (runner.owns(symbol, leg)) return runner
    return undefined
  }
}
