/** A small seeded generator of random numbers: the same seed gives the same numbers on every machine. */

/**
 * xoshiro128** by David Blackman and Sebastiano Vigna (2018, public domain, https://prng.di.unimi.it), seeded through
 * splitmix32. For made-up data, not for secrets.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(seed: number) {
    let state = seed | 0
    const word = (): number => {
      state = (state + 0x9e3779b9) | 0
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
      return (mixed ^ (mixed >>> 15)) | 0
    }
    this.#a = word()
    this.#b = word()
    this.#c = word()
    this.#d = word()
  }

  /** Uniform in [0, 1), with 32 bits. */
  uniform(): number {
    const scrambled = Math.imul(this.#b, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
    const shifted = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= shifted
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return (result >>> 0) / 4_294_967_296
  }

  /** Bell-shaped with mean 0 and variance 1, within -3.47 to 3.47: the sum of four uniforms, so without functions whose last bit differs between engines. */
  normal(): number {
    return (this.uniform() + this.uniform() + this.uniform() + this.uniform() - 2) * SQRT_3
  }
}

const SQRT_3 = Math.sqrt(3)
