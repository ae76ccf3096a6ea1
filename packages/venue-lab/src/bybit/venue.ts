/** What the routes of the Bybit lab work on. */
import { LEGS, type Instrument, type Leg, type PositionMode } from '@hedgerow/core'
import type { VenueAccount } from '../venue/account.ts'
import type { VenueMarket } from '../venue/market.ts'
import type { ServerClock } from '../venue/server-clock.ts'
import { invalid } from './params.ts'
import { optionalPrice } from './order-row.ts'
import type { LegView } from './position-row.ts'
import type { Protection } from './protection.ts'
import type { Credentials } from './signature.ts'
import type { BybitTerms, PositionIdx } from './terms.ts'

/** One account at one lab. */
export class BybitVenue {
  readonly account: VenueAccount<BybitTerms>
  readonly market: VenueMarket
  readonly clock: ServerClock
  readonly protection: Protection
  readonly credentials: Credentials
  readonly userId = 100_001
  /** What legs are shown to go through; `Normal` when it is not here. */
  readonly legStatus: Map<string, 'Liq' | 'Adl'> = new Map()
  /** Closed orders up to this number are no longer known to `order/realtime`: the service was restarted. */
  forgottenUpTo = 0

  constructor(parts: { readonly account: VenueAccount<BybitTerms>; readonly market: VenueMarket; readonly clock: ServerClock; readonly protection: Protection; readonly credentials: Credentials }) {
    this.account = parts.account
    this.market = parts.market
    this.clock = parts.clock
    this.protection = parts.protection
    this.credentials = parts.credentials
  }

  get symbols(): readonly string[] {
    return [...this.market.symbols.keys()]
  }

  /** @throws BybitRefusal 10001 for a symbol that is not traded. */
  instrument(symbol: string): Instrument {
    const found = this.market.symbols.get(symbol)
    if (found === undefined) throw invalid('symbol', `invalid ${symbol}`)
    return found.instrument
  }

  modeOf(symbol: string): PositionMode {
    return this.account.desk.positionMode(symbol)
  }

  /** The rows that a symbol has: one for each leg in hedge mode, else one. */
  legsOf(symbol: string): readonly LegView[] {
    if (this.modeOf(symbol) === 'hedge') return LEGS.map((leg) => this.legView(symbol, leg))
    const { short } = this.account.pair(symbol)
    return [this.legView(symbol, short.qty.isZero() ? 'long' : 'short')]
  }

  legView(symbol: string, leg: Leg): LegView {
    const { takeProfit, stopLoss, trailing } = this.protection.of(symbol, leg)
    return {
      account: this.account, instrument: this.instrument(symbol), leg, positionIdx: this.positionIdx(symbol, leg), takeProfit: optionalPrice(takeProfit), stopLoss: optionalPrice(stopLoss),
      trailingStop: trailing === null ? '0' : optionalPrice(trailing.distance), status: this.legStatus.get(`${symbol} ${leg}`) ?? 'Normal',
    }
  }

  positionIdx(symbol: string, leg: Leg): PositionIdx {
    if (this.modeOf(symbol) === 'one-way') return 0
    return leg === 'long' ? 1 : 2
  }
}
