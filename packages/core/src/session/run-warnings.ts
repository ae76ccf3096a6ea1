/** What the reader of a result has to know of a strategy: one row a kind, however often it happened. */

/** Something worth a warning that strategies did. */
export interface StrategyWarning {
  readonly code: string
  readonly strategy: string
  /** The first time, in words. */
  readonly text: string
  readonly count: number
}

/** Collects the warnings of a run. */
export class RunWarnings {
  readonly #rows = new Map<string, StrategyWarning>()

  /** Counts a warning; true the first time. */
  add({ code, strategy, text }: Omit<StrategyWarning, 'count'>): boolean {
    const key = `${code} ${strategy}`
    const known = this.#rows.get(key)
    this.#rows.set(key, known === undefined ? { code, strategy, text, count: 1 } : { ...known, count: known.count + 1 })
    return known === undefined
  }

  /** In the order of their first time. */
  list(): readonly StrategyWarning[] {
    return [...this.#rows.values()]
  }
}
