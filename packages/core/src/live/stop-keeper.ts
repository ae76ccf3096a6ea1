/** Gives legs their stops back: what a strategy had protected and stands without its stop is protected again, whatever took the stop away. */
import { decimalText, ZERO, type Decimal } from '../domain/decimal.ts'
import type { Leg } from '../domain/leg.ts'
import type { Order } from '../domain/order.ts'
import type { TimeMs } from '../domain/time.ts'
import type { LiveEngine } from './live-engine.ts'
import { ProtectionWatch, type ProtectionGap } from './protection.ts'

/** Attempts one after the other; then the symbol is halted, and the stop is tried for from time to time. */
const REPLACE_ATTEMPTS = 3
const LATER_MS = 30_000
/** Name of the halt of a symbol that could not be protected. */
const HALT = 'protection'

/** A leg that has been without its stop since a moment. */
interface OpenGap {
  readonly since: TimeMs
  tries: number
  triedAt: TimeMs
}

/** The stops of one engine. */
export class StopKeeper {
  readonly watch: ProtectionWatch
  readonly #engine: LiveEngine
  readonly #open = new Map<string, OpenGap>()

  constructor(engine: LiveEngine) {
    this.#engine = engine
    this.watch = new ProtectionWatch(engine.options.state)
  }

  /** Legs without the stop that they should have. */
  get unprotected(): readonly string[] {
    return this.watch.gaps().map(({ symbol, leg, qty }) => `${symbol} ${leg} ${decimalText(qty)}`)
  }

  /** Places stops that a leg has lost, once they have been missing for a moment. At start there is no grace, but for those that are growing already. Only within a task of the engine. */
  async protect(graceMs: number = 0): Promise<void> {
    const now = this.#engine.options.timers.now()
    const gaps = this.watch.gaps()
    const waiting = this.#unanswered()
    const keys = new Set([...gaps, ...waiting].map(({ symbol, leg }) => `${symbol} ${leg}`))
    for (const key of this.#open.keys()) if (!keys.has(key)) this.#open.delete(key)
    await this.#lift(new Set([...gaps, ...waiting].map(({ symbol }) => symbol)))
    for (const gap of gaps) {
      const { symbol, leg, qty, close } = gap
      const open = this.#open.get(`${symbol} ${leg}`) ?? { since: now, tries: 0, triedAt: now }
      this.#open.set(`${symbol} ${leg}`, open)
      await this.#giveUp(gap, open, now - open.since >= graceMs * (open.tries + 1))
      const isDue = open.tries < REPLACE_ATTEMPTS ? now - open.since >= graceMs * (open.tries + 1) : now - open.triedAt >= LATER_MS
      if (!isDue || (graceMs === 0 && this.#isOnItsWay(symbol, leg, qty))) continue
      Object.assign(open, { tries: open.tries + 1, triedAt: now })
      this.#engine.log('warn', `the ${leg} leg of ${symbol} lacks a stop for ${decimalText(qty)}: placed again`)
      await this.#engine.commit([{ type: 'orders.wanted', at: this.#engine.now(), why: 'a stop was missing', closes: [close], cancels: [] }])
    }
  }

  /** Once the quick attempts are used up, the symbol opens nothing more; told once. */
  async #giveUp({ symbol, leg, qty }: ProtectionGap, { tries }: OpenGap, isOver: boolean): Promise<void> {
    if (tries < REPLACE_ATTEMPTS || !isOver || this.#engine.options.gate.isHalted(symbol, HALT)) return
    this.#engine.log('error', `UNPROTECTED: the ${leg} leg of ${symbol} has no stop for ${decimalText(qty)} and none could be placed; it is tried for every ${LATER_MS / 1000} s`)
    await this.#halt(symbol, `the ${leg} leg has no stop`)
  }

  /** What was halted for want of a stop may open again once nothing of it is without. */
  async #lift(withGaps: ReadonlySet<string>): Promise<void> {
    const { config: { symbols }, gate } = this.#engine.options
    for (const symbol of symbols) if (gate.isHalted(symbol, HALT) && !withGaps.has(symbol)) await this.#halt(symbol, null)
  }

  async #halt(symbol: string, reason: string | null): Promise<void> {
    await this.#engine.commit([{ type: 'gate.changed', at: this.#engine.now(), change: { kind: 'halt', symbol, name: HALT, reason } }])
  }

  /** Stops that the venue has not taken yet: they may be refused as those before them. */
  #unanswered(): Pick<Order, 'symbol' | 'leg'>[] {
    return [...this.#engine.options.state.orders.live()].flatMap(({ order, status }) => (order.intent === 'close' && order.role === 'stop-loss' && (status === 'pending' || status === 'unconfirmed') ? [order] : []))
  }

  /** True when stops that are being amended will cover the rest. */
  #isOnItsWay(symbol: string, leg: Leg, qty: Decimal): boolean {
    const { tracked, options: { state } } = this.#engine
    const growth = state.orders.liveOf(symbol, leg).map(({ order }) => (order.role === 'stop-loss' ? tracked.get(order.id)?.amending?.qty?.minus(order.qty) : undefined) ?? ZERO)
    return growth.reduce((sum, each) => sum.plus(each), ZERO).gte(qty)
  }
}
