/** Numbers as few bytes: whole numbers of seven bits a byte, small ones short. What is written here is read back exactly. */

const LOW_BITS = 128

/** Bytes that grow. */
export class ByteWriter {
  #bytes = new Uint8Array(1 << 12)
  #length = 0

  /** A whole number from 0 to 2^53. */
  unsigned(value: number): void {
    let rest = value
    while (rest >= LOW_BITS) {
      this.#push((rest % LOW_BITS) + LOW_BITS)
      rest = Math.floor(rest / LOW_BITS)
    }
    this.#push(rest)
  }

  /** A whole number of either sign: 0, -1, 1, -2, 2 are 0, 1, 2, 3, 4. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value)
  }

  /** The bytes so far. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes[this.#length++] = byte
  }
}

/** Reads what a {@link ByteWriter} wrote, in the same order. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** @throws RangeError past the end. */
  unsigned(): number {
    let [value, scale] = [0, 1]
    for (;;) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('packed numbers end too early')
      if (byte < LOW_BITS) return value + byte * scale
      value += (byte - LOW_BITS) * scale
      scale *= LOW_BITS
    }
  }

  signed(): number {
    const value = this.unsigned()
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }
}
