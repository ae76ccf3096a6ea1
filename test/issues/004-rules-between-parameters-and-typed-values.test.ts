/** Found on 2026-11-28: `--param` failed as unexpected for a schema with a rule between its parameters, and its message was not shown. */
import { Strategy } from '@hedgerow/strategy-sdk'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { typedParameters } from '../../apps/runner/src/config/strategies.ts'

class Ruled extends Strategy {
  static params = z.object({ fast: z.int().default(8), slow: z.int().default(21), name: z.string().default('') })
    .refine(({ fast, slow }) => fast < slow, { path: ['fast'], error: 'a fast average that is shorter than the slow one' })
}

it('typed values are read one by one, whatever rules the whole has', () => {
  expect(typedParameters(Ruled, { fast: '30', name: '30' })).toEqual({ fast: 30, name: '30' })
})

it('a broken rule is told in its own words', () => {
  expect(() => new Ruled({ fast: 30 })).toThrow(/parameter fast\] PARAMETER_INVALID.*Found: 30\. Expected: a fast average that is shorter than the slow one\./)
})
