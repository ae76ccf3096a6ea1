import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'oracle-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, growth: string): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify({ schema_version: 1, cases: [{ id: name, op: 'cagr', input: { start: '1000', end: '1500', days: '100' }, expected: { cagr_4dp: growth } }] }))
  return path
}

function oracle(...args: readonly string[]): { readonly status: number | null; readonly lines: readonly string[]; readonly errors: string } {
  const run = spawnSync(process.execPath, ['--conditions=@hedgerow/source', resolve(import.meta.dirname, 'main.ts'), ...args], { encoding: 'utf8', env: { ...process.env, HEDGEROW_SHARED: folder } })
  return { status: run.status, lines: run.stdout.trimEnd().split('\n'), errors: run.stderr }
}

describe('the command', () => {
  test('runs several files, prints failures and ends with the counts of all', () => {
    const { status, lines } = oracle(write('good', '3.3927'), write('wrong', '3.3928'))

    expect(status).toBe(1)
    expect(lines[0]).toBe('FAIL wrong cagr_4dp expected 3.3928 actual 3.3927')
    expect(lines.at(-2)).toMatch(/^ops: \d+ covered, \d+ missing$/)
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped')
  })

  test('succeeds when nothing fails', () => {
    expect(oracle(write('good', '3.39270'))).toMatchObject({ status: 0, errors: '' })
  })

  test('says loudly that there is nothing to check', () => {
    const { status, lines, errors } = oracle()

    expect(status).toBe(0)
    expect(lines.at(-1)).toBe('0 passed, 0 failed, 0 skipped')
    expect(errors).toContain('NOTHING WAS CHECKED')
  })

  test('a named file has to be there and to be JSON', () => {
    const broken = join(folder, 'broken.json')
    writeFileSync(broken, '{ "cases": [')

    for (const [path, complaint] of [[join(folder, 'absent.json'), 'there is no file'], [broken, 'broken.json is not valid JSON']] as const) {
      const { status, errors } = oracle(path)
      expect(status).toBe(2)
      expect(errors).toContain(complaint)
    }
  })
})
