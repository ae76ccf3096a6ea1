/** Columns that grow: what is kept of very many things of one kind. */
import { isShort, shortDecimal, type Decimal } from './decimal.ts'

type Values = Float64Array | Uint32Array | Uint8Array

/** A column is kept in chunks of this many rows, so that growing copies nothing and leaves little room unused. */
const CHUNK_BITS = 12
const CHUNK = 1 << CHUNK_BITS
const IN_CHUNK = CHUNK - 1
/** The first chunk starts small, for runs in which little happens. */
const FIRST_CAPACITY = 64
const GROWTH = 4

/** Numbers of one width, by row. */
export class Column {
  readonly #make: (length: number) => Values
  readonly #chunks: Values[] = []
  /** The chunk that the next row goes into. */
  #last: Values
  #length = 0

  private constructor(make: (length: number) => Values) {
    this.#make = make
    this.#last = make(0)
  }

  /** Any number. */
  static ofDoubles(): Column {
    return new Column((length) => new Float64Array(length))
  }

  /** Whole numbers from 0 to 2^32 - 1. */
  static ofCounts(): Column {
    return new Column((length) => new Uint32Array(length))
  }

  /** Whole numbers from 0 to 255. */
  static ofBytes(): Column {
    return new Column((length) => new Uint8Array(length))
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    const offset = this.#length & IN_CHUNK
    if (offset === 0 || offset === this.#last.length) this.#grow(offset)
    this.#last[offset] = value
    this.#length++
  }

  /** The value of a row; zero beyond the end. */
  at(row: number): number {
    const chunk = this.#chunks[row >> CHUNK_BITS]
    return chunk === undefined ? 0 : (chunk[row & IN_CHUNK] ?? 0)
  }

  /** Changes a row; rows that do not exist before it come to be, and are zero. */
  set(row: number, value: number): void {
    while (this.#length <= row) this.push(0)
    const chunk = this.#chunks[row >> CHUNK_BITS]
    if (chunk !== undefined) chunk[row & IN_CHUNK] = value
  }

  #grow(offset: number): void {
    const isFirst = this.#length < CHUNK
    const larger = this.#make(isFirst ? Math.max(FIRST_CAPACITY, offset * GROWTH) : CHUNK)
    if (isFirst) larger.set(this.#last)
    this.#chunks[this.#length >> CHUNK_BITS] = larger
    this.#last = larger
  }
}

/** Stands for no decimal in a row. */
const NOTHING = 255

/** Short decimals, nine bytes each, with rows that hold none. */
export class DecimalColumn {
  readonly #digits = Column.ofDoubles()
  readonly #scales = Column.ofBytes()

  /** True for a value that a row can hold. */
  static holds(value: Decimal | undefined): boolean {
    return value === undefined || isShort(value)
  }

  push(value: Decimal | undefined): void {
    this.#digits.push(value?.digits ?? 0)
    this.#scales.push(value?.scale ?? NOTHING)
  }

  /** True where the row holds this very representation of a value. */
  isAt(row: number, value: Decimal | undefined): boolean {
    return this.#scales.at(row) === (value?.scale ?? NOTHING) && this.#digits.at(row) === (value?.digits ?? 0)
  }

  at(row: number): Decimal | undefined {
    const scale = this.#scales.at(row)
    return scale === NOTHING ? undefined : shortDecimal(this.#digits.at(row), scale)
  }
}

/** Three short decimals a row. */
export class AmountTable {
  readonly #a = new DecimalColumn()
  readonly #b = new DecimalColumn()
  readonly #c = new DecimalColumn()
  length = 0

  /** False, and nothing added, where one of them is too long for a column. */
  add(a: Decimal, b: Decimal | undefined, c: Decimal | undefined): boolean {
    if (!(DecimalColumn.holds(a) && DecimalColumn.holds(b) && DecimalColumn.holds(c))) return false
    this.#a.push(a)
    this.#b.push(b)
    this.#c.push(c)
    this.length++
    return true
  }

  at(row: number): readonly (Decimal | undefined)[] {
    return [this.#a.at(row), this.#b.at(row), this.#c.at(row)]
  }
}

/** Values that are few but come again and again, by number. */
export class Interned<T> {
  readonly #numbers = new Map<T, number>()
  readonly #values: T[] = []
  /** The number that was asked for last. */
  #last = 0

  /** The number of a value, from 0. */
  numberOf(value: T): number {
    if (this.#last < this.#values.length && this.#values[this.#last] === value) return this.#last
    this.#last = this.#numbers.get(value) ?? this.#add(value)
    return this.#last
  }

  #add(value: T): number {
    this.#numbers.set(value, this.#values.length)
    return this.#values.push(value) - 1
  }

  /** The value of a number that was given out. */
  valueOf(number: number): T | undefined {
    return this.#values[number]
  }
}
