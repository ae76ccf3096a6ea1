/**
 * A venue in memory over the sandbox's matching: it speaks the reports of a connection, knows orders by client id only, and can be told to
 * lose answers, repeat and hold back news. It outlives the processes that connect to it.
 */
import {
  decimal, entryPriceOf, HedgerowError, InMemoryPositionStore, Ledger, LEGS, ZERO, type ExchangeEvent, type ExecutionReport, type Filled, type FundingReport, type HistoryQuery, type ListedInstrument, type Order, type OrderAddress,
  type OrderReport, type PositionMode, type PositionReport, type SeriesRows, type SettingAnswer, type SnapshotQuery, type Submission, type SymbolSettings, type TimeMs, type VenueAmendment, type VenueConnection, type VenueReport,
  type VenueSink, type VenueSnapshot, type WalletReport, sideOf, type CandleColumns, type Decimal, type Leg, type MarginMode,
} from '@hedgerow/core'
import { SandboxExchange, type SandboxOptions } from '@hedgerow/driver-sandbox'
import type { VirtualTimers } from './virtual-timers.ts'

interface VenueOrder {
  readonly clientId: string | null
  readonly venueOrderId: string
  order: Order
  status: OrderReport['status']
  filledQty: Decimal
}

/** What the venue does wrong, for as long as it is set. */
export interface Faults {
  /** The answer of a command is lost after it was carried out. */
  loseAnswers?: boolean
  /** The command itself is lost: nothing is carried out, nothing answered. */
  loseCommands?: boolean
  /** Reports of orders and executions are not told. */
  mute?: boolean
  /** Each report is told so many times. */
  repeat?: number
  /** Questions fail. */
  unreachable?: boolean
  /** Nothing of the market is told: its socket is down. */
  marketDown?: boolean
  /** Candles of these symbols are not told. */
  late?: readonly string[]
  /** Questions for history fail, or are never answered. */
  history?: 'fails' | 'silent'
  /** Candles that start at these times are in no history. */
  unlisted?: readonly TimeMs[]
  /** The next submission is refused: its timestamp is off. */
  clockSkew?: boolean
}

export interface FakeVenueOptions extends Omit<SandboxOptions, 'sink'> {
  readonly timers: VirtualTimers
  readonly venueMode?: PositionMode
}

const CODES: Readonly<Record<string, string>> = { TRIGGER_ALREADY_PASSED: '110093', INSUFFICIENT_MARGIN: '110007' }

export class FakeVenue {
  readonly faults: Faults = {}
  /** Called before each report. */
  onReport: () => void = () => {}
  /** Called when history is asked for. */
  onAsked: () => void = () => {}
  /** Ranges of history that were asked for: `ETHUSDT start end`, in minutes since the first candle. */
  readonly asked: string[] = []
  /** Everything that arrived, in order. */
  readonly requests: { readonly kind: string; readonly clientId: string; readonly order?: Order; readonly positionMode?: PositionMode }[] = []
  readonly executions: ExecutionReport[] = []
  readonly funding: FundingReport[] = []
  mode: PositionMode
  marginMode: MarginMode
  readonly leverage = new Map<string, Readonly<Record<Leg, Decimal>>>()
  readonly #options: FakeVenueOptions
  readonly #sandbox: SandboxExchange
  readonly #book: InMemoryPositionStore
  readonly #orders = new Map<number, VenueOrder>()
  readonly #byClientId = new Map<string, VenueOrder>()
  #connection: FakeConnection | null = null
  #nextId = 1

  constructor(options: FakeVenueOptions) {
    const { profile, startingBalance, symbols } = options
    this.#options = options
    this.mode = options.venueMode ?? options.positionMode
    this.marginMode = options.marginMode
    for (const { instrument, leverage } of symbols) this.leverage.set(instrument.symbol, 'long' in leverage ? leverage : { long: leverage, short: leverage })
    this.#book = new InMemoryPositionStore(new Ledger({ wallet: startingBalance, money: profile.money, isolated: null }))
    this.#sandbox = new SandboxExchange({ ...options, sink: (event) => { this.#happened(event) } })
  }

  /** A new connection; the one before is dead. */
  connect(): FakeConnection {
    if (this.#connection !== null) this.#connection.sink = null
    this.#connection = new FakeConnection(this)
    return this.#connection
  }

  /** Orders that may still fill, as a snapshot lists them. */
  openOrders(): OrderReport[] {
    return [...this.#orders.values()].filter(({ status }) => status === 'open' || status === 'triggered' || status === 'partially-filled').map((row) => this.reportOf(row))
  }

  /** Client ids of the orders that were placed, in order. */
  placed(): string[] {
    return [...this.#orders.values()].flatMap(({ clientId }) => (clientId === null ? [] : [clientId]))
  }

  /** Books funding on both legs, at the last price. */
  settle(symbol: string, rate: string): void {
    const mark = this.#sandbox.priceOf(symbol) ?? ZERO
    for (const leg of LEGS) {
      const qty = this.held(symbol, leg)
      const amount = qty.times(mark).times(decimal(rate)).times(decimal(leg === 'long' ? '-1' : '1'))
      if (!qty.isZero()) this.#happened({ type: 'funding.settled', at: this.#now(), symbol, leg, qty, mark, rate: decimal(rate), amount })
    }
  }

  held(symbol: string, leg: Leg): Decimal {
    return this.#book.pair(symbol)[leg].qty
  }

  get wallet(): Decimal {
    return this.#book.wallet
  }

  /** Lets the market move to a time, tells prices and closed candles. */
  to(at: TimeMs): void {
    this.#sandbox.advanceTo(at)
    for (const { instrument: { symbol }, candles } of this.#options.symbols) {
      const last = this.#sandbox.priceOf(symbol)
      if (this.faults.marketDown === true) continue
      if (last !== null) this.say({ type: 'price', at, symbol, last, mark: this.#sandbox.markOf(symbol) ?? last })
      if (this.faults.late?.includes(symbol) === true) continue
      const row = (at - candles.start) / candles.step - 1
      if (Number.isInteger(row) && row >= 0 && row < candles.length) this.say({ type: 'candle', at, symbol, timeframe: '1m', candle: candleOf(candles, row) })
    }
    this.say({ type: 'stream', at, stream: 'account', state: 'up', reconnected: false, reason: '' })
  }

  /** Prices again, with nothing happening: the market is quiet and alive. */
  tickle(): void {
    for (const { instrument: { symbol } } of this.#options.symbols) {
      const last = this.#sandbox.priceOf(symbol)
      if (last !== null && this.faults.marketDown !== true) this.say({ type: 'price', at: this.#now(), symbol, last, mark: last })
    }
    this.say({ type: 'stream', at: this.#now(), stream: 'account', state: 'up', reconnected: false, reason: '' })
  }

  /** The socket of the market goes down, or is there again. */
  market(state: 'down' | 'up'): void {
    this.faults.marketDown = state === 'down'
    this.say({ type: 'stream', at: this.#now(), stream: 'market', state, reconnected: state === 'up', reason: state === 'up' ? '' : 'cut' })
  }

  /** An order by hand, by somebody else. */
  foreignOrder(order: Pick<Order, 'symbol' | 'leg' | 'intent' | 'type' | 'qty'> & Partial<Order>, clientId: string | null = 'web-1'): void {
    this.#place({ timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: '', createdAt: this.#now(), ...order, id: 0 }, clientId)
    this.#sandbox.arrive()
  }

  /** Takes an order back as the venue does by itself. */
  drop(clientId: string): void {
    const row = this.#byClientId.get(clientId)
    if (row !== undefined) this.#sandbox.cancel(row.order.id)
  }

  say(report: VenueReport): void {
    this.onReport()
    for (let time = 0; time < (this.faults.repeat ?? 1); time++) this.#connection?.sink?.(report)
  }

  submit({ clientId, order, positionMode }: Submission): void {
    this.requests.push({ kind: 'submit', clientId, order, positionMode })
    if (this.faults.loseCommands === true) return this.#answerLost('submit', clientId)
    if (this.faults.clockSkew === true) {
      this.faults.clockSkew = false
      return this.say({ type: 'refused', at: this.#now(), command: 'submit', clientId, code: '10002', message: 'invalid request, please check your server timestamp' })
    }
    if (this.#byClientId.has(clientId)) return this.say({ type: 'refused', at: this.#now(), command: 'submit', clientId, code: '110072', message: 'duplicate' })
    if (positionMode !== this.mode) return this.say({ type: 'refused', at: this.#now(), command: 'submit', clientId, code: '10001', message: 'position idx not match position mode' })
    if (order.intent === 'close' && this.held(order.symbol, order.leg).isZero()) return this.say({ type: 'refused', at: this.#now(), command: 'submit', clientId, code: '110017', message: 'current position is zero' })
    const { group: _group, bracket: _bracket, expiresAt: _expiresAt, ...bare } = order
    const row = this.#place(bare, clientId)
    if (this.faults.loseAnswers === true) this.#answerLost('submit', clientId)
    else this.say({ type: 'taken', at: this.#now(), command: 'submit', clientId, venueOrderId: row.venueOrderId })
    this.#sandbox.arrive()
  }

  cancel({ clientId, venueOrderId }: OrderAddress): void {
    this.requests.push({ kind: 'cancel', clientId })
    const row = this.#byClientId.get(clientId) ?? [...this.#orders.values()].find((each) => each.venueOrderId === venueOrderId)
    if (this.faults.loseCommands === true) return this.#answerLost('cancel', clientId)
    if (row === undefined || isDone(row)) return this.say({ type: 'refused', at: this.#now(), command: 'cancel', clientId, code: '110001', message: 'order not exists or too late to cancel' })
    if (this.faults.loseAnswers === true) this.#answerLost('cancel', clientId)
    else this.say({ type: 'taken', at: this.#now(), command: 'cancel', clientId, venueOrderId: row.venueOrderId })
    this.#sandbox.cancel(row.order.id)
  }

  amend({ clientId, change }: VenueAmendment): void {
    this.requests.push({ kind: 'amend', clientId })
    const row = this.#byClientId.get(clientId)
    if (this.faults.loseCommands === true) return this.#answerLost('amend', clientId)
    if (row === undefined || isDone(row)) return this.say({ type: 'refused', at: this.#now(), command: 'amend', clientId, code: '110001', message: 'order not exists' })
    this.say({ type: 'taken', at: this.#now(), command: 'amend', clientId, venueOrderId: row.venueOrderId })
    this.#sandbox.amend(row.order.id, change)
    this.#sandbox.arrive()
  }

  find(clientId: string): OrderReport | null {
    const row = this.#byClientId.get(clientId)
    return row === undefined ? null : this.reportOf(row)
  }

  snapshot({ symbols, since }: SnapshotQuery): VenueSnapshot {
    const at = this.#now()
    return {
      at, settings: symbols.map((symbol) => this.settings(symbol)), positions: symbols.flatMap((symbol) => LEGS.map((leg) => this.#position(symbol, leg))), orders: this.openOrders(), wallet: this.#wallet(),
      executions: this.executions.filter((execution) => execution.at >= since), funding: this.funding.filter((row) => row.at >= since),
    }
  }

  settings(symbol: string): SymbolSettings {
    return { symbol, positionMode: this.mode, marginMode: this.marginMode, leverage: this.leverage.get(symbol) ?? { long: decimal('1'), short: decimal('1') } }
  }

  switchMode(symbol: string, mode: PositionMode): SettingAnswer {
    if (mode === this.mode) return { outcome: 'already' }
    if (LEGS.some((leg) => !this.held(symbol, leg).isZero())) return { outcome: 'blocked', by: 'positions', code: '110024', message: 'You have an existing position, so position mode cannot be switched' }
    if (this.openOrders().length > 0) return { outcome: 'blocked', by: 'orders', code: '110028', message: 'You have existing orders, so position mode cannot be switched' }
    this.mode = mode
    return { outcome: 'changed' }
  }

  history(query: HistoryQuery): SeriesRows {
    const found = this.#options.symbols.find(({ instrument }) => instrument.symbol === query.symbol)
    const rows: { time: number[]; columns: Record<'open' | 'high' | 'low' | 'close' | 'volume', number[]> } = { time: [], columns: { open: [], high: [], low: [], close: [], volume: [] } }
    if (found === undefined) throw new Error(query.symbol)
    this.onAsked()
    this.asked.push([query.symbol, ...[query.start ?? 0, query.end ?? 0].map((at) => (at - found.candles.start) / found.candles.step)].join(' '))
    for (let row = 0; row < found.candles.length; row++) {
      const candle = candleOf(found.candles, row)
      if (candle.time < (query.start ?? 0) || candle.time >= (query.end ?? Infinity) || candle.time + 60_000 > this.#now() || this.faults.unlisted?.includes(candle.time) === true) continue
      rows.time.push(candle.time)
      for (const key of ['open', 'high', 'low', 'close', 'volume'] as const) rows.columns[key].push(candle[key])
    }
    return { time: Float64Array.from(rows.time), columns: Object.fromEntries(Object.entries(rows.columns).map(([key, values]) => [key, Float64Array.from(values)])) }
  }

  instruments(): ListedInstrument[] {
    return this.#options.symbols.map(({ instrument }) => ({ instrument, trading: true }))
  }

  reportOf({ clientId, venueOrderId, order, status, filledQty }: VenueOrder): OrderReport {
    const { symbol, leg, intent, type, qty, price, trigger, triggerBy } = order
    return {
      type: 'order', at: this.#now(), symbol, leg, intent, side: sideOf(leg, intent), clientId, venueOrderId, status, orderType: type, qty, filledQty, price: price ?? null, trigger: trigger ?? null, triggerBy: triggerBy ?? null, sequence: null, reason: null,
    }
  }

  #place(order: Order, clientId: string | null): VenueOrder {
    const id = this.#nextId++
    const row: VenueOrder = { clientId, venueOrderId: `v${id}`, order: { ...order, id }, status: 'open', filledQty: ZERO }
    this.#orders.set(id, row)
    if (clientId !== null) this.#byClientId.set(clientId, row)
    this.#sandbox.submit(row.order)
    return row
  }

  #happened(event: ExchangeEvent): void {
    if (event.type === 'order.filled' || event.type === 'funding.settled' || event.type === 'account.posted') this.#book.apply(event)
    if (event.type === 'order.filled') return this.#filled(event)
    if (event.type === 'funding.settled') {
      const row: FundingReport = { ...event, type: 'funding', fundingId: `f${this.funding.length}`, leg: null }
      this.funding.push(row)
      this.#news(row)
      return
    }
    if (!('orderId' in event)) return
    const row = this.#orders.get(event.orderId)
    if (row === undefined) return
    if (event.type === 'order.rejected') {
      row.status = 'rejected'
      if (row.clientId !== null) this.#news({ type: 'refused', at: event.at, command: 'submit', clientId: row.clientId, code: CODES[event.code] ?? '1', message: event.code })
      return
    }
    if (event.type === 'order.triggered') row.status = 'triggered'
    if (event.type === 'order.canceled' || event.type === 'order.expired') row.status = 'canceled'
    if (event.type === 'order.amended' || event.type === 'order.reduced') row.order = { ...row.order, qty: event.qty, ...('price' in event && event.price !== undefined && { price: event.price }), ...('trigger' in event && event.trigger !== undefined && { trigger: event.trigger }) }
    this.#news(this.reportOf(row))
  }

  #filled(event: Filled): void {
    const row = event.orderId === null ? undefined : this.#orders.get(event.orderId)
    if (row !== undefined) {
      row.filledQty = row.filledQty.plus(event.qty)
      row.status = row.filledQty.gte(row.order.qty) ? 'filled' : 'partially-filled'
    }
    const { at, fillId, symbol, leg, intent, price, qty, fee, liquidity, source } = event
    const execution: ExecutionReport = {
      type: 'execution', at, executionId: fillId, symbol, leg: null, side: sideOf(leg, intent), clientId: row?.clientId ?? null, venueOrderId: row?.venueOrderId ?? 'system', price, qty, fee, feeAsset: 'USDT', closedQty: intent === 'close' ? qty : ZERO, liquidity,
      source: source === 'liquidation' || source === 'adl' ? source : 'trade', sequence: null,
    }
    this.executions.push(execution)
    this.#news(execution)
    if (row !== undefined) this.#news(this.reportOf(row))
    this.#news(this.#position(symbol, leg))
    this.#news(this.#wallet())
  }

  #news(report: VenueReport): void {
    if (this.faults.mute !== true) this.say(report)
  }

  #answerLost(command: 'submit' | 'cancel' | 'amend', clientId: string): void {
    this.say({ type: 'unanswered', at: this.#now(), command, clientId, found: 'no answer within 5 s' })
  }

  #position(symbol: string, leg: Leg): PositionReport {
    const position = this.#book.pair(symbol)[leg]
    return { type: 'position', at: this.#now(), symbol, leg, mode: this.mode, qty: position.qty, entryPrice: entryPriceOf(position), markPrice: null, unrealisedPnl: null, liquidationPrice: null, initialMargin: null, maintenanceMargin: null, leverage: null, sequence: null }
  }

  #wallet(): WalletReport {
    return { type: 'wallet', at: this.#now(), asset: 'USDT', balance: this.wallet, equity: null, available: null, initialMargin: null, maintenanceMargin: null }
  }

  #now(): TimeMs {
    return this.#options.timers.now()
  }
}

/** One process's connection to the venue. */
export class FakeConnection implements VenueConnection {
  readonly budgets = { submit: 'create', amend: 'amend', cancel: 'cancel', query: 'queries' } as const
  sink: VenueSink | null = null
  /** Stands between a command and the wire: call `send` for it to arrive. */
  gate: (kind: 'submit' | 'cancel' | 'amend', send: () => void) => void = (_kind, send) => { send() }
  readonly #venue: FakeVenue
  #isClosed = false

  constructor(venue: FakeVenue) {
    this.#venue = venue
  }

  async connect(sink: VenueSink): Promise<void> {
    this.sink = sink
    this.#venue.tickle()
  }

  setClockOffset(): void {}

  submit(submission: Submission): void {
    if (!this.#isClosed) this.gate('submit', () => { this.#venue.submit(submission) })
  }

  cancel(address: OrderAddress): void {
    if (!this.#isClosed) this.gate('cancel', () => { this.#venue.cancel(address) })
  }

  amend(amendment: VenueAmendment): void {
    if (!this.#isClosed) this.gate('amend', () => { this.#venue.amend(amendment) })
  }

  async serverTime(): Promise<TimeMs> {
    return this.#ask().snapshot({ symbols: [], since: Infinity }).at
  }

  async account(): Promise<{ mayTrade: true; mayWithdraw: false; addressBound: true; expiresAt: null; kind: string }> {
    return { mayTrade: true, mayWithdraw: false, addressBound: true, expiresAt: null, kind: 'fake' }
  }

  async instruments(): Promise<readonly ListedInstrument[]> {
    return this.#ask().instruments()
  }

  async snapshot(query: SnapshotQuery): Promise<VenueSnapshot> {
    return this.#ask().snapshot(query)
  }

  async findOrder(clientId: string): Promise<OrderReport | null> {
    return this.#ask().find(clientId)
  }

  async setPositionMode(symbol: string, mode: PositionMode): Promise<SettingAnswer> {
    return this.#ask().switchMode(symbol, mode)
  }

  async setMarginMode(_symbol: string, mode: MarginMode): Promise<SettingAnswer> {
    this.#ask().marginMode = mode
    return { outcome: 'changed' }
  }

  async setLeverage(symbol: string, leverage: Readonly<Record<Leg, Decimal>>): Promise<SettingAnswer> {
    this.#ask().leverage.set(symbol, leverage)
    return { outcome: 'changed' }
  }

  async *history(query: HistoryQuery): AsyncGenerator<SeriesRows> {
    const venue = this.#ask()
    if (venue.faults.history === 'silent') await new Promise<void>(() => {})
    if (venue.faults.history === 'fails') throw new HedgerowError('VENUE_UNREACHABLE', { where: 'fake venue', found: 'nothing' })
    yield venue.history(query)
  }

  async close(): Promise<void> {
    this.kill()
  }

  /** The process is gone: nothing leaves, nothing is heard. */
  kill(): void {
    this.#isClosed = true
    this.sink = null
  }

  #ask(): FakeVenue {
    if (this.#venue.faults.unreachable === true) throw new HedgerowError('VENUE_UNREACHABLE', { where: 'fake venue', found: 'nothing' })
    return this.#venue
  }
}

function isDone({ status }: VenueOrder): boolean {
  return status === 'filled' || status === 'canceled' || status === 'rejected' || status === 'expired'
}

function candleOf({ start, step, open, high, low, close, volume }: CandleColumns, row: number): { time: number; open: number; high: number; low: number; close: number; volume: number } {
  const at = (column: Float64Array): number => column[row] ?? Number.NaN
  return { time: start + row * step, open: at(open), high: at(high), low: at(low), close: at(close), volume: at(volume) }
}
