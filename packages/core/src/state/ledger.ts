/**
 * The fold of money: a wallet and, for each leg, what is held and what it earned (SIMULATION 1.1, 1.4, 1.6).
 * `apply` and reads; no setters. Both legs of a symbol are separate accounts: a fill touches exactly one.
 */
import type { Decimal } from '../domain/decimal.ts'
import type { AccountPosted, Filled, FundingSettled, MarginMoved, PostingKind } from '../domain/events.ts'
import type { Leg, Side } from '../domain/leg.ts'
import type { MoneyRule } from '../domain/money.ts'
import type { PairOfPositions } from '../domain/position-pair.ts'
import type { Position } from '../domain/position.ts'

/** What moves money. */
export type LedgerEvent = Filled | FundingSettled | AccountPosted | MarginMoved

/** How the margin of isolated legs follows their fills. */
export interface IsolatedMarginRule {
  readonly leverage: (symbol: string, leg: Leg) => Decimal
  readonly takerRate: Decimal
  /** True: the margin includes the fee of closing at the bankruptcy price. */
  readonly closeFeeReserve: boolean
}

/** How a ledger starts and books. */
export interface LedgerOptions {
  readonly wallet: Decimal
  readonly money: MoneyRule
  /** Null in cross margin. */
  readonly isolated?: IsolatedMarginRule | null
}

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

/** A venue's fill of a one-way position, which knows a side and no leg. */
export interface NetFill extends Omit<Filled, 'leg' | 'intent'> {
  readonly side: Side
}

/** Wallet and legs. */
export class Ledger {
  constructor(_options: LedgerOptions) { throw new Error('not written yet') }
  get wallet(): Decimal { throw new Error('not written yet') }
  /** Folds an event. Null when its fill id was folded before: nothing changes. Throws `INVARIANT_BROKEN` when a close exceeds its leg. */
  apply(_event: LedgerEvent): Posting | null { throw new Error('not written yet') }
  /** Folds a net fill: close of one leg, then open of the other, with one fill id and the fee posted once. */
  applyNetFill(_fill: NetFill): Posting | null { throw new Error('not written yet') }
  /** The leg; all zeros when it never traded. */
  position(_symbol: string, _leg: Leg): Position { throw new Error('not written yet') }
  pair(_symbol: string): PairOfPositions { throw new Error('not written yet') }
  /** Legs that ever traded, in order of their first event. */
  positions(): readonly Position[] { throw new Error('not written yet') }
  /** Sum of postings of a kind, signed; `deposit` includes the starting wallet. */
  posted(_kind: PostingKind): Decimal { throw new Error('not written yet') }
  /** A copy that shares nothing that changes: for dry runs. Cheap. */
  clone(): Ledger { throw new Error('not written yet') }
}
