/**
 * A paper account: prices of the venue, fills of the sandbox. Each minute that closes is walked by the same matching as in a backtest; an order
 * that arrives in between meets the close of the last minute. To the engine it is a venue like any other.
 */
import {
  candlesIn, decimal, entryPriceOf, LEGS, MINUTE_MS, sideOf, timeText, ZERO, type AccountReport, type Candle, type CandleReport, type ExchangeEvent, type ExecutionReport, type Filled, type HistoryQuery, type Leg, type ListedInstrument, type Logger, type MarginMode, type Order,
  type OrderAddress, type OrderReport, type PositionMode, type PositionReport, type SeriesRows, type SettingAnswer, type SnapshotQuery, type Submission, type Subscriptions, type TimeMs, type TradedSymbol, type VenueAmendment,
  type VenueConnection, type VenueProfile, type VenueReport, type VenueSink, type VenueSnapshot, type WalletReport, type CandleColumns, type Decimal,
} from '@hedgerow/core'
import { SandboxExchange } from '@hedgerow/driver-sandbox'
import { readBook, writeBook, type PaperState } from './paper-book.ts'

/** What a paper account is made of. */
export interface PaperOptions {
  /** Where prices come from; it needs no key. */
  readonly market: VenueConnection
  readonly profile: VenueProfile
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  readonly fee: { readonly maker: Decimal; readonly taker: Decimal }
  readonly symbols: ReadonlyMap<string, TradedSymbol>
  readonly startingBalance: Decimal
  /** File of the book. */
  readonly book: string
  readonly now: () => TimeMs
  readonly logger: Logger
}

interface Row {
  readonly clientId: string
  readonly venueOrderId: string
  /** Filled in an earlier process: the order at the sandbox is what was left of it. */
  readonly before: Decimal
  order: Order
  status: OrderReport['status']
  filledQty: Decimal
}

/** Executions that the book keeps for a restart. */
const KEPT_EXECUTIONS = 500
/** Minutes of history that the account begins with; one less while a candle of the last one is to come. */
const FIRST_MINUTES = 3

/** The account of one process. */
export class PaperConnection implements VenueConnection {
  readonly budgets: VenueConnection['budgets']
  readonly #options: PaperOptions
  readonly #rows = new Map<number, Row>()
  readonly #byClientId = new Map<string, Row>()
  /** Closed candles that were heard and are not walked yet. */
  readonly #heard: CandleReport[] = []
  readonly #minute = new Map<string, CandleReport>()
  #isWalking = false
  #sandbox: SandboxExchange | null = null
  #sink: VenueSink | null = null
  #executions: ExecutionReport[] = []
  #lastId = 0
  #isRestoring = false

  constructor(options: PaperOptions) {
    this.#options = options
    this.budgets = options.market.budgets
  }

  async connect(sink: VenueSink, subscriptions: Subscriptions): Promise<void> {
    this.#sink = sink
    this.#restore(readBook(this.#options.book), await this.#firstMinutes())
    await this.#options.market.connect((report) => { this.#hear(report) }, { ...subscriptions, account: false })
    this.#alive()
  }

  setClockOffset(offsetMs: number): void {
    this.#options.market.setClockOffset(offsetMs)
  }

  submit({ clientId, order }: Submission): void {
    if (this.#byClientId.has(clientId)) return this.#say({ type: 'unanswered', at: this.#now(), command: 'submit', clientId, found: 'an order of this id is there' })
    const { group: _group, bracket: _bracket, expiresAt: _expiresAt, tag: _tag, ...bare } = order
    const row = this.#place(bare, clientId)
    this.#say({ type: 'taken', at: this.#now(), command: 'submit', clientId, venueOrderId: row.venueOrderId })
    this.#exchange().arrive()
    this.#save()
  }

  cancel({ clientId }: OrderAddress): void {
    const row = this.#byClientId.get(clientId)
    if (row !== undefined) this.#exchange().cancel(row.order.id)
    this.#say({ type: row === undefined ? 'unanswered' : 'taken', at: this.#now(), command: 'cancel', clientId, found: 'no such order', venueOrderId: row?.venueOrderId ?? null })
    this.#save()
  }

  amend({ clientId, change }: VenueAmendment): void {
    const row = this.#byClientId.get(clientId)
    if (row === undefined || isDone(row)) return this.#say({ type: 'unanswered', at: this.#now(), command: 'amend', clientId, found: 'no such order' })
    this.#say({ type: 'taken', at: this.#now(), command: 'amend', clientId, venueOrderId: row.venueOrderId })
    this.#exchange().amend(row.order.id, change.qty === undefined ? change : { ...change, qty: change.qty.minus(row.before) })
    this.#exchange().arrive()
    this.#save()
  }

  serverTime(): Promise<TimeMs> {
    return this.#options.market.serverTime()
  }

  async account(): Promise<AccountReport> {
    return { mayTrade: true, mayWithdraw: false, addressBound: null, expiresAt: null, kind: 'paper' }
  }

  instruments(): Promise<readonly ListedInstrument[]> {
    return this.#options.market.instruments()
  }

  async snapshot({ symbols, since }: SnapshotQuery): Promise<VenueSnapshot> {
    const { positionMode, marginMode } = this.#options
    return {
      at: this.#options.now(), wallet: this.#wallet(), orders: [...this.#rows.values()].filter((row) => !isDone(row)).map((row) => this.#orderReport(row)), executions: this.#executions.filter(({ at }) => at >= since), funding: [],
      settings: symbols.map((symbol) => ({ symbol, positionMode, marginMode, leverage: this.#traded(symbol).leverage })), positions: symbols.flatMap((symbol) => LEGS.map((leg) => this.#position(symbol, leg))),
    }
  }

  async findOrder(clientId: string): Promise<OrderReport | null> {
    const row = this.#byClientId.get(clientId)
    return row === undefined ? null : this.#orderReport(row)
  }

  async setPositionMode(): Promise<SettingAnswer> {
    return { outcome: 'already' }
  }

  async setMarginMode(): Promise<SettingAnswer> {
    return { outcome: 'already' }
  }

  async setLeverage(): Promise<SettingAnswer> {
    return { outcome: 'already' }
  }

  history(query: HistoryQuery): AsyncIterable<SeriesRows> {
    return this.#options.market.history(query)
  }

  async close(): Promise<void> {
    this.#sink = null
    await this.#options.market.close()
  }

  #exchange(): SandboxExchange {
    if (this.#sandbox === null) throw new Error('the paper account is not connected')
    return this.#sandbox
  }

  #now(): TimeMs {
    return this.#exchange().now()
  }

  #say(report: VenueReport): void {
    if (!this.#isRestoring) this.#sink?.(report)
  }

  /** A paper account lives while its market does. */
  #alive(): void {
    this.#say({ type: 'stream', at: this.#options.now(), stream: 'account', state: 'up', reconnected: false, reason: '' })
  }

  #hear(report: VenueReport): void {
    if (report.type === 'candle' && report.timeframe === '1m') {
      this.#heard.push(report)
      void this.#walkOn()
      return
    }
    this.#say(report)
    if (report.type === 'stream' || report.type === 'price') this.#alive()
  }

  /** One minute after the other: those that were missed have to be asked for. */
  async #walkOn(): Promise<void> {
    if (this.#isWalking) return
    this.#isWalking = true
    for (let report = this.#heard.shift(); report !== undefined; report = this.#heard.shift()) {
      const [waiting] = this.#minute.values()
      // oxlint-disable-next-line no-await-in-loop -- minutes are walked one after the other
      if (waiting !== undefined && report.at > waiting.at) await this.#walk()
      this.#minute.set(report.symbol, report)
      // oxlint-disable-next-line no-await-in-loop -- see above
      if (this.#minute.size === this.#options.symbols.size) await this.#walk()
    }
    this.#isWalking = false
  }

  /** Walks the minute that has closed and those that were missed before it, then tells its candles. */
  async #walk(): Promise<void> {
    const candles = [...this.#minute.values()]
    this.#minute.clear()
    const at = candles[0]?.at ?? 0
    const from = this.#now()
    const missed = at > from + MINUTE_MS || candles.length < this.#options.symbols.size ? await this.#missed(from, at) : new Map<TimeMs, ReadonlyMap<string, Candle>>()
    if (this.#sink === null) return
    if (at > from) {
      const own = candles.map(({ symbol, candle }): [string, Candle] => [symbol, candle])
      for (let close = from + MINUTE_MS; close <= at; close += MINUTE_MS) this.#exchange().desk.extend({ last: new Map([...missed.get(close) ?? [], ...(close === at ? own : [])]) })
      this.#exchange().advanceTo(at)
      this.#save()
    }
    for (const candle of candles) this.#say(candle)
  }

  /** What the stream did not bring, by the close of the minute: what rests is matched on it, as at the venue. */
  async #missed(start: TimeMs, end: TimeMs): Promise<ReadonlyMap<TimeMs, ReadonlyMap<string, Candle>>> {
    const found = new Map<TimeMs, Map<string, Candle>>()
    for (const symbol of this.#options.symbols.keys()) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- history is not urgent
        for (const candle of await candlesIn(this.#options.market.history({ symbol, kind: 'candles', timeframe: '1m', start, end }))) {
          const minute = found.get(candle.time + MINUTE_MS) ?? new Map<string, Candle>()
          found.set(candle.time + MINUTE_MS, minute.set(symbol, candle))
        }
      } catch (error) {
        this.#options.logger.log('warn', `paper: ${symbol} orders are not matched on the candles from ${timeText(start)} to ${timeText(end)}, which were missed: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    return found
  }

  async #firstMinutes(): Promise<ReadonlyMap<string, CandleColumns>> {
    const { market, symbols, now } = this.#options
    const end = Math.floor(now() / MINUTE_MS) * MINUTE_MS
    const start = end - FIRST_MINUTES * MINUTE_MS
    const found = new Map<string, CandleColumns>()
    for (const symbol of symbols.keys()) {
      const columns = { open: new Float64Array(FIRST_MINUTES).fill(Number.NaN), high: new Float64Array(FIRST_MINUTES).fill(Number.NaN), low: new Float64Array(FIRST_MINUTES).fill(Number.NaN), close: new Float64Array(FIRST_MINUTES).fill(Number.NaN), volume: new Float64Array(FIRST_MINUTES).fill(Number.NaN) }
      for await (const page of market.history({ symbol, kind: 'candles', timeframe: '1m', start, end })) {
        page.time.forEach((time, row) => { for (const [name, column] of Object.entries(columns)) column[(time - start) / MINUTE_MS] = page.columns[name]?.[row] ?? Number.NaN })
      }
      found.set(symbol, { start, step: MINUTE_MS, length: FIRST_MINUTES, ...columns })
    }
    const isComplete = [...found.values()].every(({ close }) => !Number.isNaN(close[FIRST_MINUTES - 1]))
    return isComplete ? found : new Map([...found].map(([symbol, columns]) => [symbol, { ...columns, length: FIRST_MINUTES - 1 }]))
  }

  #restore(state: PaperState | null, candles: ReadonlyMap<string, CandleColumns>): void {
    const { profile, positionMode, marginMode, fee, symbols, startingBalance } = this.#options
    this.#isRestoring = true
    this.#sandbox = new SandboxExchange({
      profile, positionMode, marginMode, fee, fillAt: 'open', startingBalance: state?.wallet ?? startingBalance, seedPositions: state?.legs ?? [], sink: (event) => { this.#happened(event) },
      symbols: [...symbols].flatMap(([symbol, { instrument, leverage }]) => {
        const own = candles.get(symbol)
        return own === undefined ? [] : [{ instrument, leverage, candles: own }]
      }),
    })
    const [first] = candles.values()
    if (first !== undefined) this.#sandbox.advanceTo(first.start + first.length * MINUTE_MS)
    this.#lastId = state?.lastId ?? 0
    this.#executions = [...(state?.executions ?? [])]
    for (const { clientId, order, filledQty } of state?.orders ?? []) this.#place({ ...order, qty: order.qty.minus(filledQty) }, clientId, filledQty)
    this.#sandbox.arrive()
    this.#isRestoring = false
  }

  #place(order: Order, clientId: string, before: Decimal = ZERO): Row {
    const id = ++this.#lastId
    const row: Row = { clientId, venueOrderId: `paper-${id}`, before, order: { ...order, id }, status: 'open', filledQty: ZERO }
    this.#rows.set(id, row)
    this.#byClientId.set(clientId, row)
    this.#exchange().submit(row.order)
    return row
  }

  #happened(event: ExchangeEvent): void {
    if (event.type === 'order.filled') return this.#filled(event)
    if (!('orderId' in event)) return
    const row = this.#rows.get(event.orderId)
    if (row === undefined) return
    if (event.type === 'order.rejected' || event.type === 'order.canceled' || event.type === 'order.expired') row.status = event.type === 'order.rejected' ? 'rejected' : event.type === 'order.expired' ? 'expired' : 'canceled'
    if (event.type === 'order.triggered') row.status = 'triggered'
    if (event.type === 'order.amended' || event.type === 'order.reduced') row.order = { ...row.order, qty: event.qty, ...('price' in event && event.price !== undefined && { price: event.price }), ...('trigger' in event && event.trigger !== undefined && { trigger: event.trigger }) }
    this.#say(this.#orderReport(row))
  }

  #filled({ at, orderId, symbol, leg, intent, price, qty, fee, liquidity, source }: Filled): void {
    const row = orderId === null ? undefined : this.#rows.get(orderId)
    if (row !== undefined) {
      row.filledQty = row.filledQty.plus(qty)
      row.status = row.filledQty.gte(row.order.qty) ? 'filled' : 'partially-filled'
    }
    const execution: ExecutionReport = {
      type: 'execution', at, executionId: `paper-${++this.#lastId}`, symbol, leg, side: sideOf(leg, intent), clientId: row?.clientId ?? null, venueOrderId: row?.venueOrderId ?? 'venue', price, qty, fee,
      feeAsset: this.#options.profile.settleAsset, closedQty: intent === 'close' ? qty : ZERO, liquidity, source: source === 'liquidation' || source === 'adl' ? source : 'trade', sequence: null,
    }
    this.#executions = [...this.#executions.slice(1 - KEPT_EXECUTIONS), execution]
    this.#say(execution)
    if (row !== undefined) this.#say(this.#orderReport(row))
    this.#say(this.#wallet())
  }

  #orderReport({ clientId, venueOrderId, before, order, status, filledQty }: Row): OrderReport {
    const { symbol, leg, intent, type, qty, price = null, trigger = null, triggerBy = null } = order
    return { type: 'order', at: this.#now(), symbol, leg, intent, side: sideOf(leg, intent), clientId, venueOrderId, status, orderType: type, qty: qty.plus(before), filledQty: filledQty.plus(before), price, trigger, triggerBy, sequence: null, reason: null }
  }

  #position(symbol: string, leg: Leg): PositionReport {
    const position = this.#exchange().desk.pair(symbol)[leg]
    return { type: 'position', at: this.#now(), symbol, leg, mode: this.#options.positionMode, qty: position.qty, entryPrice: entryPriceOf(position), markPrice: null, unrealisedPnl: null, liquidationPrice: null, initialMargin: null, maintenanceMargin: null, leverage: null, sequence: null }
  }

  #wallet(): WalletReport {
    return { type: 'wallet', at: this.#now(), asset: this.#options.profile.settleAsset, balance: this.#exchange().desk.wallet, equity: null, available: null, initialMargin: null, maintenanceMargin: null }
  }

  #save(): void {
    const { symbols, book } = this.#options
    const legs = [...symbols.keys()].flatMap((symbol) => LEGS.flatMap((leg) => {
      const position = this.#exchange().desk.pair(symbol)[leg]
      const entryPrice = entryPriceOf(position)
      return entryPrice === null ? [] : [{ symbol, leg, qty: position.qty, entryPrice: decimal(entryPrice.toFixed(12)) }]
    }))
    writeBook(book, { wallet: this.#exchange().desk.wallet, legs, executions: this.#executions, lastId: this.#lastId, orders: [...this.#rows.values()].filter((row) => !isDone(row)).map(({ clientId, venueOrderId, before, order, filledQty }) => ({ clientId, venueOrderId, order: { ...order, qty: order.qty.plus(before) }, filledQty: filledQty.plus(before) })) })
  }

  #traded(symbol: string): TradedSymbol {
    const traded = this.#options.symbols.get(symbol)
    if (traded === undefined) throw new Error(symbol)
    return traded
  }
}

function isDone({ status }: Row): boolean {
  return status === 'filled' || status === 'canceled' || status === 'expired' || status === 'rejected'
}
