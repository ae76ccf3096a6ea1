/** Crash point 19: the journal of a process that is killed while it writes, again and again. What was said to be durable is there, and its chain holds. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { SqliteJournal } from '../../apps/runner/src/live/sqlite-journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'hedgerow-journal-'))
const file = join(folder, 'journal.sqlite')
const ROUNDS = 6
/** Two of a round's writes come to this many bytes of log at least: more than is kept before it is folded into the file. */
const ENTRIES = 700

afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

/** Writes until so many more entries are durable, then kills the writer in the middle of what it does; the last entry that it said was durable. */
async function writeAndKill(entries: number): Promise<number> {
  const writer = spawn(process.execPath, ['--conditions=@hedgerow/source', join(import.meta.dirname, 'journal-writer.ts'), file], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  let lines = 0
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    lines += text.split('\n').length - 1
    if (lines >= entries) writer.kill('SIGKILL')
  })
  await new Promise((resolve) => { writer.on('close', resolve) })
  expect(writer.signalCode).toBe('SIGKILL')
  return Number(said.trimEnd().split('\n').at(-1))
}

async function sequences(): Promise<number[]> {
  const journal = new SqliteJournal(file)
  const found: number[] = []
  for await (const { sequence } of journal.entries()) found.push(sequence)
  await journal.close()
  return found
}

it.runIf(process.env['HEDGEROW_TESTS'] === 'all')('19: killed while it writes and while its log is folded into the file, the journal keeps what was durable, in one chain', async () => {
  for (let round = 1; round <= ROUNDS; round++) {
    const last = await writeAndKill(Math.round((ENTRIES * round) / ROUNDS))
    const found = await sequences()
    expect(found).toEqual(Array.from({ length: found.length }, (_each, index) => index + 1))
    expect([found.length - last === 0, found.length - last === 1]).toContain(true)
  }
}, 120_000)
