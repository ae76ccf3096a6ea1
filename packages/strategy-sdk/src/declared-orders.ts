/** Declared orders of a strategy on one symbol: its four variables, and the lists of both legs that they set. */
import { HedgerowError, type Leg } from '@hedgerow/core'
import { DeclaredLeg } from './declared-leg.ts'
import { DeclaredVariable } from './declared-variable.ts'
import type { Desk } from './desk.ts'

/** `sell` with the long leg reduces it, `buy` with the short leg reduces that. */
export class DeclaredOrders {
  readonly buy: DeclaredVariable
  readonly sell: DeclaredVariable
  readonly stopLoss: DeclaredVariable
  readonly takeProfit: DeclaredVariable
  readonly long: DeclaredLeg
  readonly short: DeclaredLeg
  /** The leg whose hook is running: rows that name none belong to it. Null outside of such hooks. */
  hookLeg: Leg | null = null
  readonly #desk: Desk
  readonly #onlyOwned: Leg | null

  constructor(desk: Desk) {
    this.#desk = desk
    this.#onlyOwned = desk.ownsLong === desk.ownsShort ? null : desk.ownsLong ? 'long' : 'short'
    this.long = new DeclaredLeg(desk, 'long')
    this.short = new DeclaredLeg(desk, 'short')
    const parts = { desk, orders: this }
    this.buy = new DeclaredVariable({ ...parts, name: 'buy', long: 'entry', short: 'exit' })
    this.sell = new DeclaredVariable({ ...parts, name: 'sell', long: 'exit', short: 'entry' })
    this.stopLoss = new DeclaredVariable({ ...parts, name: 'stopLoss', long: 'stopLoss', short: 'stopLoss' })
    this.takeProfit = new DeclaredVariable({ ...parts, name: 'takeProfit', long: 'takeProfit', short: 'takeProfit' })
  }

  of(leg: Leg): DeclaredLeg {
    return leg === 'long' ? this.long : this.short
  }

  /** Sends entries that waited for a leg to become free. */
  release(): void {
    if (this.long.waiting !== null) this.long.release()
    if (this.short.waiting !== null) this.short.release()
  }

  /** The leg that is meant whatever is open: that of the running hook, or the only one the route owns. */
  get knownLeg(): Leg | null {
    return this.hookLeg ?? this.#onlyOwned
  }

  /** The leg that is meant where none is named: that of the running hook, the only one the route owns, or the only open one. */
  impliedLeg(place: string): Leg {
    const leg = this.hookLeg ?? this.#onlyOwned
    if (leg !== null) return leg
    const { long, short } = this.#desk.context.pair()
    const isLong = !long.qty.isZero()
    const isShort = !short.qty.isZero()
    if (isLong !== isShort) return isLong ? 'long' : 'short'
    throw new HedgerowError('LEG_REQUIRED', { where: this.#desk.where(place), found: isLong ? 'both legs open' : 'no leg open' })
  }
}
