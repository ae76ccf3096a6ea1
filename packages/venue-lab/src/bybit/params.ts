/** Reads what a request says, whatever else it says: unknown keys are ignored, as the venue does. */
import { decimal, type Decimal, type TimeMs } from '@hedgerow/core'
import { BybitRefusal } from './refusal.ts'

/** Query or body of a request. */
export class Params {
  readonly #values: Readonly<Record<string, unknown>>

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values
  }

  static ofQuery(query: string): Params {
    return new Params(Object.fromEntries(new URLSearchParams(query)))
  }

  /** @throws BybitRefusal 10001 when the body is no JSON object. */
  static ofBody(body: string): Params {
    try {
      const values: unknown = JSON.parse(body === '' ? '{}' : body)
      if (isObject(values)) return new Params(values)
    } catch {
      // Answered below.
    }
    throw new BybitRefusal(10001, 'params error: The body is not a JSON object')
  }

  /** Empty when left out. */
  text(name: string): string {
    const value = this.#values[name]
    if (value === undefined || value === null) return ''
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    throw invalid(name)
  }

  /** @throws BybitRefusal 10001 when it is none of the choices. */
  oneOf<T extends string>(name: string, choices: readonly T[], fallback?: T): T {
    const text = this.text(name)
    if (text === '' && fallback !== undefined) return fallback
    const found = choices.find((choice) => choice === text)
    if (found === undefined) throw invalid(name)
    return found
  }

  /** Null when left out or empty. */
  amount(name: string): Decimal | null {
    const text = this.text(name)
    if (text === '') return null
    try {
      return decimal(text)
    } catch {
      throw invalid(name)
    }
  }

  /** Null when left out, empty or zero: the venue writes "no price" as zero. */
  price(name: string): Decimal | null {
    const amount = this.amount(name)
    if (amount === null || amount.isZero()) return null
    if (amount.isNegative()) throw invalid(name)
    return amount
  }

  flag(name: string): boolean {
    return this.text(name) === 'true'
  }

  /** Null when left out. */
  integer(name: string): number | null {
    const text = this.text(name)
    if (text === '') return null
    const value = Number(text)
    if (!Number.isInteger(value)) throw invalid(name)
    return value
  }

  time(name: string): TimeMs | null {
    return this.integer(name)
  }

  /** Items of a list. @throws BybitRefusal 10001 when it is no list of objects. */
  items(name: string): readonly Params[] {
    const value = this.#values[name]
    if (!Array.isArray(value) || !value.every(isObject)) throw invalid(name)
    return value.map((item) => new Params(item))
  }

  /** The same with one more value. */
  with(name: string, value: string): Params {
    return new Params({ ...this.#values, [name]: value })
  }

  /** True when the request has the key at all. */
  has(name: string): boolean {
    return this.#values[name] !== undefined
  }
}

/** The refusal of one parameter. */
export function invalid(name: string, detail = 'invalid'): BybitRefusal {
  return new BybitRefusal(10001, `params error: ${name} ${detail}`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
