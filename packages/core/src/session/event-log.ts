/** The records of a run: what happened, in order, and the last variables of each strategy. Texts are made only when somebody asks. */
import type { JournalEvent, JournalRecord, VarsChanged } from '../domain/events.ts'
import { canonicalEvent } from './canonical.ts'

/** An append-only list of records. */
export class EventLog {
  readonly #events: JournalEvent[] = []
  readonly #vars = new Map<string, VarsChanged>()

  append(records: readonly JournalRecord[]): void {
    for (const record of records) {
      if (record.type === 'vars.changed') this.#vars.set(record.strategy, record)
      else this.#events.push(record)
    }
  }

  get length(): number {
    return this.#events.length
  }

  /** The last variables of a strategy; null where it has changed none. */
  varsOf(strategy: string): VarsChanged['vars'] | null {
    return this.#vars.get(strategy)?.vars ?? null
  }

  /** Everything that happened so far, oldest first. */
  get events(): readonly JournalEvent[] {
    return this.#events
  }

  /** One line of canonical JSON for everything that happened, without line ends. */
  *lines(): Generator<string> {
    for (const event of this.#events) yield canonicalEvent(event)
  }
}
