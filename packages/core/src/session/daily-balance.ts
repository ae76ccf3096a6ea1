/** What an account was worth day after day, counted from its start: what the one-way predecessor computes its ratios from. */
import type { Decimal } from '../domain/decimal.ts'
import { DAY_MS, type TimeMs } from '../domain/time.ts'

/** Values at the start, every 1440 minutes from there, and at the end; each after everything that happened at that moment. */
export class DailyBalance {
  readonly values: Decimal[]
  readonly #valueAt: (at: TimeMs) => Decimal
  #next: TimeMs

  constructor(start: TimeMs, valueAt: (at: TimeMs) => Decimal) {
    this.#valueAt = valueAt
    this.#next = start + DAY_MS
    this.values = [valueAt(start)]
  }

  /** Something is about to happen at `at`: whatever lies before it is done. */
  advanceTo(at: TimeMs): void {
    for (; this.#next < at; this.#next += DAY_MS) this.values.push(this.#valueAt(this.#next))
  }

  /** The end of the run. */
  finish(at: TimeMs): void {
    this.advanceTo(at)
    this.values.push(this.#valueAt(at))
  }
}
