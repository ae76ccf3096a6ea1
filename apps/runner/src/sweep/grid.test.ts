import { Strategy } from '@hedgerow/strategy-sdk'
import { describe, expect, it } from 'vitest'
import { z } from '@hedgerow/strategy-sdk'
import { parameterGrid } from './grid.ts'
import { readAxes } from './read-axes.ts'

class Tuned extends Strategy {
  static params = z.object({
    fast: z.int().min(2).max(50).default(8).meta({ step: 16 }),
    size: z.number().min(0.1).max(0.5).default(0.1).meta({ step: 0.2 }),
    free: z.number().default(1),
    side: z.enum(['long', 'short']).default('long'),
    on: z.boolean().default(true),
  })
}

class Other extends Strategy {
  static params = z.object({ depth: z.int().min(1).max(3).default(1) })
}

describe('a grid', () => {
  it('has every combination, the last parameter changing fastest', () => {
    expect(parameterGrid({ a: [1, 2], b: { min: 5, max: 9, step: 2 } })).toEqual([{ a: 1, b: 5 }, { a: 1, b: 7 }, { a: 1, b: 9 }, { a: 2, b: 5 }, { a: 2, b: 7 }, { a: 2, b: 9 }])
  })

  it('steps in decimals, and not beyond the end', () => {
    expect(parameterGrid({ a: { min: 0.1, max: 0.75, step: 0.1 } }).map(({ a }) => a)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    expect(parameterGrid({ a: { min: -1, max: 1, step: 1e-1 } })).toHaveLength(21)
  })

  it.each([
    [{}, /GRID_INVALID.*Found: no parameter\./],
    [{ a: [] }, /GRID_INVALID.*Found: no value of a\./],
    [{ a: [1], b: { min: 3, max: 2, step: 1 } }, /GRID_INVALID.*Found: no value of b\./],
    [{ b: { min: 1, max: 2, step: 0 } }, /GRID_INVALID.*Found: 1 to 2 by 0\. Expected: .*above zero/],
    [{ b: { min: 1, max: Infinity, step: 1 } }, /GRID_INVALID.*Infinity/],
    [{ a: { min: 1, max: 1e9, step: 1 }, b: [1, 2] }, /GRID_INVALID.*Found: 2,000,000,000 sets: a 1,000,000,000 x b 2\. Expected: at most 10,000\..*larger steps/],
  ])('%j is refused', (axes, message) => {
    expect(() => parameterGrid(axes)).toThrow(message)
  })

  it('may be as large as it is allowed to be', () => {
    expect(parameterGrid({ a: { min: 1, max: 3, step: 1 } }, { most: 3 })).toHaveLength(3)
    expect(() => parameterGrid({ a: { min: 1, max: 4, step: 1 } }, { most: 3 })).toThrow(/Found: 4 sets.*at most 3/)
  })
})

describe('axes on the command line', () => {
  it.each([
    ['fast=5:20:5', { min: 5, max: 20, step: 5 }],
    ['fast=5:37', { min: 5, max: 37, step: 16 }],
    ['fast', { min: 2, max: 50, step: 16 }],
    ['fast=5,8', [5, 8]],
    ['fast=8', [8]],
    ['side', ['long', 'short']],
    ['side=short', ['short']],
    ['on', [false, true]],
    ['free=-1:1:0.5', { min: -1, max: 1, step: 0.5 }],
  ])('%s', (text, axis) => {
    expect(Object.values(readAxes([Tuned], [text]))).toEqual([axis])
  })

  it('without any, are those that declare a range and a step', () => {
    expect(readAxes([Tuned], [])).toEqual({ fast: { min: 2, max: 50, step: 16 }, size: { min: 0.1, max: 0.5, step: 0.2 } })
  })

  it('may be of any strategy of the run', () => {
    expect(readAxes([Tuned, Other], ['depth=1:3', 'fast=8'])).toEqual({ depth: { min: 1, max: 3, step: 1 }, fast: [8] })
  })

  it.each([
    ['fats=3', /--param fats\] PARAMETER_INVALID.*Expected: one of .*fast/],
    ['=3', /--param =3\] PARAMETER_INVALID/],
    ['fast=1:20', /--param fast\] PARAMETER_INVALID.*Found: 1\. Expected: an integer from 2 to 50/],
    ['fast=5,x', /--param fast\] PARAMETER_INVALID.*Found: "x"/],
    ['side=up', /--param side\] PARAMETER_INVALID.*Found: "up"\. Expected: one of/],
    ['free', /--param free\] GRID_INVALID.*Name them: --param free=/],
    ['free=1:2', /--param free\] GRID_INVALID.*Found: 1:2\. Expected: a step/],
  ])('%s is refused', (text, message) => {
    expect(() => readAxes([Tuned], [text])).toThrow(message)
  })

  it('need something to vary', () => {
    expect(() => readAxes([class Plain extends Strategy {}], [])).toThrow(/GRID_INVALID.*a strategy without parameters.*Declare parameters/)
    expect(() => readAxes([Other], [])).toThrow(/GRID_INVALID.*Name values: --param depth=5:20:5/)
    expect(() => parameterGrid(readAxes([Tuned], ['fast=9:8']))).toThrow(/no value of fast/)
    expect(() => parameterGrid(readAxes([Tuned], ['fast=']))).toThrow(/no value of fast/)
  })
})
