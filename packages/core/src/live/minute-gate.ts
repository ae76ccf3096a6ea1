/**
 * Holds closed candles back until all symbols of a minute have come, so that no strategy sees one symbol's minute before another's. A symbol
 * that is late is not waited for without end.
 */
import type { CandlesClosed, ClosedCandle } from '../domain/live-input.ts'
import type { TimeMs } from '../domain/time.ts'
import type { CandleReport } from '../ports/venue-report.ts'

/** How long after the first candle of a minute the others are waited for. */
export const CANDLE_GRACE_MS = 2_500

interface OpenMinute {
  readonly candles: Map<string, ClosedCandle>
  /** Our time of its first candle. */
  readonly since: TimeMs
}

/** The minutes that are not complete. */
export class MinuteGate {
  readonly #symbols: readonly string[]
  readonly #open = new Map<TimeMs, OpenMinute>()
  /** Close of the last minute that was let through. */
  #passed: TimeMs

  constructor(symbols: readonly string[], passed: TimeMs = 0) {
    this.#symbols = symbols
    this.#passed = passed
  }

  /** Nothing up to this close is let through any more. */
  startAfter(at: TimeMs): void {
    this.#passed = Math.max(this.#passed, at)
    for (const close of this.#open.keys()) if (close <= this.#passed) this.#open.delete(close)
  }

  /** Takes a candle; answers with the minutes that are complete now, oldest first. A candle of a minute that has passed is dropped. */
  take({ at, symbol, candle }: CandleReport, { mark, now }: { readonly mark: number | null; readonly now: TimeMs }): readonly CandlesClosed[] {
    if (at <= this.#passed || !this.#symbols.includes(symbol)) return []
    const minute = this.#open.get(at) ?? { candles: new Map<string, ClosedCandle>(), since: now }
    this.#open.set(at, minute)
    minute.candles.set(symbol, { symbol, candle, mark })
    return minute.candles.size === this.#symbols.length ? this.#release(at) : []
  }

  /** Minutes whose late symbols are waited for no longer. */
  overdue(now: TimeMs): readonly CandlesClosed[] {
    const late = [...this.#open].filter(([, { since }]) => now >= since + CANDLE_GRACE_MS).map(([at]) => at)
    return late.length === 0 ? [] : this.#release(Math.max(...late))
  }

  #release(upTo: TimeMs): readonly CandlesClosed[] {
    const closes = [...this.#open.keys()].filter((at) => at <= upTo).sort((a, b) => a - b)
    this.#passed = upTo
    return closes.map((at): CandlesClosed => {
      const candles = this.#open.get(at)?.candles
      this.#open.delete(at)
      return { type: 'candles.closed', at, candles: this.#symbols.flatMap((symbol) => candles?.get(symbol) ?? []) }
    })
  }
}
