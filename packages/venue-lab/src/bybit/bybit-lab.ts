/** A Bybit of your own: V5 linear over HTTP and WebSocket on the loopback interface. */
import { decimal, MINUTE_MS, sideOf, unknownInstrument, type CandleColumns, type Instrument, type MarginMode, type PositionMode, type TimeMs, type VenueProfile } from '@hedgerow/core'
import type { FundingRate, SandboxSymbol, SimOptions } from '@hedgerow/driver-sandbox'
import { serveControl } from '../control/control-server.ts'
import { LabControl, type HandOrder } from '../control/lab-control.ts'
import { FaultBox } from '../faults/fault-box.ts'
import { LoopbackServer } from '../server/loopback-server.ts'
import { StreamHub } from '../server/stream-hub.ts'
import { VenueAccount } from '../venue/account.ts'
import { VenueMarket, type MarketSymbol } from '../venue/market.ts'
import type { AccountChange } from '../venue/record.ts'
import { ServerClock } from '../venue/server-clock.ts'
import { Timeline } from '../venue/timeline.ts'
import { sideText } from './format.ts'
import { createOrder } from './order-entry.ts'
import { Params } from './params.ts'
import { Protection } from './protection.ts'
import { Publisher } from './publisher.ts'
import { BybitRest } from './routes.ts'
import type { Credentials } from './signature.ts'
import { BybitStreams, STREAM_PATHS } from './streams.ts'
import { CATEGORY, type BybitTerms } from './terms.ts'
import { BybitVenue } from './venue.ts'

/** Prices that only move when the control says so. */
export interface ScriptedMarket {
  readonly type: 'script'
  /** First price of each symbol. */
  readonly prices: Readonly<Record<string, string>>
  /** Market time at the start, a whole minute; this minute by the wall when left out. */
  readonly startAt?: TimeMs
  /** Minutes before the start at which the price stood already; 600 when left out. */
  readonly historyMinutes?: number
}

/** Prices of one-minute candles, replayed. Past their end prices stand still, without volume. */
export interface ReplayedMarket {
  readonly type: 'candles'
  readonly series: Readonly<Record<string, { readonly candles: CandleColumns; readonly marks?: CandleColumns; readonly funding?: readonly FundingRate[] }>>
  /** Market time at the start: candles before are history. */
  readonly from: TimeMs
}

/** What a lab is made of. */
export interface BybitLabOptions {
  /** How the venue keeps accounts: `bybitUta` of `@hedgerow/driver-bybit`. */
  readonly profile: VenueProfile
  readonly market: ScriptedMarket | ReplayedMarket
  /** USDT; 10000 when left out. */
  readonly balance?: string
  /** Of every symbol at the start; `one-way` when left out, as with a new account at the venue. */
  readonly positionMode?: PositionMode
  /** `cross` when left out. */
  readonly marginMode?: MarginMode
  /** Of every leg; 10 when left out. */
  readonly leverage?: string
  /** A pair that the lab accepts; made up from the seed when left out. */
  readonly credentials?: Credentials
  /** Port of the venue; a free one when left out. */
  readonly port?: number
  /** Port of the control over HTTP, 0 for a free one; when left out there is none, and the control is in this process only. */
  readonly controlPort?: number
  /** Names the ids that the venue gives; the same seed gives the same ids. */
  readonly seed?: string
  /** How orders meet candles. */
  readonly sim?: SimOptions
}

/** A running lab. */
export interface BybitLab {
  /** Base of the REST routes, such as `http://127.0.0.1:41783`. */
  readonly restUrl: string
  readonly publicWsUrl: string
  readonly privateWsUrl: string
  /** For orders over a socket. */
  readonly tradeWsUrl: string
  /** The control over HTTP; null unless it was asked for. */
  readonly controlUrl: string | null
  readonly credentials: Credentials
  readonly control: BybitControl
  close(): Promise<void>
}

/** The control of a Bybit lab. */
export class BybitControl extends LabControl<BybitTerms> {
  readonly #venue: BybitVenue
  readonly #rest: BybitRest
  readonly #publisher: Publisher
  /** True: what a request led to is told on the streams before it is answered. */
  tellsBeforeAnswering = false

  constructor(parts: ConstructorParameters<typeof LabControl<BybitTerms>>[0], skin: { readonly venue: BybitVenue; readonly rest: BybitRest; readonly publisher: Publisher }) {
    super(parts)
    this.#venue = skin.venue
    this.#rest = skin.rest
    this.#publisher = skin.publisher
  }

  /** The account itself, to be read: orders, executions, positions, margin. */
  get account(): VenueAccount<BybitTerms> {
    return this.#venue.account
  }

  /** Requests a second that every route allows; null goes back to the venue's own. */
  limitRequests(perSecond: number | null): void {
    this.#rest.limits.perSecond = perSecond
  }

  /** Lets the topics of one act come in an order that this decides; null: execution, order, position, wallet. */
  shuffleTopics(random: (() => number) | null): void {
    this.#publisher.shuffle = random
  }

  /** The order service restarts: `order/realtime` no longer knows orders that are over. */
  forgetClosedOrders(): void {
    this.#venue.forgottenUpTo = this.#venue.account.orders.all().at(-1)?.number ?? 0
  }
}

const DEFAULT_HISTORY_MINUTES = 600

/** Starts a lab. It lives until it is closed; clients may come and go. */
export async function startBybitLab(options: BybitLabOptions): Promise<BybitLab> {
  const { seed = 'lab', credentials = credentialsOf(seed) } = options
  const { symbols, startAt, idleVolume } = marketOf(options)
  const faults = new FaultBox()
  const hub = new StreamHub(faults)
  const clock = new ServerClock()
  const market = new VenueMarket(symbols, { startAt, ...(idleVolume === undefined ? {} : { idleVolume }) })
  const publisher: Publisher = new Publisher(hub, () => venue)
  const account: VenueAccount<BybitTerms> = accountOf(options, { symbols, startAt, seed, onChange: (change) => react(venue, publisher, change) })
  const venue: BybitVenue = new BybitVenue({ account, market, clock, credentials, protection: new Protection(() => account, () => decimal('1000000000')) })
  const rest = new BybitRest(venue)
  const streams = new BybitStreams({ venue, hub, publisher })
  const server = await LoopbackServer.start({
    port: options.port ?? 0, faults,
    protocol: {
      answer: (request) => rest.answer(request),
      answerOf: (code, message) => rest.answerOf(code, message),
      isStream: (path) => Object.values<string>(STREAM_PATHS).includes(path),
      open: (socket, { path }) => { hub.add(socket, path, (stream, text) => streams.hear(stream, text)) },
      requested: () => control.requested(),
      answered: () => publisher.flush(),
      tellsFirst: () => control.tellsBeforeAnswering,
    },
  })
  const timeline: Timeline<BybitTerms> = new Timeline({
    account, market, startAt, knownUntil: Math.max(...symbols.map(({ candles }) => candles.start + candles.length * candles.step)),
    onTime: (at) => clock.follow(at), onMoved: () => publisher.flush(), onPrices: () => publisher.moved(), onMinute: (at) => publisher.minuteClosed(at), settle: () => control.settle(),
  })
  const control: BybitControl = new BybitControl({
    account, market, clock, timeline, faults, hub, server, tell: () => publisher.flush(), placeByHand: (order) => placeByHand(venue, order),
    mark: (symbol, leg, status) => markLeg(venue, `${symbol} ${leg}`, status),
  }, { venue, rest, publisher })
  const remote = options.controlPort === undefined ? null : await serveControl(control as LabControl, options.controlPort)
  const [http, ws] = [`http://127.0.0.1:${server.port}`, `ws://127.0.0.1:${server.port}`]
  return {
    restUrl: http, publicWsUrl: `${ws}${STREAM_PATHS.public}`, privateWsUrl: `${ws}${STREAM_PATHS.private}`, tradeWsUrl: `${ws}${STREAM_PATHS.trade}`, controlUrl: remote?.url ?? null, credentials, control,
    close: async () => {
      control.pause()
      hub.close()
      await remote?.close()
      await server.close()
    },
  }
}

function placeByHand(venue: BybitVenue, { symbol, leg, intent, qty, price }: HandOrder): void {
  createOrder(venue, new Params({
    category: CATEGORY, symbol, side: sideText(sideOf(leg, intent)), qty, positionIdx: venue.positionIdx(symbol, leg), reduceOnly: intent === 'close', ...(price === undefined ? { orderType: 'Market' } : { orderType: 'Limit', price }),
  }))
}

/** Keeps a change to be told, and protects a leg by what was attached to the order that opened it. */
function react(venue: BybitVenue, publisher: Publisher, change: AccountChange<BybitTerms>): void {
  publisher.collect(change)
  if (change.type !== 'booked' || change.record.type !== 'execution') return
  const { order, qty } = change.record
  if (order !== null && order.origin === 'owner' && order.intent === 'open' && order.filledQty.eq(qty)) venue.protection.attach(order)
}

function markLeg(venue: BybitVenue, leg: string, status: 'liquidation' | 'adl' | null): void {
  if (status === null) venue.legStatus.delete(leg)
  else venue.legStatus.set(leg, status === 'adl' ? 'Adl' : 'Liq')
}

function accountOf(options: BybitLabOptions, parts: { readonly symbols: readonly MarketSymbol[]; readonly startAt: TimeMs; readonly seed: string; readonly onChange: (change: AccountChange<BybitTerms>) => void }): VenueAccount<BybitTerms> {
  const leverage = decimal(options.leverage ?? '10')
  return new VenueAccount<BybitTerms>({
    profile: options.profile, positionMode: options.positionMode ?? 'one-way', marginMode: options.marginMode ?? 'cross', startingBalance: decimal(options.balance ?? '10000'), fillAt: 'open',
    symbols: parts.symbols.map(({ instrument, candles, marks, funding }): SandboxSymbol => ({
      instrument, leverage, candles: livedFrom(candles, parts.startAt), ...(marks === undefined ? {} : { marks: livedFrom(marks, parts.startAt) }), ...(funding === undefined ? {} : { funding }),
    })),
    seed: parts.seed, onChange: parts.onChange, ...(options.sim === undefined ? {} : { sim: options.sim }),
  })
}

/** The minute before the start and those after it: the account lives from there on. */
function livedFrom(columns: CandleColumns, startAt: TimeMs): CandleColumns {
  const skip = Math.max(0, Math.round((startAt - columns.start) / columns.step) - 1)
  const cut = (column: Float64Array): Float64Array => column.subarray(skip, columns.length)
  return { start: columns.start + skip * columns.step, step: columns.step, length: columns.length - skip, open: cut(columns.open), high: cut(columns.high), low: cut(columns.low), close: cut(columns.close), volume: cut(columns.volume) }
}

function marketOf({ market, profile }: BybitLabOptions): { readonly symbols: readonly MarketSymbol[]; readonly startAt: TimeMs; readonly idleVolume?: number } {
  const instrumentOf = (symbol: string): Instrument => profile.instruments.get(symbol) ?? unknownInstrument(symbol)
  if (market.type === 'candles') return { startAt: market.from, idleVolume: 0, symbols: Object.entries(market.series).map(([symbol, series]) => ({ instrument: instrumentOf(symbol), ...series })) }
  const { historyMinutes = DEFAULT_HISTORY_MINUTES } = market
  const startAt = market.startAt ?? Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  return { startAt, symbols: Object.entries(market.prices).map(([symbol, price]) => ({ instrument: instrumentOf(symbol), candles: standing(Number(price), startAt, Math.max(1, historyMinutes)) })) }
}

function standing(price: number, until: TimeMs, length: number): CandleColumns {
  const column = (value: number): Float64Array => new Float64Array(length).fill(value)
  return { start: until - length * MINUTE_MS, step: MINUTE_MS, length, open: column(price), high: column(price), low: column(price), close: column(price), volume: column(1000) }
}

function credentialsOf(seed: string): Credentials {
  return { key: `lab-key-${seed}`, secret: `lab-secret-${seed}` }
}

