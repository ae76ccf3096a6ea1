/** Every case of the shared oracle, over the real code. The command for other files is `npm run oracle -- FILE`. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseCases } from '../tools/oracle/cases.ts'
import { ADAPTERS } from '../tools/oracle/ops.ts'
import { failLine, runCase } from '../tools/oracle/run.ts'
import { SHARED_CASES } from '../tools/oracle/shared.ts'

const file = existsSync(SHARED_CASES) ? parseCases(readFileSync(SHARED_CASES, 'utf8'), SHARED_CASES) : null
if (file === null) console.warn(`SKIPPED: no oracle case was run, because there is no ${SHARED_CASES} (set HEDGEROW_SHARED)`)

test.skipIf(file === null)('the shared oracle is there', () => {
  expect(file?.cases.length).toBeGreaterThan(0)
})

for (const oracleCase of file?.cases ?? []) {
  test.skipIf(!Object.hasOwn(ADAPTERS, oracleCase.op))(`${oracleCase.op} ${oracleCase.id}`, () => {
    const outcome = file === null ? null : runCase(oracleCase, file.context, ADAPTERS)

    expect(outcome?.status === 'failed' ? outcome.differences.map((difference) => failLine(outcome.id, difference)) : []).toEqual([])
    expect(outcome?.status).toBe('passed')
  })
}
