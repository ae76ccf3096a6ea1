/** Fills a journal as fast as it can, and says which entries are durable: `node journal-writer.ts FILE`. Killed by its test. */
import type { JournalEntry } from '@hedgerow/core'
import { SqliteJournal } from '../../apps/runner/src/live/sqlite-journal.ts'

/** Long enough for the write-ahead log to be folded into the file every few hundred entries. */
const REASON = 'x'.repeat(8_000)

const journal = new SqliteJournal(process.argv[2] ?? '')
for (let sequence = journal.length + 1; ; sequence++) {
  const entry: JournalEntry = { sequence, seenAt: sequence, input: { type: 'gate.changed', at: sequence, change: { kind: 'hold', name: 'test', reason: REASON } }, records: [] }
  // oxlint-disable-next-line no-await-in-loop -- one entry after the other is what a journal takes
  await journal.append([entry])
  process.stdout.write(`${sequence}\n`)
}
