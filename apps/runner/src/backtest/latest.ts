/** What was made last of data that many runs share. */

/**
 * Remembers, for each source, the value that was made of it last, and beside what: run after run asks for the same. Sources and values must not
 * change. A value lives as long as its source, or until another one is made of it.
 */
export class Latest<Source extends object, Beside, Value> {
  readonly #known = new WeakMap<Source, { readonly beside: Beside; readonly value: Value }>()
  readonly #isSame: (one: Beside, other: Beside) => boolean

  constructor(isSame: (one: Beside, other: Beside) => boolean = Object.is) {
    this.#isSame = isSame
  }

  of(source: Source, beside: Beside, make: () => Value): Value {
    const known = this.#known.get(source)
    if (known !== undefined && this.#isSame(known.beside, beside)) return known.value
    const value = make()
    this.#known.set(source, { beside, value })
    return value
  }
}
