/** The journal in an SQLite file: write-ahead log, full synchronisation, a chain of checksums over all entries. */
import { hash, randomBytes } from 'node:crypto'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { decodeEntry, encodeEntry, HedgerowError, isStart, type Journal, type JournalEntry, type StartEntry } from '@hedgerow/core'

const SCHEMA = `
create table if not exists meta (key text primary key, value text not null) strict;
create table if not exists entries (sequence integer primary key, seen_at integer not null, entry text not null, checksum text not null) strict;
`

/** One journal file. */
export class SqliteJournal implements Journal {
  /** Made up when the file was: a part of every client order id. */
  readonly run: string
  readonly #path: string
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  #checksum: string

  /** Opens or makes the file. `readOnly` for a look while a session runs. @throws HedgerowError `JOURNAL_FAILED`, `JOURNAL_DAMAGED`. */
  constructor(path: string, { readOnly = false }: { readonly readOnly?: boolean } = {}) {
    this.#path = path
    this.#database = opened(path, readOnly)
    this.run = readOnly ? (metaOf(this.#database, 'run') ?? '') : runOf(this.#database)
    const last = this.#database.prepare('select checksum from entries order by sequence desc limit 1').get() as { checksum: string } | undefined
    this.#checksum = last?.checksum ?? ''
    this.#insert = this.#database.prepare('insert into entries (sequence, seen_at, entry, checksum) values (?, ?, ?, ?)')
  }

  /** Says what the journal is of, once and for all. @throws HedgerowError `JOURNAL_FOREIGN` when it is of something else. */
  claim(kind: 'live' | 'paper'): void {
    this.#database.prepare("insert into meta (key, value) values ('kind', ?) on conflict do nothing").run(kind)
    const found = metaOf(this.#database, 'kind')
    if (found !== kind) throw new HedgerowError('JOURNAL_FOREIGN', { where: this.#path, found: `the journal of a ${found ?? '?'} session`, expected: `one of a ${kind} session` })
  }

  async append(entries: readonly JournalEntry[]): Promise<void> {
    let checksum = this.#checksum
    try {
      this.#database.exec('begin immediate')
      for (const entry of entries) {
        const text = encodeEntry(entry)
        checksum = chained(checksum, text)
        this.#insert.run(entry.sequence, Math.round(entry.seenAt), text, checksum)
      }
      this.#database.exec('commit')
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('rollback')
      throw new HedgerowError('JOURNAL_FAILED', { where: this.#path, found: cause instanceof Error ? cause.message : String(cause), expected: 'a file that takes entries', cause })
    }
    this.#checksum = checksum
  }

  async *entries(): AsyncGenerator<JournalEntry> {
    let before = ''
    for (const row of this.#database.prepare('select sequence, entry, checksum from entries order by sequence').iterate()) {
      const { sequence, entry, checksum } = row as { sequence: number; entry: string; checksum: string }
      before = chained(before, entry)
      if (before !== checksum) throw new HedgerowError('JOURNAL_DAMAGED', { where: `${this.#path}, entry ${sequence}`, found: 'a text that does not fit its checksum', expected: 'the entry as it was written' })
      yield decodeEntry(entry)
    }
  }

  async lastStart(): Promise<StartEntry | null> {
    for (const row of this.#database.prepare('select entry from entries where instr(entry, ?) > 0 order by sequence desc').iterate('"type":"session.started"')) {
      const entry = decodeEntry((row as { entry: string }).entry)
      if (isStart(entry)) return entry
    }
    return null
  }

  /** Number of entries. */
  get length(): number {
    return (this.#database.prepare('select count(*) as count from entries').get() as { count: number }).count
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }
}

function opened(path: string, readOnly: boolean): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { readOnly })
    if (!readOnly) database.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 2000; ${SCHEMA}`)
    return database
  } catch (cause) {
    throw new HedgerowError('JOURNAL_FAILED', { where: path, found: cause instanceof Error ? cause.message : String(cause), expected: 'a journal file, or a place for one', cause })
  }
}

function runOf(database: DatabaseSync): string {
  database.prepare("insert into meta (key, value) values ('run', ?) on conflict do nothing").run(randomBytes(12).toString('hex'))
  return metaOf(database, 'run') ?? ''
}

function metaOf(database: DatabaseSync, key: string): string | null {
  const row = database.prepare('select value from meta where key = ?').get(key) as { value: string } | undefined
  return row?.value ?? null
}

function chained(before: string, text: string): string {
  return hash('sha256', before + text, 'base64url').slice(0, 22)
}
