/** Positions and money as rows of an SQLite file, for other programs to read: a mirror of the fold, behind by a moment at most. The journal is the truth. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { decimalText, type Decimal, type LedgerEvent, type PairOfPositions, type Position, type PositionStore, type Posting, type PostingKind } from '@hedgerow/core'

const SCHEMA = `
create table if not exists positions (
  symbol text not null, leg text not null check (leg in ('long', 'short')), qty text not null, cost text not null, realised text not null, fees text not null, funding text not null,
  isolated_margin text, opened_at integer, primary key (symbol, leg)
) strict;
create table if not exists account (key text primary key, value text not null) strict;
`

/** A store whose reads come from memory. */
export class SqlitePositionStore implements PositionStore {
  readonly #memory: PositionStore
  readonly #database: DatabaseSync
  readonly #upsert: StatementSync
  readonly #setWallet: StatementSync
  readonly #dirty = new Map<string, Position>()
  #timer: NodeJS.Immediate | null = null

  constructor(path: string, memory: PositionStore) {
    this.#memory = memory
    this.#database = new DatabaseSync(path)
    this.#database.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000; ${SCHEMA}`)
    this.#upsert = this.#database.prepare(`insert into positions values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (symbol, leg) do update set
      qty = excluded.qty, cost = excluded.cost, realised = excluded.realised, fees = excluded.fees, funding = excluded.funding, isolated_margin = excluded.isolated_margin, opened_at = excluded.opened_at`)
    this.#setWallet = this.#database.prepare("insert into account values ('wallet', ?) on conflict (key) do update set value = excluded.value")
  }

  /** Empties the mirror: the journal fills it again. */
  async load(): Promise<void> {
    this.#database.exec('delete from positions; delete from account;')
  }

  apply(event: LedgerEvent): Posting | null {
    const posting = this.#memory.apply(event)
    if (posting === null) return null
    if (posting.after !== null) this.#dirty.set(`${posting.after.symbol} ${posting.after.leg}`, posting.after)
    this.#timer ??= setImmediate(() => { this.#write() })
    return posting
  }

  get wallet(): Decimal {
    return this.#memory.wallet
  }

  posted(kind: PostingKind): Decimal {
    return this.#memory.posted(kind)
  }

  pair(symbol: string): PairOfPositions {
    return this.#memory.pair(symbol)
  }

  positions(): readonly Position[] {
    return this.#memory.positions()
  }

  async flush(): Promise<void> {
    this.#write()
  }

  close(): void {
    this.#write()
    this.#database.close()
  }

  #write(): void {
    if (this.#timer !== null) clearImmediate(this.#timer)
    this.#timer = null
    if (!this.#database.isOpen) return
    this.#database.exec('begin')
    for (const { symbol, leg, qty, cost, realised, fees, funding, isolatedMargin, openedAt } of this.#dirty.values()) {
      this.#upsert.run(symbol, leg, decimalText(qty), decimalText(cost), decimalText(realised), decimalText(fees), decimalText(funding), isolatedMargin === null ? null : decimalText(isolatedMargin), openedAt)
    }
    this.#setWallet.run(decimalText(this.wallet))
    this.#database.exec('commit')
    this.#dirty.clear()
  }
}
