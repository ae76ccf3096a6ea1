/**
 * Loaded into `hedgerow live` before it starts: kills the process with SIGKILL when its journal takes an entry that tells a named thing.
 * `HEDGEROW_TEST_DIE_AT` is `before order.filled`, `after order.submitted:l2` (of an entry that names l2) or `after order.filled 2` (the second such entry); nothing of
 * the program knows of it.
 */
import { encodeEntry, type JournalEntry } from '@hedgerow/core'
import { SqliteJournal } from '../../apps/runner/src/live/sqlite-journal.ts'

const [when = '', what = '', count = '1'] = (process.env['HEDGEROW_TEST_DIE_AT'] ?? '').split(' ')
const [type, named] = what.split(':')
let left = Number(count)

function tells(entry: JournalEntry): boolean {
  if (entry.input.type !== type && !entry.records.some((record) => record.type === type)) return false
  return named === undefined || encodeEntry(entry).includes(`"${named}"`)
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

if (what !== '') {
  const append: SqliteJournal['append'] = Reflect.get(SqliteJournal.prototype, 'append')
  SqliteJournal.prototype.append = async function (entries) {
    left -= entries.filter(tells).length
    if (left <= 0 && when === 'before') die()
    await append.call(this, entries)
    if (left <= 0) die()
  }
}
