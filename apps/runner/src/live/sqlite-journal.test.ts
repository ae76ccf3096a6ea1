import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { SqliteJournal } from './sqlite-journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'hedgerow-journal-'))
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

it('what was traded on paper is never taken for what is held, nor the other way round', async () => {
  const path = join(folder, 'journal.sqlite')
  const first = new SqliteJournal(path)
  first.claim('live')
  await first.close()
  const second = new SqliteJournal(path)
  expect(() => { second.claim('paper') }).toThrow(/JOURNAL_FOREIGN.*the journal of a live session/s)
  second.claim('live')
  await second.close()
})
