/** A value that is computed when somebody looks at it, once: for what takes long and of which most is never looked at. */
export class Deferred<T> {
  readonly #compute: () => T
  #value: { readonly known: T } | null = null

  constructor(compute: () => T) {
    this.#compute = compute
  }

  get value(): T {
    this.#value ??= { known: this.#compute() }
    return this.#value.known
  }
}
