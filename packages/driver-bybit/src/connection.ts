/** A live connection to Bybit: commands over HTTP, reports from two sockets, questions over HTTP. */
import { HedgerowError } from '@hedgerow/core'
import type {
  AccountReport, CommandTaken, Decimal, DriverEnvironment, HistoryQuery, Leg, ListedInstrument, MarginMode, OrderAddress, OrderReport, PositionMode, SeriesRows,
  SettingAnswer, SnapshotQuery, Submission, Subscriptions, TimeMs, VenueAmendment, VenueConnection, VenueReport, VenueSink, VenueSnapshot, VenueStream,
} from '@hedgerow/core'
import { loadExchangeClass, questionError, StreamKeeper, Transport, VenueFailure, type CcxtExchange, type HttpAnswer } from '@hedgerow/driver-ccxt'
import { findOrder, keyReport, serverTime, snapshot } from './account.ts'
import { configure, OPTIONS } from './addresses.ts'
import { BUDGETS, budgetReport, CREDENTIAL_CODES, orderIdOf, readAnswer } from './answer.ts'
import { SECRETS, type BybitConfig } from './config.ts'
import { history, listInstruments } from './history.ts'
import { amendFields, cancelFields, createFields, type Fields } from './mapping.ts'
import { readMessage } from './messages.ts'
import { setLeverage, setMarginMode, setPositionMode } from './settings.ts'
import { socketWord } from './socket-word.ts'
import { intervalOf } from './timeframes.ts'

const WHERE = 'driver-bybit'
const ACCOUNT_TOPICS = ['order', 'execution', 'position', 'wallet']

/** The members of ccxt's class for Bybit that sockets need. */
interface BybitClass extends CcxtExchange {
  /** Logs a socket in; signs the login with `milliseconds()`. */
  authenticate(url: string): Promise<unknown>
  /** Dials where needed and subscribes. Resolves at a message that ccxt parses; rejects when the socket closes or the venue refuses. */
  watchTopics(url: string, hashes: readonly string[], topics: readonly string[]): Promise<unknown>
}

/** Loads ccxt's class for Bybit; opens nothing. */
export async function openBybit(config: BybitConfig, environment: DriverEnvironment): Promise<VenueConnection> {
  return new BybitConnection(config, environment, await loadExchangeClass('bybit'))
}

class BybitConnection implements VenueConnection {
  readonly budgets: VenueConnection['budgets'] = BUDGETS
  readonly #config: BybitConfig
  readonly #environment: DriverEnvironment
  readonly #transport: Transport
  readonly #addresses: Readonly<Record<VenueStream, string>>
  readonly #keepers = new Map<VenueStream, StreamKeeper>()
  #sink: VenueSink | null = null
  #offsetMs = 0

  constructor(config: BybitConfig, environment: DriverEnvironment, Exchange: Awaited<ReturnType<typeof loadExchangeClass>>) {
    const { apiKey, apiSecret, timeoutMs, pingEveryMs } = config
    let addresses: Readonly<Record<VenueStream, string>> = { account: '', market: '' }
    this.#config = config
    this.#environment = environment
    this.#transport = new Transport({
      Exchange, timeoutMs, pingEveryMs,
      credentials: apiKey === undefined || apiSecret === undefined ? null : { apiKey, secret: apiSecret },
      options: { ...OPTIONS, recvWindow: config.recvWindowMs },
      configure: (exchange) => { addresses = configure(exchange, config) },
      tap: { answer: (answer) => { this.#answered(answer) }, message: (url, message) => this.#message(url, message) },
    })
    this.#addresses = addresses
  }

  async connect(sink: VenueSink, { symbols, timeframes, account }: Subscriptions): Promise<void> {
    const missing = Object.entries(SECRETS).filter(([field]) => !Object.hasOwn(this.#config, field))
    if (account && missing.length > 0) {
      throw new HedgerowError('CONFIG_INVALID', { where: WHERE, found: `no ${missing.map(([field]) => field).join(' and no ')}`, expected: `a key and its secret, from ${missing.map(([, variable]) => variable).join(' and ')}` })
    }
    this.#sink = sink
    const topics = symbols.flatMap((symbol) => [`tickers.${symbol}`, ...timeframes.map((timeframe) => `kline.${intervalOf(timeframe)}.${symbol}`)])
    try {
      const wanted = { market: topics, account: account ? ACCOUNT_TOPICS : [] }
      // A stream without topics has nothing to confirm.
      const streams = (['market', 'account'] as const).filter((stream) => wanted[stream].length > 0)
      await this.#ask(async () => { await Promise.all(streams.map((stream) => this.#open(stream, wanted[stream]))) })
    } catch (error) {
      await this.close()
      throw error
    }
  }

  setClockOffset(offsetMs: number): void {
    this.#offsetMs = offsetMs
    this.#transport.setClockOffset(offsetMs)
  }

  submit(submission: Submission): void {
    void this.#command('submit', submission.clientId, 'v5/order/create', createFields(submission))
  }

  cancel(address: OrderAddress): void {
    void this.#command('cancel', address.clientId, 'v5/order/cancel', cancelFields(address))
  }

  amend(amendment: VenueAmendment): void {
    void this.#command('amend', amendment.clientId, 'v5/order/amend', amendFields(amendment))
  }

  serverTime(): Promise<TimeMs> {
    return this.#ask(() => serverTime(this.#transport))
  }

  account(): Promise<AccountReport> {
    return this.#ask(() => keyReport(this.#transport))
  }

  instruments(): Promise<readonly ListedInstrument[]> {
    return this.#ask(() => listInstruments(this.#transport, this.#environment.logger))
  }

  snapshot(query: SnapshotQuery): Promise<VenueSnapshot> {
    return this.#ask(() => snapshot(this.#transport, query))
  }

  findOrder(clientId: string, symbol: string): Promise<OrderReport | null> {
    return this.#ask(() => findOrder(this.#transport, clientId, symbol))
  }

  setPositionMode(symbol: string, mode: PositionMode): Promise<SettingAnswer> {
    return this.#ask(() => setPositionMode(this.#transport, symbol, mode))
  }

  setMarginMode(_symbol: string, mode: MarginMode): Promise<SettingAnswer> {
    return this.#ask(() => setMarginMode(this.#transport, mode))
  }

  setLeverage(symbol: string, leverage: Readonly<Record<Leg, Decimal>>): Promise<SettingAnswer> {
    return this.#ask(() => setLeverage(this.#transport, symbol, leverage))
  }

  async* history(query: HistoryQuery): AsyncIterable<SeriesRows> {
    try {
      yield* history(this.#transport, query)
    } catch (error) {
      throw questionError(WHERE, error, CREDENTIAL_CODES)
    }
  }

  async close(): Promise<void> {
    this.#sink = null
    for (const keeper of this.#keepers.values()) keeper.close()
    await this.#transport.close()
  }

  /** Failures become errors with our codes. */
  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question()
    } catch (error) {
      throw questionError(WHERE, error, CREDENTIAL_CODES)
    }
  }

  async #command(command: CommandTaken['command'], clientId: string, path: string, params: Fields): Promise<void> {
    try {
      const venueOrderId = orderIdOf(await this.#transport.call({ method: 'POST', path, access: 'private', params }))
      if (venueOrderId !== null) this.#tell({ type: 'taken', at: this.#now(), command, clientId, venueOrderId })
      else this.#tell({ type: 'unanswered', at: this.#now(), command, clientId, found: `POST /${path}: a yes without an order id` })
    } catch (error) {
      if (!(error instanceof VenueFailure)) throw error
      const { kind, code, text, retryAt } = error
      if (kind === 'refused' && code !== null) this.#tell({ type: 'refused', at: this.#now(), command, clientId, code, message: text, ...(retryAt !== null && { retryAt }) })
      else this.#tell({ type: 'unanswered', at: this.#now(), command, clientId, found: error.message })
    }
  }

  #open(stream: VenueStream, topics: readonly string[]): Promise<void> {
    const url = this.#addresses[stream]
    const { staleAfterMs, timeoutMs, redial } = this.#config
    const keeper = new StreamKeeper({
      stream, staleAfterMs, timeoutMs, redial,
      hold: () => this.#transport.hold(url, async (exchange) => {
        const bybit = exchange as BybitClass
        if (stream === 'account') await bybit.authenticate(url)
        for (;;) await bybit.watchTopics(url, topics, topics)
      }),
      drop: (reason) => { this.#transport.drop(url, reason) },
      now: () => this.#now(),
      tell: (report) => { this.#tell(report) },
    })
    this.#keepers.set(stream, keeper)
    return keeper.open()
  }

  #answered(answer: HttpAnswer): void {
    const budget = budgetReport(answer, this.#now())
    if (budget !== null) this.#tell(budget)
    readAnswer(answer)
  }

  /** False leaves the message to ccxt: it is about the socket itself. */
  #message(url: string, message: unknown): boolean {
    const stream: VenueStream = url === this.#addresses.account ? 'account' : 'market'
    const keeper = this.#keepers.get(stream)
    const reports = readMessage(stream, message, () => this.#now())
    keeper?.heard(reports !== null)
    if (reports === null) {
      const word = socketWord(message)
      if (word === 'subscribed') keeper?.subscribed()
      else if (word !== null) keeper?.refused(new VenueFailure({ kind: 'refused', request: url, retryAt: null, ...word }))
      return false
    }
    for (const report of reports) this.#tell(report)
    return true
  }

  #now(): TimeMs {
    return this.#environment.clock.now() + this.#offsetMs
  }

  #tell(report: VenueReport): void {
    this.#sink?.(report.type === 'unknown' ? { ...report, found: this.#transport.redact(report.found) } : report)
  }
}
