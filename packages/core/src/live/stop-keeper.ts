/** Gives legs their stops back: what a strategy had protected and stands without its stop is protected again, whatever took the stop away. */
import { decimalText, ZERO, type Decimal } from '../domain/decimal.ts'
import type { Leg } from '../domain/leg.ts'
import type { TimeMs } from '../domain/time.ts'
import type { LiveEngine } from './live-engine.ts'
import { ProtectionWatch } from './protection.ts'

const REPLACE_ATTEMPTS = 3
/** Name of the halt of a symbol that could not be protected. */
const HALT = 'protection'

/** The stops of one engine. */
export class StopKeeper {
  readonly watch: ProtectionWatch
  readonly #engine: LiveEngine
  readonly #gapSince = new Map<string, { readonly since: TimeMs; tries: number }>()

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
    const keys = new Set(gaps.map(({ symbol, leg }) => `${symbol} ${leg}`))
    for (const key of this.#gapSince.keys()) if (!keys.has(key)) this.#gapSince.delete(key)
    await this.#lift(new Set(gaps.map(({ symbol }) => symbol)))
    for (const { symbol, leg, qty, close } of gaps) {
      const key = `${symbol} ${leg}`
      const gap = this.#gapSince.get(key) ?? { since: now, tries: 0 }
      this.#gapSince.set(key, gap)
      if (now - gap.since < graceMs * (gap.tries + 1) || (graceMs === 0 && this.#isOnItsWay(symbol, leg, qty))) continue
      if (++gap.tries > REPLACE_ATTEMPTS) {
        this.#engine.log('error', `UNPROTECTED: the ${leg} leg of ${symbol} has no stop for ${decimalText(qty)} and none could be placed`)
        await this.#halt(symbol, `the ${leg} leg has no stop`)
        continue
      }
      this.#engine.log('warn', `the ${leg} leg of ${symbol} lacks a stop for ${decimalText(qty)}: placed again`)
      await this.#engine.commit([{ type: 'orders.wanted', at: this.#engine.now(), why: 'a stop was missing', closes: [close], cancels: [] }])
    }
  }

  /** What was halted for want of a stop may open again once nothing of it is without. */
  async #lift(withGaps: ReadonlySet<string>): Promise<void> {
    const { config: { symbols }, gate } = this.#engine.options
    for (const symbol of symbols) if (gate.isHalted(symbol, HALT) && !withGaps.has(symbol)) await this.#halt(symbol, null)
  }

  async #halt(symbol: string, reason: string | null): Promise<void> {
    await this.#engine.commit([{ type: 'gate.changed', at: this.#engine.now(), change: { kind: 'halt', symbol, name: HALT, reason } }])
  }

  /** True when stops that are being amended will cover the rest. */
  #isOnItsWay(symbol: string, leg: Leg, qty: Decimal): boolean {
    const { tracked, options: { state } } = this.#engine
    const growth = state.orders.liveOf(symbol, leg).map(({ order }) => (order.role === 'stop-loss' ? tracked.get(order.id)?.amending?.qty?.minus(order.qty) : undefined) ?? ZERO)
    return growth.reduce((sum, each) => sum.plus(each), ZERO).gte(qty)
  }
}
