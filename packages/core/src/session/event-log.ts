/** The records of a run, in order. Texts are made only when somebody asks. */
import type { JournalEvent } from '../domain/events.ts'
import { canonicalEvent } from './canonical.ts'

/** An append-only list of records. */
export class EventLog {
  readonly #events: JournalEvent[] = []

  append(records: readonly JournalEvent[]): void {
    for (const record of records) this.#events.push(record)
  }

  get length(): number {
    return this.#events.length
  }

  /** All records so far, oldest first. */
  get events(): readonly JournalEvent[] {
    return this.#events
  }

  /** One line of canonical JSON a record, without line ends. */
  *lines(): Generator<string> {
    for (const event of this.#events) yield canonicalEvent(event)
  }
}
