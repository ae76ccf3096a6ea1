/** What a workload is. */
import type { Goal, Outcome } from './outcome.ts'

/** Something that is measured in a process of its own. */
export interface Workload {
  readonly name: string
  /** One line for people. */
  readonly what: string
  /** Years of candles, and how many markets of them; none where it takes other data. */
  readonly data: { readonly years: readonly number[]; readonly symbols: number }
  readonly goal: Goal | null
  /** Why it cannot run here; null where it can. */
  readonly absent?: () => string | null
  /** Measures; the candles are in the folder. Runs in the child. */
  readonly measure: (folder: string) => Promise<Outcome>
}

/** The name of a symbol by its number. */
export function symbolName(symbol: number): string {
  return `BENCH${symbol}USDT`
}
