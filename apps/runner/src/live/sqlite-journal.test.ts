import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decimal, type JournalEntry } from '@hedgerow/core'
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

it('the newest start is found, also where other entries speak of one', async () => {
  const journal = new SqliteJournal(join(folder, 'starts.sqlite'))
  expect(await journal.lastStart()).toBeNull()
  const start = (sequence: number): JournalEntry => ({
    sequence, seenAt: sequence, records: [],
    input: { type: 'session.started', at: sequence, run: journal.run, fingerprint: 'f', venue: 'bybit', positionMode: 'hedge', marginMode: 'cross', wallet: decimal('100') },
  })
  const note: JournalEntry = { sequence: 3, seenAt: 3, input: { type: 'candles.closed', at: 60_000, candles: [] }, records: [{ type: 'vars.changed', at: 3, strategy: 's', vars: { note: { type: 'session.started' } } }] }
  await journal.append([start(1), start(2), note])
  expect(await journal.lastStart()).toEqual(start(2))
  await journal.close()
})
