/** Runs one strategy: calls its hooks, and says where it was when it throws. */
import type { Leg } from '../domain/leg.ts'
import { timeText } from '../domain/time.ts'
import { HedgerowError, isHedgerowError } from '../errors.ts'
import type { Chart, WatchRow } from '../ports/chart.ts'
import type { Strategy, StrategyEvent, Timer } from '../ports/strategy.ts'
import type { RouteContext } from './route-context.ts'

/** A strategy on its route. */
export class StrategyRunner {
  readonly context: RouteContext
  readonly #strategy: Strategy

  constructor(strategy: Strategy, context: RouteContext) {
    this.#strategy = strategy
    this.context = context
  }

  get preventForcedClosure(): boolean {
    return this.#strategy.preventForcedClosure
  }

  get timers(): readonly Timer[] {
    return this.#strategy.timers ?? []
  }

  get charts(): readonly Chart[] {
    return this.#strategy.charts ?? []
  }

  watchList(): readonly WatchRow[] {
    try {
      return this.#strategy.watchList?.() ?? []
    } catch (error) {
      throw this.#located('watchList', error)
    }
  }

  /** True when the route owns this leg of this symbol. */
  owns(symbol: string, leg: Leg): boolean {
    return this.context.symbols.includes(symbol) && this.context.legs.includes(leg)
  }

  start(): void {
    this.#guard('start', () => this.#strategy.start(this.context))
  }

  bar(step: 'manage' | 'enter'): void {
    try {
      this.#strategy.bar(step)
    } catch (error) {
      throw this.#located(`bar (${step})`, error)
    }
  }

  handle(event: StrategyEvent): void {
    try {
      this.#strategy.handle(event)
    } catch (error) {
      throw this.#located(placeOf(event), error)
    }
  }

  end(step: 'before' | 'after'): void {
    this.#guard(`end (${step})`, () => this.#strategy.end(step))
  }

  #guard(hook: string, call: () => void): void {
    try {
      call()
    } catch (error) {
      throw this.#located(hook, error)
    }
  }

  /** Our own errors that say where they happened pass as they are. */
  #located(hook: string, error: unknown): unknown {
    if (isHedgerowError(error) && error.details.where !== undefined) return error
    const { name, symbols, timeframe } = this.context
    const where = `${name}, ${symbols.join('+')} ${timeframe}, bar ${this.context.index()} at ${timeText(this.context.now())}, ${hook}`
    if (isHedgerowError(error)) return new HedgerowError(error.code, { ...error.details, where, cause: error })
    return new HedgerowError('STRATEGY_THREW', { where, found: error instanceof Error ? `${error.name}: ${error.message}` : String(error), expected: 'hooks that return', cause: error })
  }
}

function placeOf(event: StrategyEvent): string {
  switch (event.type) {
    case 'fill': return `fill ${event.fill.fillId}`
    case 'route': return `${event.leg} leg of ${event.route} ${event.change}`
    case 'message': return `message ${event.name} of ${event.route}`
    case 'timer': return `timer ${event.name}`
    default: return event.event.type
  }
}
