import { decimal } from '@hedgerow/core'
import { z } from 'zod'
import { describe, expect, test } from 'vitest'
import { parseCases } from './cases.ts'
import { amount, amountOr, op } from './op.ts'
import { ADAPTERS, OPS } from './ops.ts'
import { reportLines, runFile, type Adapters } from './run.ts'

const bankruptcy = op(z.object({ entry: amount, leverage: amountOr('1') }), ({ entry, leverage }) => ({ half: entry.div(leverage) }))
const adapters: Adapters = { bankruptcy }

function file(cases: readonly object[]): string {
  return JSON.stringify({ schema_version: 1, tiers: { flat: [['1000', '0.01', '0', '10']] }, cases })
}

function run(...cases: readonly object[]): readonly string[] {
  return reportLines(runFile(parseCases(file(cases), 'test.json'), adapters), adapters)
}

describe('a run', () => {
  test('counts what passed, failed and was skipped in its last line', () => {
    const lines = run(
      { id: 'A', op: 'bankruptcy', input: { entry: '10', leverage: '4' }, expected: { half: '2.50' } },
      { id: 'B', op: 'bankruptcy', input: { entry: '10' }, expected: { half: '3' } },
      { id: 'C', op: 'margin', input: {}, expected: { total_im: '1' } },
    )

    expect(lines).toEqual(['FAIL B half expected 3 actual 10', `ops: 1 covered, ${OPS.length - 1} missing`, '1 passed, 1 failed, 1 skipped'])
  })

  test('an op that the oracle does not list fails', () => {
    expect(run({ id: 'A', op: 'toString', input: {}, expected: { x: '1' } })[0]).toBe('FAIL A op expected an op of the oracle actual toString')
  })

  test('a wrong input fails its case and names the place', () => {
    const [line] = run({ id: 'A', op: 'bankruptcy', input: { entry: 'ten' }, expected: { half: '1' } })

    expect(line).toContain('FAIL A $ expected an answer actual')
    expect(line).toContain('found "ten"')
    expect(line).toContain('entry')
  })

  test('a number in the place of a text is refused', () => {
    expect(run({ id: 'A', op: 'bankruptcy', input: { entry: 10 }, expected: { half: '1' } })[0]).toContain('entry')
  })
})

describe('a file', () => {
  test('gives its tier tables by name', () => {
    const { context } = parseCases(file([{ id: 'A', op: 'margin', input: {}, expected: { x: '1' } }]), 'test.json')

    expect(context.tiers('flat').tiers[0].cap.eq(decimal('1000'))).toBe(true)
    expect(() => context.tiers('steep')).toThrow('no tier table "steep"; it has flat')
  })

  test.each([
    ['{ not json', 'test.json is not valid JSON'],
    ['[]', 'test.json is not a file of oracle cases'],
    [JSON.stringify({ schema_version: 2, cases: [] }), 'schema_version'],
    [file([]), 'cases'],
    [file([{ id: 'A', op: 'margin', input: {}, expected: {} }]), 'expects nothing'],
    [file([{ id: 'A', op: 'margin', input: {} }]), 'expected'],
  ])('%j is refused', (text, message) => {
    expect(() => parseCases(text, 'test.json')).toThrow(message)
  })
})

test('every adapter belongs to an op of the oracle', () => {
  expect(Object.keys(ADAPTERS).filter((name) => !OPS.includes(name))).toEqual([])
  expect(OPS).toHaveLength(27)
})
