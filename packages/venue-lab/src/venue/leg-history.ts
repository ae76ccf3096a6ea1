/** What the venue remembers of each leg beside its position. */
import { ZERO, type Decimal, type Leg, type TimeMs } from '@hedgerow/core'

/** Profit, minus fees, plus funding. */
export interface Earned {
  /** Since the leg was last opened. */
  readonly current: Decimal
  readonly total: Decimal
}

interface Memory {
  /** Last cross sequence; null when it never traded. */
  sequence: number | null
  touchedAt: TimeMs
  /** Gross profit that the ledger showed last. */
  realised: Decimal
  earned: Earned
}

/** One memory a leg. */
export class LegHistory {
  readonly #legs = new Map<string, Memory>()

  sequenceOf(symbol: string, leg: Leg): number | null {
    return this.#find(symbol, leg)?.sequence ?? null
  }

  /** When it last changed. */
  touchedAt(symbol: string, leg: Leg): TimeMs {
    return this.#find(symbol, leg)?.touchedAt ?? 0
  }

  earned(symbol: string, leg: Leg): Earned {
    return this.#find(symbol, leg)?.earned ?? { current: ZERO, total: ZERO }
  }

  /** What all legs earned. */
  get totalEarned(): Decimal {
    return [...this.#legs.values()].reduce((sum, { earned }) => sum.plus(earned.total), ZERO)
  }

  touch(symbol: string, leg: Leg, at: TimeMs): void {
    this.#of(symbol, leg).touchedAt = at
  }

  /** Something was booked. `isNew`: the leg was flat before. */
  book(symbol: string, leg: Leg, booking: { readonly sequence: number; readonly amount: Decimal; readonly isNew: boolean }): void {
    const memory = this.#of(symbol, leg)
    const { current, total } = memory.earned
    memory.sequence = booking.sequence
    memory.earned = { current: booking.isNew ? booking.amount : current.plus(booking.amount), total: total.plus(booking.amount) }
  }

  /** What a fill earned: the ledger sums, so it is the difference to what it showed before. */
  gain(symbol: string, leg: Leg, realised: Decimal): Decimal {
    const memory = this.#of(symbol, leg)
    const gain = realised.minus(memory.realised)
    memory.realised = realised
    return gain
  }

  /** The ledger begins anew. */
  restart(): void {
    for (const memory of this.#legs.values()) memory.realised = ZERO
  }

  #find(symbol: string, leg: Leg): Memory | undefined {
    return this.#legs.get(`${symbol} ${leg}`)
  }

  #of(symbol: string, leg: Leg): Memory {
    const known = this.#find(symbol, leg)
    if (known !== undefined) return known
    const memory: Memory = { sequence: null, touchedAt: 0, realised: ZERO, earned: { current: ZERO, total: ZERO } }
    this.#legs.set(`${symbol} ${leg}`, memory)
    return memory
  }
}
