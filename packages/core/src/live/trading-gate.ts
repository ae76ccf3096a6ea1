/** Whether anything may open: the kill switch, holds of everything and halts of single symbols. A fold of journalled changes. */
import type { GateChange, KillLevel } from '../domain/live-input.ts'

/** Levels in rising order: each includes those before it. */
export const KILL_LEVELS: readonly KillLevel[] = ['running', 'pause', 'cancel', 'flatten']

/** Why something is closed. */
export interface Closed {
  readonly name: string
  readonly reason: string
}

/** The gate as it stands. */
export class TradingGate {
  #level: KillLevel = 'running'
  #cause: Closed | null = null
  readonly #holds = new Map<string, string>()
  readonly #halts = new Map<string, Map<string, string>>()

  get level(): KillLevel {
    return this.#level
  }

  /** Who set the kill switch and why; null while it is off. */
  get cause(): Closed | null {
    return this.#cause
  }

  get holds(): readonly Closed[] {
    return listOf(this.#holds)
  }

  /** Halts of a symbol. */
  haltsOf(symbol: string): readonly Closed[] {
    return listOf(this.#halts.get(symbol) ?? NOTHING)
  }

  /** Symbols with a halt. */
  get haltedSymbols(): readonly string[] {
    return [...this.#halts.keys()].filter((symbol) => this.haltsOf(symbol).length > 0)
  }

  isHeld(name: string): boolean {
    return this.#holds.has(name)
  }

  isHalted(symbol: string, name: string): boolean {
    return this.#halts.get(symbol)?.has(name) === true
  }

  /** True when nothing keeps openers of a symbol back. */
  isOpenFor(symbol: string): boolean {
    return this.#level === 'running' && this.#holds.size === 0 && (this.#halts.get(symbol)?.size ?? 0) === 0
  }

  /** True when the level is at least this one. */
  isAt(level: KillLevel): boolean {
    return KILL_LEVELS.indexOf(this.#level) >= KILL_LEVELS.indexOf(level)
  }

  /** Folds one change. */
  apply(change: GateChange): void {
    switch (change.kind) {
      case 'kill':
        this.#level = change.level
        this.#cause = change.level === 'running' ? null : { name: change.by, reason: change.reason }
        break
      case 'hold':
        put(this.#holds, change.name, change.reason)
        break
      case 'halt': {
        const halts = this.#halts.get(change.symbol) ?? new Map<string, string>()
        this.#halts.set(change.symbol, halts)
        put(halts, change.name, change.reason)
      }
    }
  }
}

const NOTHING: ReadonlyMap<string, string> = new Map()

function put(map: Map<string, string>, name: string, reason: string | null): void {
  if (reason === null) map.delete(name)
  else map.set(name, reason)
}

function listOf(map: ReadonlyMap<string, string>): Closed[] {
  return [...map].map(([name, reason]) => ({ name, reason }))
}
