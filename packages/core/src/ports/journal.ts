/** The journal: the one truth of a live session, in the order in which things happened. */
import type { JournalRecord } from '../domain/events.ts'
import type { LiveInput } from '../domain/live-input.ts'
import type { TimeMs } from '../domain/time.ts'

/** One thing that the session was told, and what it decided upon it. */
export interface JournalEntry {
  /** From 1, without gaps. */
  readonly sequence: number
  /** Our time when it was handled. */
  readonly seenAt: TimeMs
  readonly input: LiveInput
  readonly records: readonly JournalRecord[]
}

/** Keeps entries for good. An order is durable here before it is on the wire. */
export interface Journal {
  /** Resolves when all entries are durable, all or none. Throws `JOURNAL_FAILED` when they are not. */
  append(entries: readonly JournalEntry[]): Promise<void>
  /** All entries, oldest first. Throws `JOURNAL_DAMAGED` for one that is not as it was written. */
  entries(): AsyncIterable<JournalEntry>
  close(): Promise<void>
}
