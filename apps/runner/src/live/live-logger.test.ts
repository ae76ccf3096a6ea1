import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { liveLogger, type LiveLog } from './live-logger.ts'

const folder = mkdtempSync(join(tmpdir(), 'hedgerow-log-'))
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })
afterEach(() => { vi.restoreAllMocks() })

/** A log, and the lines that it shows, without their times. */
function logTo(file: string | null, quiet = false): { readonly log: LiveLog; readonly shown: string[] } {
  const shown: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(String(text).slice(9)) > 0)
  return { log: liveLogger({ file, redact: (text) => text.replaceAll('s3cret', '[secret]'), paint: (_tone, text) => text, quiet }), shown }
}

const rowsOf = (file: string): readonly unknown[] => readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)

it('a line is one JSON object in the file and one line on the screen, secrets in neither', () => {
  const file = join(folder, 'state', 'log.jsonl')
  const { log, shown } = logTo(file)
  log.log('info', 'with "s3cret"')
  log.log('error', 'two\nlines')
  log.flush()
  expect(rowsOf(file)).toMatchObject([{ level: 'info', msg: 'with "[secret]"' }, { level: 'error', msg: 'two\nlines' }])
  expect(readFileSync(file, 'utf8')).toMatch(/^(\{"level":"\w+","time":"\d{4}-[^"]*Z","msg":.*\}\n){2}$/)
  expect(shown).toEqual(['info  with "[secret]"\n', 'error two\nlines\n'])
})

it.skipIf(process.platform === 'win32')('goes on where an earlier session ended, in a file of its owner', () => {
  const file = join(folder, 'again.jsonl')
  for (const text of ['one', 'two']) logTo(file).log.log('info', text)
  expect(rowsOf(file)).toMatchObject([{ msg: 'one' }, { msg: 'two' }])
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it('quiet shows what is worth a warning', () => {
  const { log, shown } = logTo(null, true)
  log.log('info', 'a')
  log.log('warn', 'b')
  expect(shown).toEqual(['warn  b\n'])
})

it.runIf(existsSync('/dev/full'))('a full disk ends the file, says so once, and throws nothing', () => {
  const { log, shown } = logTo('/dev/full')
  log.log('warn', 'first')
  log.log('warn', 'second')
  log.flush()
  expect(shown.map((line) => line.replace(/(ENOSPC).*/, '$1'))).toEqual(['error /dev/full is not written any more: ENOSPC\n', 'warn  first\n', 'warn  second\n'])
})
