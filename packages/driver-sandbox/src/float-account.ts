/**
 * The account in floats: for filters that are asked far more often than anything changes, and that answer "surely" or "ask in decimals".
 * Nothing is booked from it.
 */
import { doubleOf, type Ledger, type LegInDoubles, type PairOfPositions, type Position } from '@hedgerow/core'
import type { Market } from './market.ts'

/** Both legs of a symbol in doubles. */
export interface FloatPair {
  readonly long: LegInDoubles
  readonly short: LegInDoubles
  readonly isFlat: boolean
}

const FLAT_LEG: LegInDoubles = { qty: 0, cost: 0, margin: 0 }
/** A symbol without a position. */
export const FLAT: FloatPair = { long: FLAT_LEG, short: FLAT_LEG, isFlat: true }

/** Follows a ledger; what has not changed is not converted again. */
export class FloatAccount {
  wallet = 0
  /** By the index of the symbol. */
  readonly pairs: FloatPair[]
  readonly #ledger: Ledger
  readonly #markets: readonly Market[]
  readonly #sources: (PairOfPositions | null)[]
  #isFresh = false

  constructor(ledger: Ledger, markets: readonly Market[]) {
    this.#ledger = ledger
    this.#markets = markets
    this.pairs = markets.map(() => FLAT)
    this.#sources = markets.map(() => null)
  }

  /** To be called when the ledger has changed. */
  forget(): void {
    this.#isFresh = false
  }

  /** Itself, as the ledger stands now. */
  current(): this {
    if (this.#isFresh) return this
    this.#isFresh = true
    this.wallet = doubleOf(this.#ledger.wallet)
    for (const { index, symbol } of this.#markets) {
      const source = this.#ledger.pair(symbol)
      const before = this.#sources[index]
      if (source === before) continue
      const { long, short } = this.pairs[index] ?? FLAT
      this.#sources[index] = source
      this.pairs[index] = pairOf(source.long === before?.long ? long : legOf(source.long), source.short === before?.short ? short : legOf(source.short))
    }
    return this
  }
}

function pairOf(long: LegInDoubles, short: LegInDoubles): FloatPair {
  return long === FLAT_LEG && short === FLAT_LEG ? FLAT : { long, short, isFlat: false }
}

function legOf({ qty, cost, isolatedMargin }: Position): LegInDoubles {
  return qty.isZero() ? FLAT_LEG : { qty: doubleOf(qty), cost: doubleOf(cost), margin: isolatedMargin === null ? 0 : doubleOf(isolatedMargin) }
}
