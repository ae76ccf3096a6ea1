/** A column of doubles as bytes: decimals scaled to whole numbers, each as its difference from the one before. */
import { ByteReader, ByteWriter } from './bytes.ts'

/** Decimals beyond this are not looked for. */
const MOST_PLACES = 12
const LARGEST = Number.MAX_SAFE_INTEGER / 4

/** The fewest decimals that name every value exactly; null where none does. Missing values (NaN) have none. */
export function placesOf(values: Iterable<number>): number | null {
  let places = 0
  for (const value of values) {
    if (Number.isNaN(value)) continue
    while (!isNamed(value, places)) if (++places > MOST_PLACES) return null
  }
  return places
}

function isNamed(value: number, places: number): boolean {
  const scaled = Math.round(value * 10 ** places)
  return Math.abs(scaled) <= LARGEST && scaled / 10 ** places === value
}

/** Packs values rounded to `places`; NaN stays. */
export function packColumn(values: Iterable<number>, places: number): Uint8Array {
  const bytes = new ByteWriter()
  const scale = 10 ** places
  let before = 0
  for (const value of values) {
    if (Number.isNaN(value)) {
      bytes.unsigned(0)
      continue
    }
    const whole = Math.round(value * scale)
    const step = whole - before
    bytes.unsigned(1 + (step < 0 ? -2 * step - 1 : 2 * step))
    before = whole
  }
  return bytes.finish()
}

/** Reads what {@link packColumn} wrote. */
export function unpackColumn(packed: Uint8Array, { length, places }: { readonly length: number; readonly places: number }): Float64Array {
  const bytes = new ByteReader(packed)
  const scale = 10 ** places
  const values = new Float64Array(length)
  let before = 0
  for (let index = 0; index < length; index++) {
    const code = bytes.unsigned()
    if (code > 0) before += code % 2 === 0 ? -code / 2 : (code - 1) / 2
    values[index] = code === 0 ? Number.NaN : before / scale
  }
  return values
}
