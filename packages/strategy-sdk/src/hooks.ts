/** The hooks that an author may override, each doing nothing by default. The order in which they run is that of `bar-cycle.ts`. */
import type { CancelReason, ErrorCode, Leg, Trade, WatchRow } from '@hedgerow/core'
import type { OrderView } from './order-view.ts'

/** What became of an order. */
export type OrderNewsKind = 'accepted' | 'partial' | 'filled' | 'canceled' | 'expired' | 'denied' | 'rejected'

/** What `onOrder` is told. */
export interface OrderNews {
  readonly kind: OrderNewsKind
  readonly order: OrderView
  readonly leg: Leg
  /** Why it was denied, rejected, cancelled or expired; null otherwise. */
  readonly code: ErrorCode | CancelReason | null
}

/** What happened to the account as a whole. */
export interface AccountNews {
  readonly kind: 'funding' | 'liquidation' | 'adl' | 'posting'
  /** Null where it concerns the account as a whole. */
  readonly symbol: string | null
  /** Null where it concerns both or neither. */
  readonly leg: Leg | null
  /** Quote units, positive when received; null where there is none. */
  readonly amount: number | null
}

/** A leg of another route has changed. */
export interface RouteNews {
  /** Name of that route. */
  readonly route: string
  readonly symbol: string
  readonly leg: Leg
}

/** Something that another route said with `emit`. */
export interface RouteMessage {
  /** Name of that route. */
  readonly route: string
  readonly name: string
  readonly payload: unknown
}

/** A rule that must hold for an entry to be sent. */
export type Filter = () => boolean

/** Everything that a strategy may answer. */
export abstract class Hooks {
  /** First of each bar. */
  before(): void {}

  /** Whether the resting declared entries of a flat leg go. True by default: an entry lives for one bar. */
  shouldCancelEntry(_leg: Leg): boolean {
    return true
  }

  /** Each bar, flat or not: for grids, portfolios and anything that states its orders itself. */
  onBar(): void {}

  /** Each bar on which a leg is open. */
  updatePosition(): void {}

  /** Whether to open the long leg. Asked while it is flat and nothing is about to open it. */
  shouldLong(): boolean {
    return false
  }

  /** Whether to open the short leg. Asked while it is flat and nothing is about to open it. */
  shouldShort(): boolean {
    return false
  }

  /** Hedge mode: whether to open the long leg against an open short, where `shouldLong` said no. */
  shouldLongHedge(): boolean {
    return false
  }

  /** Hedge mode: whether to open the short leg against an open long, where `shouldShort` said no. */
  shouldShortHedge(): boolean {
    return false
  }

  /** Declares the entry of the long leg, and its exits. */
  goLong(): void {}

  /** Declares the entry of the short leg, and its exits. */
  goShort(): void {}

  /** Declares the entry of a long hedge. */
  goLongHedge(): void {}

  /** Declares the entry of a short hedge. */
  goShortHedge(): void {}

  /** Rules that must all hold before a declared entry is sent: `[() => this.isQuiet(), ...]`. */
  filters(): readonly Filter[] {
    return []
  }

  /** Last of each bar. */
  after(): void {}

  // What follows concerns one leg: of a portfolio, `this.symbol` and everything that names no symbol is that leg's.

  /** The declared orders of the leg were cancelled and its lists cleared: by `shouldCancelEntry`, or because the leg has closed. */
  onCancel(_leg: Leg): void {}

  /** A fill opened the leg. `order` is null for fills that no order of the strategy caused. */
  onOpenPosition(_order: OrderView | null, _leg: Leg): void {}

  /** A fill enlarged the leg. */
  onIncreasedPosition(_order: OrderView | null, _leg: Leg): void {}

  /** A fill reduced the leg. */
  onReducedPosition(_order: OrderView | null, _leg: Leg): void {}

  /** A fill closed the leg: `trade` is the round trip. */
  onClosePosition(_order: OrderView | null, _trade: Trade, _leg: Leg): void {}

  /** Something became of an order. */
  onOrder(_news: OrderNews): void {}

  /** Funding, liquidation and the like. */
  onAccount(_news: AccountNews): void {}

  /** A leg of another route of the run opened. */
  onRouteOpenPosition(_news: RouteNews): void {}

  /** A leg of another route grew. */
  onRouteIncreasedPosition(_news: RouteNews): void {}

  /** A leg of another route shrank. */
  onRouteReducedPosition(_news: RouteNews): void {}

  /** A leg of another route closed. */
  onRouteClosePosition(_news: RouteNews): void {}

  /** A resting entry of another route was cancelled. */
  onRouteCancel(_news: RouteNews): void {}

  /** Another route said something with `emit`; told after its hook has returned. */
  onRouteEvent(_message: RouteMessage): void {}

  /** A timer of `static timers` is due: engine time, after the bars of the same moment. */
  onTimer(_name: string): void {}

  /** What to show of the state of the strategy: `[['trend', 'up'], ['rungs', 7]]`. Asked for when somebody looks, and at the end of a run. */
  watchList(): readonly WatchRow[] {
    return []
  }

  /** Before the end of the run, while orders are still possible. */
  beforeTerminate(): void {}

  /** After the last event. */
  terminate(): void {}
}
