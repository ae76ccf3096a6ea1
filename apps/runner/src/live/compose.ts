/** The composition root of a live session: the same session as a backtest's, driven by a live engine instead of history. */
import {
  AccountMargin, CandleAggregator, CandleSeries, deviationsOf, EventClock, EventLog, FundingCalendar, InMemoryPositionStore, Ledger, LiveEngine, LiveSession, MarketState, Outbox, parseTimeframe,
  preTradeChecks, RouteContext, RunWarnings, BASE_MS, seriesKey, Session, SessionBroker, SessionState, StrategyRunner, TradeBuilder, TradingGate, ZERO,
  type DriverManifest, type Journal, type LiveConfig, type LiveFeed, type LiveRoute, type Logger, type PositionStore, type SharedContext, type Timers, type VenueConnection,
} from '@hedgerow/core'
import { namedTimeframes } from '../backtest/bars.ts'
import type { BacktestSettings } from '../backtest/options.ts'
import { planRoutes, type PlannedRoute } from '../backtest/routes.ts'
import { present } from '../present.ts'
import type { Venue } from '../backtest/venue.ts'

/** Everything that was decided before the first part is made. */
export interface LivePlan {
  readonly settings: BacktestSettings
  readonly config: LiveConfig
  /** Profile, fees, instruments and leverage; the instruments are the venue's of today. */
  readonly venue: Venue
  readonly manifest: DriverManifest
  readonly run: string
  readonly fingerprint: string
  readonly logger: Logger
}

/** The session of a plan without a venue: what a replay needs. */
export interface ComposedSession {
  readonly session: LiveSession
  readonly state: SessionState
  readonly gate: TradingGate
  readonly log: EventLog
  readonly margin: AccountMargin
}

/** Makes the session; nothing runs yet. `mirror` is told what moves money, after it was folded. */
export function composeSession(plan: LivePlan, mirror?: (positions: InMemoryPositionStore) => PositionStore): ComposedSession {
  const { settings, config, venue, manifest } = plan
  const { profile, symbols, fee } = venue
  const { positionMode, marginMode } = config
  const isolated = marginMode === 'isolated' ? { leverage: venue.leverageOf, takerRate: fee.taker, closeFeeReserve: profile.margin.closeFeeReserve } : null
  const bars = new LiveBars(settings)
  const routes = planRoutes(settings, { routeBars: (symbol, timeframe) => bars.routeBars(symbol, timeframe) })
  const [clock, outbox, log, gate, warnings] = [new EventClock(), new Outbox(), new EventLog(), new TradingGate(), new RunWarnings()]
  const market = new MarketState([...symbols.keys()], bars.series)
  const memory = new InMemoryPositionStore(new Ledger({ wallet: ZERO, money: profile.money, isolated }))
  const positions = mirror?.(memory) ?? memory
  const state = new SessionState({ positions, trades: new TradeBuilder({ leverage: venue.leverageOf }), ownerOf: (symbol, leg) => ownerOf(routes, symbol, leg) })
  const margin = new AccountMargin({ profile, positionMode, marginMode, fee, symbols, state, market })
  const preTrade = preTradeChecks({ gate, limits: config.limits, manifest, state, market, margin, clock })
  const broker = new SessionBroker({ profile, positionMode, symbols, state, market, margin, clock, outbox, preTrade })
  const parts: { session?: LiveSession } = {}
  const shared: SharedContext = {
    exchange: venue.name, positionMode, marginMode, fee, symbols, warmupCandles: settings.warmupCandles, rules: { fillAt: 'open', predecessor: false }, state, market, margin, clock, logger: plan.logger, warnings,
    funding: new FundingCalendar(new Map()), sharedVars: new Map(), outbox, dailyUpTo: () => parts.session?.daily ?? [], savedVars: (route) => log.varsOf(route),
  }
  const liveRoutes = routes.map((route): LiveRoute => ({
    feeds: route.symbols.map((symbol) => bars.aggregator(symbol, route.timeframe)),
    runner: new StrategyRunner(route.strategy, new RouteContext(shared, { name: route.name, symbols: route.symbols, timeframe: route.timeframe, legs: route.legs, candles: new Map(route.bars.map(({ symbol, series }) => [symbol, series])), ...present({ vars: route.vars }), broker: broker.forStrategy(route.name) })),
  }))
  const session = new Session({ positionMode, state, market, broker, outbox, clock, runners: liveRoutes.map(({ runner }) => runner) })
  parts.session = new LiveSession({ session, state, broker, market, margin, gate, log, routes: liveRoutes, feeds: bars.feeds })
  return { session: parts.session, state, gate, log, margin }
}

/** What connects a session to the world. */
export interface LiveWorld {
  readonly connection: VenueConnection
  readonly journal: Journal
  readonly timers: Timers
  /** See `LiveEngineOptions`. */
  readonly freshStrategies?: boolean
  readonly onFailure?: (error: unknown) => void
}

/** Makes the engine; nothing is opened yet. */
export function composeLive(plan: LivePlan, world: LiveWorld, mirror?: (positions: InMemoryPositionStore) => PositionStore): LiveEngine {
  const { config, venue, manifest, run, fingerprint, logger } = plan
  const parts: { engine?: LiveEngine } = {}
  const composed = composeSession({ ...plan, logger: { log: (level, text) => { if (parts.engine?.isReplaying !== true) logger.log(level, text) } } }, mirror)
  parts.engine = new LiveEngine({
    venue: venue.name, manifest, ...world, ...composed, logger, config, run, fingerprint, instruments: venue.symbols,
    shadow: (snapshot) => deviationsOf(snapshot, { ...composed, profile: venue.profile.name }),
  })
  return parts.engine
}

/** The bars of all routes and data routes, built candle by candle. */
class LiveBars {
  readonly series: Map<string, CandleSeries> = new Map()
  readonly feeds: LiveFeed[] = []
  readonly #aggregators = new Map<string, CandleAggregator>()

  constructor({ routes, dataRoutes }: BacktestSettings) {
    for (const { symbol, timeframe } of [...routes.flatMap(namedTimeframes), ...dataRoutes]) this.#add(symbol, timeframe)
  }

  routeBars(symbol: string, timeframe: string): ReturnType<Parameters<typeof planRoutes>[1]['routeBars']> {
    const aggregator = this.aggregator(symbol, timeframe)
    const feed = { timeframe: aggregator.timeframe, buffer: aggregator.buffer, nextCloseAt: Number.POSITIVE_INFINITY, advanceTo: (at: number) => aggregator.closeUpTo(at) }
    return { feed, series: this.series.get(seriesKey(symbol, timeframe)) ?? new CandleSeries(aggregator.buffer) }
  }

  aggregator(symbol: string, timeframe: string): CandleAggregator {
    return this.#aggregators.get(seriesKey(symbol, timeframe)) ?? this.#add(symbol, timeframe)
  }

  #add(symbol: string, timeframe: string): CandleAggregator {
    const key = seriesKey(symbol, timeframe)
    const known = this.#aggregators.get(key)
    if (known !== undefined) return known
    const aggregator = new CandleAggregator(parseTimeframe(timeframe), BASE_MS)
    this.#aggregators.set(key, aggregator)
    this.series.set(key, new CandleSeries(aggregator.buffer))
    this.feeds.push({ symbol, aggregator })
    return aggregator
  }
}

function ownerOf(routes: readonly PlannedRoute[], symbol: string, leg: 'long' | 'short'): string {
  return routes.find((route) => route.symbols.includes(symbol) && route.legs.includes(leg))?.name ?? ''
}
