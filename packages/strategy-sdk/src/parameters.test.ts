import { describe, expect, it } from 'vitest'
import { z } from '@hedgerow/core/zod'
import { Strategy } from './strategy.ts'

const params = z.object({
  fast: z.int().min(2).max(50).default(8),
  ratio: z.number().positive().max(1).default(0.5),
  mode: z.enum(['calm', 'wild']).default('calm'),
})

class Tuned extends Strategy<typeof params> {
  static params = params
}

class Remembering extends Strategy<typeof params, typeof Remembering.vars> {
  static params = params
  static vars = z.object({ entries: z.int().default(3) })
}

describe('parameters', () => {
  it('take their defaults and are frozen', () => {
    const { hp } = new Tuned({ fast: 5 })
    expect(hp).toEqual({ fast: 5, ratio: 0.5, mode: 'calm' })
    expect(Object.isFrozen(hp)).toBe(true)
  })

  it.each([
    [{ fast: 1 }, /\[strategy Tuned, parameter fast\] PARAMETER_INVALID.*Found: 1\. Expected: an integer from 2 to 50, default 8\./],
    [{ fast: 2.5 }, /parameter fast.*2\.5/],
    [{ ratio: 0 }, /parameter ratio.*Expected: a number above 0 to 1, default 0\.5/],
    [{ mode: 'mild' }, /parameter mode.*"mild".*one of "calm", "wild"/],
    [{ fsat: 5 }, /parameter fsat.*unknown.*fast, ratio, mode/],
  ])('%j is refused by name, value and range', (given, message) => {
    expect(() => new Tuned(given)).toThrow(message)
  })

  it('vars start from their defaults and may change', () => {
    const strategy = new Remembering()
    strategy.vars.entries += 1
    expect([strategy.vars.entries, new Remembering().vars.entries]).toEqual([4, 3])
  })

  it('a strategy without parameters takes none', () => {
    class Plain extends Strategy {}
    expect(new Plain().hp).toEqual({})
    expect(() => new Plain({ fast: 1 })).toThrow(/none: the strategy declares no parameters/)
  })
})
