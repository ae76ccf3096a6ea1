/** Wires one strategy, a session and the sandbox: what the runner does for a whole backtest, for one test. */
import {
  AccountMargin, BacktestEngine, CandleSeries, candleTime, decimal, EventClock, EventLog, FundingCalendar, HedgerowError, InMemoryPositionStore, instrument, JointBars, Ledger, LEGS, MarketState,
  Outbox, parseTimeframe, PrecomputedBars, RouteContext, RunRecorder, RunWarnings, seriesKey, Session, SessionBroker, SessionState, StrategyRunner, timeframeOf, TradeBuilder,
} from '@hedgerow/core'
import type { CandleColumns, Decimal, FundingRow, SharedContext, Strategy, Timeframe, TradedSymbol, VenueProfile } from '@hedgerow/core'
import { exact, SandboxExchange } from '@hedgerow/driver-sandbox'
import { positiveAmount, type Amount } from '../amounts.ts'
import { candlesOf, type PriceBar } from './prices.ts'
import type { TestOptions } from './test-options.ts'

/** The options with every default filled in. */
export interface TestPlan {
  readonly name: string
  readonly symbols: readonly [string, ...string[]]
  readonly candles: ReadonlyMap<string, CandleColumns>
  readonly timeframe: Timeframe
  readonly profile: VenueProfile
  readonly options: TestOptions
  readonly startingBalance: Decimal
  readonly fee: { readonly maker: Decimal; readonly taker: Decimal }
  readonly traded: ReadonlyMap<string, TradedSymbol>
  readonly start: number
  readonly end: number
}

/** A test that is ready to run. */
export interface TestSession {
  readonly engine: BacktestEngine
  readonly state: SessionState
  readonly market: MarketState
  readonly log: EventLog
  readonly lines: readonly string[]
  readonly equity: () => Decimal
}

/** @throws HedgerowError `DATA_EMPTY` without prices, `DATA_INVALID`, `TIMEFRAME_INVALID`, `CONFIG_INVALID`. */
export function planOf(name: string, options: TestOptions): TestPlan {
  const candles = new Map(Object.entries(seriesOf(options)))
  const [symbol, ...others] = candles.keys()
  const base = symbol === undefined ? undefined : candles.get(symbol)
  if (symbol === undefined || base === undefined || base.length === 0) throw new HedgerowError('DATA_EMPTY', { where: `test of ${name}`, found: 'no prices', expected: 'prices or candles' })
  const timeframe = options.timeframe === undefined ? timeframeOf(base.step) : parseTimeframe(options.timeframe)
  const rate = decimal(String(options.feeRate ?? 0))
  const leverage = amountOf(options.leverage ?? 1, 'leverage')
  const traded = new Map([symbol, ...others].map((each): [string, TradedSymbol] => [each, {
    instrument: instrument({ symbol: each, tickSize: options.tickSize ?? '0.01', qtyStep: options.qtyStep ?? '0.001' }), leverage: { long: leverage, short: leverage },
  }]))
  return {
    name, symbols: [symbol, ...others], candles, timeframe, profile: options.profile ?? exact, options, traded,
    startingBalance: amountOf(options.startingBalance ?? 100_000, 'startingBalance'), fee: { maker: rate, taker: rate },
    start: base.start + (options.warmupCandles ?? 0) * timeframe.ms, end: candleTime(base, base.length),
  }
}

function seriesOf({ prices, candles, symbol = 'TESTUSDT' }: TestOptions): Readonly<Record<string, CandleColumns>> {
  if (candles !== undefined) return isColumns(candles) ? { [symbol]: candles } : candles
  const bySymbol = isList(prices) ? { [symbol]: prices } : prices ?? {}
  return Object.fromEntries(Object.entries(bySymbol).map(([name, bars]) => [name, candlesOf(bars)]))
}

function isColumns(candles: NonNullable<TestOptions['candles']>): candles is CandleColumns {
  return 'close' in candles && candles.close instanceof Float64Array
}

function isList(value: TestOptions['prices']): value is readonly PriceBar[] {
  return Array.isArray(value)
}

function amountOf(amount: Amount, key: string): Decimal {
  return positiveAmount(amount, () => `test options, ${key}`)
}

/** Makes the parts of a run; nothing runs yet. */
export function sessionOf(plan: TestPlan, strategy: Strategy): TestSession {
  const { options, profile, fee, traded, symbols, candles, timeframe, start } = plan
  const { positionMode = 'hedge', marginMode = 'cross', legs = LEGS } = options
  const leverage = (symbol: string, leg: 'long' | 'short'): Decimal => traded.get(symbol)?.leverage[leg] ?? decimal('1')
  const clock = new EventClock()
  const outbox = new Outbox()
  const log = new EventLog()
  const warnings = new RunWarnings()
  const lines: string[] = []
  const bars = symbols.flatMap((symbol) => {
    const columns = candles.get(symbol)
    if (columns === undefined) return []
    const feed = new PrecomputedBars(columns, timeframe)
    return [{ symbol, columns, feed, series: new CandleSeries(feed.buffer) }]
  })
  const market = new MarketState(symbols, new Map(bars.map(({ symbol, series }) => [seriesKey(symbol, timeframe.text), series])))
  const isolated = marginMode === 'isolated' ? { leverage, takerRate: fee.taker, closeFeeReserve: profile.margin.closeFeeReserve } : null
  const positions = new InMemoryPositionStore(new Ledger({ wallet: plan.startingBalance, money: profile.money, isolated }))
  const state = new SessionState({ positions, trades: new TradeBuilder({ leverage }), ownerOf: () => plan.name })
  const margin = new AccountMargin({ profile, positionMode, marginMode, fee, symbols: traded, state, market })
  const broker = new SessionBroker({ profile, positionMode, symbols: traded, state, market, margin, clock, outbox })
  const series = bars.map(({ symbol, columns }) => ({ symbol, candles: columns }))
  const recorder = new RunRecorder({ symbols: series, state, margin, start })
  const shared: SharedContext = {
    exchange: profile.name, positionMode, marginMode, fee, symbols: traded, warmupCandles: options.warmupCandles ?? 0, rules: { fillAt: options.fillAt ?? 'open', predecessor: profile.execution.predecessor },
    state, market, margin, clock, outbox, warnings, sharedVars: new Map(), funding: new FundingCalendar(fundingOf(options)), dailyUpTo: (at) => recorder.dailyUpTo(at),
    logger: { log: (level, text) => { lines.push(`${level}: ${text}`) } },
  }
  const context = new RouteContext(shared, {
    name: plan.name, symbols, timeframe: timeframe.text, legs, candles: new Map(bars.map(({ symbol, series: own }) => [symbol, own])), broker: broker.forStrategy(plan.name),
    ...(options.vars !== undefined && { vars: options.vars }),
  })
  const runner = new StrategyRunner(strategy, context)
  const session = new Session({ positionMode, state, market, broker, outbox, clock, runners: [runner] })
  const engine = new BacktestEngine({
    exchange: (sink) => sandboxOf(plan, { positionMode, marginMode, sink }), session, market, routes: [{ runner, feed: new JointBars(bars.map(({ feed }) => feed)) }], dataFeeds: [], symbols: series, log, recorder,
    start, end: plan.end, fillAt: options.fillAt ?? 'open', closeAtEnd: options.closeAtEnd ?? false,
  })
  return { engine, state, market, log, lines, equity: () => margin.equity() }
}

function fundingOf({ funding = {} }: TestOptions): ReadonlyMap<string, readonly FundingRow[]> {
  return new Map(Object.entries(funding).map(([symbol, rows]) => [symbol, rows.map(([at, rate]) => ({ at, rate: decimal(String(rate)) }))]))
}

function sandboxOf({ profile, startingBalance, fee, options, symbols, candles, traded }: TestPlan, own: Pick<ConstructorParameters<typeof SandboxExchange>[0], 'positionMode' | 'marginMode' | 'sink'>): SandboxExchange {
  return new SandboxExchange({
    ...own, profile, startingBalance, fee, fillAt: options.fillAt ?? 'open',
    symbols: symbols.flatMap((symbol) => {
      const columns = candles.get(symbol)
      const rules = traded.get(symbol)
      const funding = fundingOf(options).get(symbol)
      if (columns === undefined || rules === undefined) return []
      return [{ ...rules, candles: columns, ...(funding !== undefined && { funding }) }]
    }),
  })
}
