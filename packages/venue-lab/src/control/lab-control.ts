/** The other side of a lab: what tests and their owners do to the market, the account and the wires. */
import { decimal, type Decimal, type Leg, type PositionMode, type TimeMs } from '@hedgerow/core'
import type { FaultBox } from '../faults/fault-box.ts'
import type { LoopbackServer, WireEntry } from '../server/loopback-server.ts'
import type { Stream, StreamHub } from '../server/stream-hub.ts'
import type { VenueAccount } from '../venue/account.ts'
import type { VenueMarket } from '../venue/market.ts'
import type { ServerClock } from '../venue/server-clock.ts'
import type { Timeline } from '../venue/timeline.ts'
import type { PlannedTrouble } from '../faults/fault-plan.ts'
import { Pace } from '../venue/pace.ts'
import { Chaos, type ChaosLog } from './chaos.ts'
import { stateOf, type LabState } from './state.ts'
import { untilQuiet, type QuietRule } from './quiet.ts'

/** What a control reaches. */
export interface LabParts<Terms> {
  readonly account: VenueAccount<Terms>
  readonly market: VenueMarket
  readonly clock: ServerClock
  readonly timeline: Timeline<Terms>
  readonly faults: FaultBox
  readonly hub: StreamHub
  readonly server: LoopbackServer
  /** Tells subscribers what has changed. */
  readonly tell: () => void
  /** Places an order as the venue's own page would. */
  readonly placeByHand: (order: HandOrder) => void
  /** Marks a leg as being liquidated or reduced, as the protocol shows it; null ends it. */
  readonly mark: (symbol: string, leg: Leg, status: 'liquidation' | 'adl' | null) => void
}

/** A leg and how much of it; all of it when left out. */
export interface LegPart {
  readonly symbol: string
  readonly leg: Leg
  readonly qty?: string
}

/** An order that the owner places elsewhere, without a client id; at market when it has no price. */
export interface HandOrder {
  readonly symbol: string
  readonly leg: Leg
  readonly intent: 'open' | 'close'
  readonly qty: string
  readonly price?: string
}

/** Which streams: by path, such as `/v5/private`; left out: all. */
export interface StreamChoice {
  readonly path?: string
}

const QUIET: QuietRule = { idleMs: 50, mostMs: 10_000 }

/** Controls one lab. Money and quantities are texts. */
export class LabControl<Terms = unknown> {
  /** Faults that wait to strike. */
  readonly faults: FaultBox
  readonly #parts: LabParts<Terms>
  readonly #pace: Pace
  #lockstep: QuietRule | null = null
  #chaos: Chaos | null = null

  constructor(parts: LabParts<Terms>) {
    this.#parts = parts
    this.faults = parts.faults
    this.#pace = new Pace((at) => parts.timeline.advanceTo(at), (error) => {
      this.pause()
      throw error
    })
  }

  /** Market time. */
  get now(): TimeMs {
    return this.#parts.timeline.now
  }

  /** The clock that signatures are checked against, and that `market/time` tells. */
  get serverTime(): TimeMs {
    return this.#parts.clock.now()
  }

  /** Requests that were served, oldest first. */
  get wire(): readonly WireEntry[] {
    return this.#parts.server.wire
  }

  /** Streams that are open, with what they subscribe to. */
  get streams(): readonly { readonly path: string; readonly isAuthorised: boolean; readonly isDead: boolean; readonly topics: readonly string[] }[] {
    return this.#parts.hub.streams.map(({ path, isAuthorised, isDead, topics }) => ({ path, isAuthorised, isDead, topics: [...topics] }))
  }

  /** The account as it is. */
  state(): LabState {
    const { account, market } = this.#parts
    return stateOf(account, market.symbols.keys(), { marketTime: this.now, serverTime: this.serverTime })
  }

  /** Last price. */
  price(symbol: string): string | null {
    return this.#parts.account.lastPrice(symbol)?.toFixed() ?? null
  }

  /** Lets market time pass; a script's prices stand still where nothing else is scripted. */
  async advance(ms: number): Promise<void> {
    await this.#parts.timeline.advance(ms)
  }

  /** Lets market time pass up to a moment. */
  async advanceTo(at: TimeMs): Promise<void> {
    await this.#parts.timeline.advanceTo(at)
  }

  /** One minute in which prices glide from where they are to the targets. */
  async glide(targets: Readonly<Record<string, string>>): Promise<void> {
    await this.#live(targets, false)
  }

  /** One minute that opens at the targets and stays there. */
  async jump(targets: Readonly<Record<string, string>>): Promise<void> {
    await this.#live(targets, true)
  }

  /** Lets the market go by itself: `speed` market seconds pass in a second. */
  play(speed: number): void {
    this.#pace.start(this.now, speed)
  }

  /** The market stands still. */
  pause(): void {
    this.#pace.stop()
  }

  /** Set: after each event and each minute the market waits until clients are quiet, so that their answers find it where it stood. */
  setLockstep(rule: Partial<QuietRule> | null): void {
    this.#lockstep = rule === null ? null : { ...QUIET, ...rule }
  }

  /** Waits until the clients have answered what they were told. False: they did not come to rest. */
  async untilQuiet(rule: Partial<QuietRule> = {}): Promise<boolean> {
    return await untilQuiet(this.#parts.server, this.#parts.hub, { ...QUIET, ...rule })
  }

  /** What a timeline waits for between two events. */
  async settle(): Promise<void> {
    if (this.#lockstep !== null) await this.untilQuiet(this.#lockstep)
  }

  /** Lets a plan of troubles happen, counted by requests from now on; null ends it. What is armed stays armed. */
  letTroubleCome(plan: readonly PlannedTrouble[] | null): ChaosLog | null {
    this.#chaos = plan === null ? null : new Chaos(this as LabControl, plan)
    return this.#chaos
  }

  /** A request has come. */
  requested(): void {
    this.#chaos?.requested()
  }

  /** Cuts streams without a goodbye; how many. */
  cut({ path }: StreamChoice = {}): number {
    return this.#parts.hub.cut(isOn(path))
  }

  /** Lets streams go dead: open, and mute in both directions; how many. */
  halfOpen({ path }: StreamChoice = {}): number {
    return this.#parts.hub.kill(isOn(path))
  }

  /** Sends the frames that were held. */
  releaseFrames(): void {
    this.#parts.hub.release()
  }

  /** Sets the server's clock off the wall, in ms; positive is ahead. */
  skewClock(ms: number): void {
    this.#parts.clock.skewMs = ms
  }

  /** The owner changes the mode elsewhere: what rests on the symbol is cancelled. Refused with `INVARIANT_BROKEN` while a leg is held. */
  changePositionMode(symbol: string, mode: PositionMode): void {
    const { account } = this.#parts
    for (const order of account.orders.working(symbol)) account.cancel(order)
    account.desk.setPositionMode(symbol, mode)
    this.#parts.tell()
  }

  /** The owner trades elsewhere. Refused as the venue refuses. */
  placeByHand(order: HandOrder): void {
    this.#parts.placeByHand(order)
    this.#parts.tell()
  }

  /** The venue takes a leg over at the mark: its symbol's orders go first. */
  liquidate(part: LegPart): void {
    this.#takeOver(part, 'liquidation')
  }

  /** The venue reduces a leg against a bankrupt account, at the mark and without a fee: its symbol's orders go first. */
  deleverage(part: LegPart): void {
    this.#takeOver(part, 'adl')
  }

  /** Funding is settled now, outside of its calendar. */
  fund(symbol: string, rate: string): void {
    const { account } = this.#parts
    account.beginAct()
    account.desk.settle(symbol, decimal(rate))
    this.#parts.tell()
  }

  /** Money comes, or goes when negative. */
  transfer(amount: string): void {
    const { account } = this.#parts
    const value = decimal(amount)
    account.beginAct()
    account.desk.post(value.isNegative() ? 'withdrawal' : 'deposit', value)
    this.#parts.tell()
  }

  #takeOver({ symbol, leg, qty }: LegPart, source: 'liquidation' | 'adl'): void {
    const { account, tell, mark } = this.#parts
    const held = account.pair(symbol)[leg].qty
    const price = account.exchange.markOf(symbol)
    const taken: Decimal = qty === undefined ? held : decimal(qty)
    if (price === null || held.isZero()) return
    mark(symbol, leg, source)
    account.touch(symbol, leg)
    for (const order of account.orders.working(symbol)) account.cancel(order)
    account.beginAct()
    account.desk.takeOver({ symbol, leg, qty: taken, price: price.toDecimalPlaces(account.tickPlaces(symbol)), source, ...(source === 'adl' ? { fee: taken.minus(taken) } : {}) })
    mark(symbol, leg, null)
    account.touch(symbol, leg)
    tell()
  }

  async #live(targets: Readonly<Record<string, string>>, gap: boolean): Promise<void> {
    const { market, timeline } = this.#parts
    market.script(new Map(Object.entries(targets).map(([symbol, to]) => [symbol, { to: Number(to), gap }])))
    await timeline.liveScript()
  }
}

function isOn(path: string | undefined): (stream: Stream) => boolean {
  return (stream) => path === undefined || stream.path === path
}
