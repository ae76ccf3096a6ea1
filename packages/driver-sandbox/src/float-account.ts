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

const FLAT: FloatPair = { long: { qty: 0, cost: 0, margin: 0 }, short: { qty: 0, cost: 0, margin: 0 }, isFlat: true }

/** Follows a ledger; what has not changed is not converted again. */
export class FloatAccount {
  readonly #ledger: Ledger
  readonly #markets: readonly Market[]
  readonly #pairs: FloatPair[]
  readonly #sources: (PairOfPositions | null)[]
  #wallet = 0
  #isFresh = false

  constructor(ledger: Ledger, markets: readonly Market[]) {
    this.#ledger = ledger
    this.#markets = markets
    this.#pairs = markets.map(() => FLAT)
    this.#sources = markets.map(() => null)
  }

  /** To be called when the ledger has changed. */
  forget(): void {
    this.#isFresh = false
  }

  get wallet(): number {
    this.#refresh()
    return this.#wallet
  }

  /** The legs of the symbol at an index. */
  pair(index: number): FloatPair {
    this.#refresh()
    return this.#pairs[index] ?? FLAT
  }

  #refresh(): void {
    if (this.#isFresh) return
    this.#isFresh = true
    this.#wallet = doubleOf(this.#ledger.wallet)
    for (const { index, symbol } of this.#markets) {
      const source = this.#ledger.pair(symbol)
      if (source === this.#sources[index]) continue
      this.#sources[index] = source
      this.#pairs[index] = pairOf(source)
    }
  }
}

function pairOf({ long, short }: PairOfPositions): FloatPair {
  return long.qty.isZero() && short.qty.isZero() ? FLAT : { long: legOf(long), short: legOf(short), isFlat: false }
}

function legOf({ qty, cost, isolatedMargin }: Position): LegInDoubles {
  return { qty: doubleOf(qty), cost: doubleOf(cost), margin: isolatedMargin === null ? 0 : doubleOf(isolatedMargin) }
}
