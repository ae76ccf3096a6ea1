/** What switches trading off by itself (SIMULATION 7.6). A flatten only where it is written out: a network fault never closes a hedge. */
import { decimalText, maxDecimal, type Decimal } from '../domain/decimal.ts'
import { MINUTE_MS, type TimeMs } from '../domain/time.ts'
import { meaningOf, type CodeMeaning } from '../driver/manifest.ts'
import type { CommandRefused } from '../ports/venue-report.ts'
import type { LiveEngine } from './live-engine.ts'

/** Refusals that are no sign of trouble: what was asked for is so already, or the order was over when its cancellation arrived. A leg that goes flat brings many of them. */
const HARMLESS: ReadonlySet<CodeMeaning | null> = new Set<CodeMeaning | null>(['already-so', 'order-not-found', 'duplicate-client-id'])

/** The triggers of one engine. */
export class RiskTriggers {
  readonly #engine: LiveEngine
  #refusals: TimeMs[] = []
  #lastRefusal = ''
  #highest: Decimal | null = null

  constructor(engine: LiveEngine) {
    this.#engine = engine
  }

  /** The venue refused a command. */
  refused(report: CommandRefused, at: TimeMs): void {
    if (HARMLESS.has(meaningOf(this.#engine.options.manifest, report))) return
    this.#lastRefusal = `${report.command}: ${report.code} ${report.message}`
    this.#refusals = [...this.#refusals.filter((time) => time > at - MINUTE_MS), at]
  }

  /** Checks all; raises the kill switch where one fires. */
  async check(): Promise<void> {
    const { session, config: { limits, triggers } } = this.#engine.options
    const equity = session.equity()
    const highest = this.#highest === null ? equity : maxDecimal(this.#highest, equity)
    this.#highest = highest
    const loss = session.dailyLoss()
    if (limits.dailyLoss !== null && loss.gte(limits.dailyLoss)) await this.#raise(triggers.onDailyLoss, `lost ${decimalText(loss.toDecimalPlaces(2))} since midnight UTC, limits.dailyLoss is ${decimalText(limits.dailyLoss)}`)
    if (triggers.drawdown !== null && highest.gt(0) && highest.minus(equity).div(highest).gte(triggers.drawdown)) await this.#raise('cancel', `equity ${decimalText(equity.toDecimalPlaces(2))} after ${decimalText(highest.toDecimalPlaces(2))}`)
    await this.#checkVenue(equity)
    if (triggers.rejectsPerMinute !== null && this.#refusals.length > triggers.rejectsPerMinute) await this.#raise('pause', `${this.#refusals.length} refusals of the venue within a minute, the last of ${this.#lastRefusal}`)
  }

  async #checkVenue(equity: Decimal): Promise<void> {
    const { config: { triggers }, state } = this.#engine.options
    const { wallet, supervisor } = this.#engine
    const isOpen = state.positions.positions().some(({ qty }) => !qty.isZero())
    if (!isOpen) return
    if (triggers.silentMs !== null) {
      for (const stream of ['account', 'market'] as const) {
        const silence = supervisor.silenceOf(stream)
        if (silence !== null && silence > triggers.silentMs) await this.#raise('pause', `the ${stream} stream is silent for ${Math.round(silence / 1000)} s with open legs`)
      }
    }
    const { equity: theirs = null, maintenanceMargin = null } = wallet ?? {}
    if (theirs === null || theirs.lte(0)) return
    if (triggers.marginRate !== null && maintenanceMargin !== null && maintenanceMargin.div(theirs).gte(triggers.marginRate)) await this.#raise('pause', `maintenance margin is ${decimalText(maintenanceMargin.div(theirs).times('100').toDecimalPlaces(1))} % of the margin balance`)
    if (triggers.equityDeviation !== null && theirs.minus(equity).abs().div(theirs).gt(triggers.equityDeviation)) await this.#raise('pause', `equity ${decimalText(equity.toDecimalPlaces(2))} here, ${decimalText(theirs.toDecimalPlaces(2))} at the venue`)
  }

  async #raise(level: 'pause' | 'cancel' | 'flatten', reason: string): Promise<void> {
    await this.#engine.supervisor.raise(level, reason)
  }
}
