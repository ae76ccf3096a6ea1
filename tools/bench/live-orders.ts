/** A live engine on the driver without its network: what a strategy wants is admitted, journalled, sent and answered. */
import { decimal, encodeEntry, instrument, type Journal, type LiveEngine, type OrderReport, type VenueConnection, type VenueSink, type VenueSnapshot } from '@hedgerow/core'
import { bybit, bybitUta } from '@hedgerow/driver-bybit'
import { Strategy } from '@hedgerow/strategy-sdk'
import { parseBacktestOptions } from '../../apps/runner/src/backtest/options-schema.ts'
import { resolveVenue } from '../../apps/runner/src/backtest/venue.ts'
import { composeLive } from '../../apps/runner/src/live/compose.ts'
import { wallTimers } from '../../apps/runner/src/live/wall-timers.ts'
import { CREDENTIALS } from './ccxt-without-network.ts'

const SYMBOL = 'BTCUSDT'
const INSTRUMENT = { symbol: SYMBOL, tickSize: '0.1', qtyStep: '0.001' }
const LEVERAGE = { long: decimal('5'), short: decimal('5') }
const MINUTE = 60_000
const PRICE = 50_000
/** A bar's orders: half on each leg. */
export const ORDERS_A_BAR = 10

/** Wants limit orders on both legs at every bar. */
class Restless extends Strategy {
  override onBar(): void {
    for (let index = 0; index < ORDERS_A_BAR / 2; index++) {
      this.long.open({ qty: 0.25, price: PRICE - 100 - index })
      this.short.open({ qty: 0.25, price: PRICE + 100 + index })
    }
  }
}

/** Entries as text and no file: what it costs to have them on a disk is the disk's. */
export class TextJournal implements Journal {
  letters = 0

  append(entries: Parameters<Journal['append']>[0]): Promise<void> {
    for (const entry of entries) this.letters += encodeEntry(entry).length
    return Promise.resolve()
  }

  // oxlint-disable-next-line require-yield -- nothing was written
  async *entries(): AsyncGenerator<never> {}

  lastStart(): Promise<null> {
    return Promise.resolve(null)
  }

  async close(): Promise<void> {}
}

/** Sends orders bar by bar. */
export interface LiveOrders {
  /** One bar: its orders are wanted, sent, answered, and at last ended by the venue. */
  readonly bar: () => Promise<void>
  /** Orders that were sent so far. */
  readonly sent: () => number
  readonly close: () => Promise<void>
}

const SILENCE: VenueSink = () => undefined

/** Starts an engine on a journal. */
export async function liveOrders(journal: Journal): Promise<LiveOrders> {
  const driver = await bybit.live?.create(CREDENTIALS, { clock: { now: () => Date.now() }, logger: { log: () => undefined } })
  if (driver === undefined) throw new Error('the driver has no live half')
  let [taken, sent, at] = [0, 0, Math.floor(Date.now() / MINUTE) * MINUTE]
  let tell = SILENCE
  let answered: (() => void) | null = null
  let live: OrderReport[] = []
  const connection: VenueConnection = {
    ...QUESTIONS,
    budgets: driver.budgets,
    connect: async (sink) => {
      tell = sink
      await driver.connect((report) => {
        sink(report)
        if (report.type === 'taken' && ++taken % ORDERS_A_BAR === 0) answered?.()
      }, { symbols: [], timeframes: [], account: false })
    },
    setClockOffset: (offsetMs) => { driver.setClockOffset(offsetMs) },
    submit: (submission) => {
      sent += 1
      const { clientId, order: { symbol, leg, intent, qty, price = null } } = submission
      live.push({ type: 'order', at, symbol, leg, intent, side: leg === 'long' ? 'buy' : 'sell', clientId, venueOrderId: clientId, status: 'canceled', orderType: 'limit', qty, filledQty: decimal('0'), price, trigger: null, triggerBy: null, sequence: null, reason: null })
      driver.submit(submission)
    },
    cancel: (address) => { driver.cancel(address) },
    amend: (amendment) => { driver.amend(amendment) },
    close: () => driver.close(),
  }
  const engine = engineOn(connection, journal)
  await engine.start()
  const bar = async (): Promise<void> => {
    at += MINUTE
    tell({ type: 'price', at, symbol: SYMBOL, last: decimal(String(PRICE)), mark: decimal(String(PRICE)) })
    await new Promise<void>((resolve) => {
      answered = resolve
      tell({ type: 'candle', at, symbol: SYMBOL, timeframe: '1m', candle: { time: at - MINUTE, open: PRICE, high: PRICE, low: PRICE, close: PRICE, volume: 1 } })
    })
    const ended = live
    live = []
    for (const report of ended) tell(report)
    await engine.exclusively(() => Promise.resolve())
  }
  return { bar, sent: () => sent, close: () => engine.stop() }
}

function engineOn(connection: VenueConnection, journal: Journal): LiveEngine {
  const settings = parseBacktestOptions({ exchange: { profile: bybitUta, positionMode: 'hedge', leverage: 5, startingBalance: '1000000' }, routes: [{ symbol: SYMBOL, timeframe: '1m', strategy: Restless }], candles: {}, warmupCandles: 0, instruments: [INSTRUMENT] })
  const limit = decimal('100000000')
  return composeLive({
    settings, venue: resolveVenue(settings, bybitUta, [SYMBOL]), manifest: bybit.manifest, run: 'bench', fingerprint: 'bench', logger: { log: () => undefined },
    config: {
      symbols: [SYMBOL], positionMode: 'hedge', marginMode: 'cross', leverage: new Map([[SYMBOL, LEVERAGE]]), allowModeSwitch: false, allowMarginModeSwitch: false, adopt: false, trustVenue: false, foreignOrders: 'ignore',
      limits: { gross: limit, perLeg: limit, net: limit, perSymbol: limit, perOrder: limit, dailyLoss: limit, priceBand: decimal('0.05'), ordersPerMinute: null, marginRate: decimal('0.5'), liquidationDistance: null, requireStop: false },
      triggers: { marginRate: null, silentMs: null, rejectsPerMinute: null, drawdown: null, equityDeviation: null, onDailyLoss: 'cancel' }, intentTtlMs: 10_000, reconcileEveryMs: 3_600_000, staleMarketMs: 3_600_000, warmupMs: 0,
    },
  }, { connection, journal, timers: wallTimers, onFailure: (error) => { throw error } })
}

/** A flat account. */
const QUESTIONS = {
  serverTime: () => Promise.resolve(Date.now()),
  account: () => Promise.reject(new Error('not asked')),
  instruments: () => Promise.resolve([{ instrument: instrument(INSTRUMENT), trading: true }]),
  snapshot: (): Promise<VenueSnapshot> => Promise.resolve({
    at: Date.now(), settings: [{ symbol: SYMBOL, positionMode: 'hedge', marginMode: 'cross', leverage: LEVERAGE }], positions: [], orders: [], executions: [], funding: [],
    wallet: { type: 'wallet', at: Date.now(), balance: decimal('1000000'), equity: null, available: null, initialMargin: null, maintenanceMargin: null } as VenueSnapshot['wallet'],
  }),
  findOrder: () => Promise.resolve(null),
  setPositionMode: () => Promise.resolve({ outcome: 'already' } as const),
  setMarginMode: () => Promise.resolve({ outcome: 'already' } as const),
  setLeverage: () => Promise.resolve({ outcome: 'already' } as const),
  // oxlint-disable-next-line require-yield -- there is no history
  async *history(): AsyncGenerator<never> {},
}
