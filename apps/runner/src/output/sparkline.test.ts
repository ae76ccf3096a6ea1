import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { magnitudeLine, sparkline, stretches } from './sparkline.ts'

const window = { start: 0, end: 100, count: 4, before: 0 } as const

describe('stretches of a step function', () => {
  it('shows the last value of a stretch, carried on through stretches without a step', () => {
    expect(stretches([{ at: 10, value: 5 }, { at: 20, value: 3 }, { at: 80, value: 9 }], { ...window, reading: 'last' })).toEqual([3, 3, 3, 9])
  })

  it('shows the largest value of a stretch: a position that came and went is seen', () => {
    expect(stretches([{ at: 30, value: 7 }, { at: 40, value: 0 }], { ...window, reading: 'largest' })).toEqual([0, 7, 0, 0])
  })

  it('a step at the end of a stretch belongs to it', () => {
    expect(stretches([{ at: 25, value: 1 }], { ...window, reading: 'last' })).toEqual([1, 1, 1, 1])
  })

  it('nothing of the steps is lost', () => {
    fc.assert(fc.property(fc.array(fc.record({ at: fc.integer({ min: 0, max: 100 }), value: fc.integer({ min: 0, max: 9 }) })), (unsorted) => {
      const steps = unsorted.toSorted((a, b) => a.at - b.at)
      const largest = stretches(steps, { ...window, reading: 'largest' })
      expect(Math.max(...largest)).toBe(Math.max(0, ...steps.map(({ value }) => value)))
      expect(stretches(steps, { ...window, reading: 'last' }).at(-1)).toBe(steps.at(-1)?.value ?? 0)
    }))
  })
})

describe('lines', () => {
  it.each([
    [[1, 2, 3, 4, 5, 6, 7, 8], '▁▂▃▄▅▆▇█'],
    [[5, 5, 5], '▁▁▁'],
    [[-1, 1], '▁█'],
  ])('%j is %s', (values, drawn) => expect(sparkline(values)).toBe(drawn))

  it.each([
    [[0, 1, 8, 0], '·▂█·'],
    [[0, 0], '··'],
  ])('magnitudes %j are %s', (values, drawn) => expect(magnitudeLine(values)).toBe(drawn))
})
