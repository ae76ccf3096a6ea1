/** No NaN, Infinity or negative zero in anything that is exported (invariant 36). */
import { expect } from 'vitest'

/** Walks a value of plain JSON. Numbers have to be finite, texts of numbers too. */
export function expectFinite(value: unknown, path: string = '$'): void {
  if (typeof value === 'number') expect(Number.isFinite(value) && !Object.is(value, -0), path).toBe(true)
  else if (typeof value === 'string') expect(/^-?(NaN|Infinity)$|^-0(\.0*)?$/.test(value), `${path} ${value}`).toBe(false)
  else if (typeof value === 'object' && value !== null) for (const [key, item] of Object.entries(value)) expectFinite(item, `${path}.${key}`)
}
