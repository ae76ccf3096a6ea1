/** Positions and money in memory, and nowhere else: what a backtest needs. */
import type { Decimal } from '../domain/decimal.ts'
import type { PostingKind } from '../domain/events.ts'
import type { PairOfPositions } from '../domain/position-pair.ts'
import type { Position } from '../domain/position.ts'
import type { LedgerEvent, PositionStore, Posting } from '../ports/position-store.ts'
import type { Ledger } from './ledger.ts'

/** The ledger as a position store: nothing to load, nothing to flush. */
export class InMemoryPositionStore implements PositionStore {
  readonly #ledger: Ledger

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  async load(): Promise<void> {}

  async flush(): Promise<void> {}

  apply(event: LedgerEvent): Posting | null {
    return this.#ledger.apply(event)
  }

  get wallet(): Decimal {
    return this.#ledger.wallet
  }

  posted(kind: PostingKind): Decimal {
    return this.#ledger.posted(kind)
  }

  pair(symbol: string): PairOfPositions {
    return this.#ledger.pair(symbol)
  }

  positions(): readonly Position[] {
    return this.#ledger.positions()
  }
}
