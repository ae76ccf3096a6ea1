/** The journal: the one truth of a live session, in the order in which things happened. */
import type { JournalRecord } from '../domain/events.ts'
import type { LiveInput, SessionStarted } from '../domain/live-input.ts'
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

/** The entry of a session's start. */
export interface StartEntry extends JournalEntry {
  readonly input: SessionStarted
}

/** True for the start of a session. */
export function isStart(entry: JournalEntry): entry is StartEntry {
  return entry.input.type === 'session.started'
}

/** Keeps entries for good. An order is durable here before it is on the wire. */
export interface Journal {
  /** Resolves when all entries are durable, all or none. Throws `JOURNAL_FAILED` when they are not. */
  append(entries: readonly JournalEntry[]): Promise<void>
  /** All entries, oldest first. Throws `JOURNAL_DAMAGED` for one that is not as it was written. */
  entries(): AsyncIterable<JournalEntry>
  /** The newest start of a session, found without reading all that came before and after it; null in a new journal. */
  lastStart(): Promise<StartEntry | null>
  close(): Promise<void>
}
