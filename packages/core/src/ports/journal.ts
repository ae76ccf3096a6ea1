/** The journal: the one truth of a session, in the order in which things happened. */
import type { JournalRecord } from '../domain/events.ts'

/** Takes records for good. In live mode an intent is durable here before it is on the wire. */
export interface Journal {
  append(records: readonly JournalRecord[]): Promise<void>
}
