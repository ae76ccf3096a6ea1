/** Grids of parameters: every combination of the values of each. */
import { decimal, decimalOfCount, HedgerowError, type Decimal } from '@hedgerow/core'

/** Values from `min` to `max`, both included where `step` reaches them. */
export interface GridRange {
  readonly min: number
  readonly max: number
  readonly step: number
}

/** Values by name: a list, or a range. */
export type ParameterAxes = Readonly<Record<string, readonly unknown[] | GridRange>>

/** A grid with more sets than this is more likely a slip than a wish. */
export const MOST_SETS = 10_000

/**
 * Every combination of the values, the last parameter changing fastest. Ranges are stepped in decimals: `0.1` to `0.3` by `0.1` is
 * `[0.1, 0.2, 0.3]`.
 *
 * @throws HedgerowError `GRID_INVALID` for a parameter without values, and for more than `most` sets (default 10,000) with their number.
 */
export function parameterGrid(axes: ParameterAxes, { most = MOST_SETS }: { readonly most?: number } = {}): readonly Readonly<Record<string, unknown>>[] {
  const sizes = Object.entries(axes).map(([name, axis]): [string, number] => [name, isRange(axis) ? countOf(name, axis) : axis.length])
  const empty = sizes.find(([, size]) => size === 0)
  if (sizes.length === 0 || empty !== undefined) throw new HedgerowError('GRID_INVALID', { where: 'grid', found: empty === undefined ? 'no parameter' : `no value of ${empty[0]}`, expected: 'at least one value of each parameter', remedy: 'Name a parameter with its values, such as fast=5:20:5.' })
  const sets = sizes.reduce((product, [, size]) => product * size, 1)
  if (sets > most) {
    throw new HedgerowError('GRID_INVALID', {
      where: 'grid', found: `${sets.toLocaleString('en-US')} sets: ${sizes.map(([name, size]) => `${name} ${size.toLocaleString('en-US')}`).join(' x ')}`, expected: `at most ${most.toLocaleString('en-US')}`,
      remedy: 'Name fewer parameters, fewer values or larger steps (fast=5:20:5); or allow more (most, --most-sets) if you mean it.',
    })
  }
  return Object.entries(axes).reduce<readonly Readonly<Record<string, unknown>>[]>((grid, [name, axis]) => {
    const values = isRange(axis) ? valuesOf(axis) : axis
    return grid.flatMap((set) => values.map((value) => ({ ...set, [name]: value })))
  }, [{}])
}

/** The values of a range. */
export function valuesOf({ min, max, step }: GridRange): readonly number[] {
  const [first, distance] = [exact(min), exact(step)]
  return Array.from({ length: steps(first, exact(max), distance) }, (_, index) => first.plus(distance.times(decimalOfCount(index))).toNumber())
}

function countOf(name: string, { min, max, step }: GridRange): number {
  if ([min, max, step].every(Number.isFinite) && step > 0) return steps(exact(min), exact(max), exact(step))
  throw new HedgerowError('GRID_INVALID', { where: `grid, ${name}`, found: `${min} to ${max} by ${step}`, expected: 'finite numbers, and a step above zero', remedy: 'Write the range as start:end:step, such as 5:20:5.' })
}

function steps(min: Decimal, max: Decimal, step: Decimal): number {
  return Math.max(0, max.minus(min).div(step).floor().toNumber() + 1)
}

function exact(value: number): Decimal {
  return decimal(String(value))
}

function isRange(axis: readonly unknown[] | GridRange): axis is GridRange {
  return !Array.isArray(axis)
}
