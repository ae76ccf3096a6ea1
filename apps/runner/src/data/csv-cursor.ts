/** Reads the fields of a CSV text from its bytes. Plain numbers, which are nearly all of a candle file, never become text. */
import { EXACT_DIGITS, POWERS_OF_TEN } from './exact-doubles.ts'

const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const QUOTE = 34
const DOT = 46
const ZERO = 48
const NINE = 57

/** A position in the bytes of a CSV text whose lines end in a newline. */
export class CsvCursor {
  readonly #bytes: Uint8Array
  readonly #delimiter: number
  #at: number

  /** The last byte must be a newline. */
  constructor(bytes: Uint8Array, at: number, delimiter: string) {
    this.#bytes = bytes
    this.#at = at
    this.#delimiter = delimiter.charCodeAt(0)
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  get atLineEnd(): boolean {
    const byte = this.#bytes[this.#at]
    return byte === NEWLINE || byte === RETURN || byte === undefined
  }

  /**
   * Reads a field of at most 15 digits with at most one point, exactly rounded: digits below 2^53 over a power of ten.
   * NaN for any other field, with the cursor where it was: read it as `text`.
   */
  number(): number {
    const bytes = this.#bytes
    let at = this.#at
    let digits = 0
    let byte = bytes[at] ?? NEWLINE
    for (; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? NEWLINE) digits = digits * 10 + (byte - ZERO)
    let count = at - this.#at
    let decimals = 0
    if (byte === DOT) {
      const point = at
      for (byte = bytes[++at] ?? NEWLINE; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? NEWLINE) digits = digits * 10 + (byte - ZERO)
      decimals = at - point - 1
      count += decimals
    }
    if (count === 0 || count > EXACT_DIGITS || (byte !== this.#delimiter && byte !== NEWLINE && byte !== RETURN)) return Number.NaN
    this.#at = at
    return decimals === 0 ? digits : digits / (POWERS_OF_TEN[decimals] ?? Number.NaN)
  }

  /** Reads a field as text, without quotes and surrounding spaces. */
  text(): string {
    const bytes = this.#bytes
    const quoted = bytes[this.#at] === QUOTE
    const from = this.#at
    let at = quoted ? bytes.indexOf(QUOTE, from + 1) + 1 : from
    if (quoted && at === 0) at = bytes.length
    while (at < bytes.length && bytes[at] !== this.#delimiter && bytes[at] !== NEWLINE) at++
    this.#at = at
    const text = new TextDecoder().decode(bytes.subarray(from, at)).trim()
    return quoted ? text.slice(1, -1) : text
  }

  /** Passes the delimiter; false at the end of a line. */
  nextField(): boolean {
    if (this.#bytes[this.#at] !== this.#delimiter) return false
    this.#at++
    return true
  }

  /** Passes the rest of the line. */
  nextLine(): void {
    const end = this.#bytes[this.#at] === NEWLINE ? this.#at : this.#bytes.indexOf(NEWLINE, this.#at)
    this.#at = end < 0 ? this.#bytes.length : end + 1
  }

  /** True when nothing but spaces and line ends is left. */
  onlyBlanksLeft(): boolean {
    for (let at = this.#at; at < this.#bytes.length; at++) {
      const byte = this.#bytes[at] ?? SPACE
      if (byte !== NEWLINE && byte !== RETURN && byte !== SPACE) return false
    }
    return true
  }
}
