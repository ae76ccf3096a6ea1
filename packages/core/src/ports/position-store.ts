/** Where positions and money are read. Reads come from an in-memory fold; a database may mirror it; the journal is the truth. */
import type { Decimal } from '../domain/decimal.ts'
import type { AccountPosted, Filled, FundingSettled, MarginMoved, PostingKind } from '../domain/events.ts'
import type { PairOfPositions } from '../domain/position-pair.ts'
import type { Position } from '../domain/position.ts'

/** What moves money. */
export type LedgerEvent = Filled | FundingSettled | AccountPosted | MarginMoved

/** What an event did. */
export interface Posting {
  /** Wallet after the event. */
  readonly wallet: Decimal
  /** Change of the wallet, signed. */
  readonly change: Decimal
  /** The leg before and after; null when the event concerns no leg. */
  readonly before: Position | null
  readonly after: Position | null
  /** Gross profit of a closing fill, rounded as booked; zero otherwise. */
  readonly realised: Decimal
  /** Fee of a fill, positive when paid. */
  readonly fee: Decimal
}

/** Wallet and pairs of positions. A pair always exists: a symbol that was never traded has two flat legs. */
export interface PositionStore {
  /** Reads what an earlier session left. */
  load(): Promise<void>
  /** Folds one event. Null for a fill that was folded before: nothing changes. */
  apply(event: LedgerEvent): Posting | null
  /** Quote units: deposits plus everything booked. */
  readonly wallet: Decimal
  /** Sum of postings of a kind, signed; `deposit` includes the starting wallet. */
  posted(kind: PostingKind): Decimal
  /** Both legs of a symbol: a value, and another one once a leg has changed. */
  pair(symbol: string): PairOfPositions
  /** Legs that ever traded, in the order of their first event. */
  positions(): readonly Position[]
  /** Resolves when everything applied so far is durable. */
  flush(): Promise<void>
}
