/** What was held of a symbol after each event that changed it: the rows of `positions.csv`. */
import { breakEvenPrice, entryPriceOf, lockedPnl, ZERO, type AccountMargin, type Decimal, type JournalEvent, type Leg, type SessionState } from '@hedgerow/core'
import type { LegState, PairChange } from '../finished-run.ts'

/** What changes are read from. */
export interface PairChangesOptions {
  readonly state: SessionState
  /** Tells liquidation prices; null where nothing is known of the margin of the account. */
  readonly margin: AccountMargin | null
  /** Of closing the pair, in its break-even price. */
  readonly takerRate: Decimal
}

const NO_PRICES: Readonly<Record<Leg, Decimal | null>> = { long: null, short: null }

/** Collects what each event made of its pair. */
export class PairChanges {
  /** Oldest first; the last change of a moment stands for all of it. */
  readonly list: PairChange[] = []
  readonly #state: SessionState
  readonly #margin: PairChangesOptions['margin']
  readonly #takerRate: Decimal
  /** By symbol and leg: what liquidations posted. */
  readonly #posted = new Map<string, Decimal>()

  constructor({ state, margin, takerRate }: PairChangesOptions) {
    this.#state = state
    this.#margin = margin
    this.#takerRate = takerRate
  }

  /** Looks at an event after it was folded. */
  see(event: JournalEvent): void {
    const symbol = this.#changed(event)
    if (symbol === null) return
    const last = this.list.at(-1)
    if (last?.at === event.at && last.symbol === symbol) this.list.pop()
    const prices = this.#margin?.liquidationPrices(symbol) ?? NO_PRICES
    this.list.push({ at: event.at, symbol, long: this.#leg(symbol, 'long', prices), short: this.#leg(symbol, 'short', prices), ...this.#pair(symbol) })
  }

  #pair(symbol: string): Pick<PairChange, 'lockedPnl' | 'breakEvenPrice'> {
    const pair = this.#state.positions.pair(symbol)
    const isFlat = pair.long.qty.isZero() && pair.short.qty.isZero()
    return { lockedPnl: lockedPnl(pair), breakEvenPrice: isFlat ? null : breakEvenPrice(pair, { booked: this.#state.trades.booked(symbol), takerRate: this.#takerRate }) }
  }

  /** The symbol of which the event changed a leg; null where it changed none. */
  #changed(event: JournalEvent): string | null {
    if (event.type === 'account.posted') {
      const { symbol, leg, amount } = event
      if (symbol === undefined || leg === undefined) return null
      const key = `${symbol} ${leg}`
      this.#posted.set(key, (this.#posted.get(key) ?? ZERO).plus(amount))
      return symbol
    }
    return event.type === 'order.filled' || event.type === 'funding.settled' || event.type === 'margin.moved' ? event.symbol : null
  }

  #leg(symbol: string, leg: Leg, prices: typeof NO_PRICES): LegState {
    const position = this.#state.positions.pair(symbol)[leg]
    const booked = position.realised.minus(position.fees).plus(position.funding).plus(this.#posted.get(`${symbol} ${leg}`) ?? ZERO)
    return { qty: position.qty, entryPrice: entryPriceOf(position), booked, liquidationPrice: prices[leg] }
  }
}
