/** The composition root of a backtest: options become a session, a simulated exchange and an engine that drives both. */
import {
  AccountMargin, BacktestEngine, EventClock, EventLog, InMemoryPositionStore, JointBars, Ledger, LotBuilder, MarketState, Outbox, RouteContext, RunRecorder,
  RunWarnings, Session, SessionBroker, SessionState, StrategyRunner, TOKENS, TradeBuilder,
  type EngineRoute, type EventSink, type SharedContext,
} from '@hedgerow/core'
import { SandboxExchange } from '@hedgerow/driver-sandbox'
import { present } from '../present.ts'
import { SessionContainer, type Get } from './container.ts'
import { readMarket, type Market } from './market.ts'
import type { BacktestSettings } from './options.ts'
import { candleClock } from './predecessor.ts'
import { planRoutes, type PlannedRoute } from './routes.ts'
import { resolveProfile, resolveVenue, type Venue } from './venue.ts'

/** Everything that was decided before the first part is made. */
export interface RunPlan {
  readonly settings: BacktestSettings
  readonly venue: Venue
  readonly market: Market
  readonly routes: readonly PlannedRoute[]
}

/** A run that is ready to start. */
export interface ComposedBacktest {
  readonly plan: RunPlan
  readonly engine: BacktestEngine
  readonly sandbox: SandboxExchange
  readonly get: Get
}

/** Wires everything; nothing runs yet. */
export function composeBacktest(settings: BacktestSettings): ComposedBacktest {
  const profile = resolveProfile(settings)
  const market = readMarket(settings, profile)
  const venue = resolveVenue(settings, profile, market.symbolNames)
  const plan: RunPlan = { settings, venue, market, routes: planRoutes(settings, market) }
  const exchange: { sandbox?: SandboxExchange } = {}
  const { get } = bindParts(plan, (sink) => (exchange.sandbox = sandboxOf(plan, sink)))
  const engine = get(TOKENS.BacktestEngine)
  return { plan, engine, sandbox: exchange.sandbox ?? sandboxOf(plan, () => {}), get }
}

/** The parts of a run without an exchange: for folding its events again. */
export function partsOf(plan: RunPlan): SessionContainer {
  return bindParts(plan, (sink) => sandboxOf(plan, sink))
}

function bindParts(plan: RunPlan, exchange: (sink: EventSink) => SandboxExchange): SessionContainer {
  const { settings, venue, market } = plan
  const { profile, symbols, fee } = venue
  const { positionMode, marginMode, startingBalance } = settings.exchange
  const isolated = marginMode === 'isolated' ? { leverage: venue.leverageOf, takerRate: fee.taker, closeFeeReserve: profile.margin.closeFeeReserve } : null
  return new SessionContainer()
    .bind(TOKENS.Clock, () => new EventClock())
    .bind(TOKENS.Logger, () => ({ log: (level, text) => settings.onLog?.(level, text) }))
    .bind(TOKENS.Outbox, () => new Outbox())
    .bind(TOKENS.EventLog, (get) => new EventLog(get(TOKENS.SessionState).orders.table))
    .bind(TOKENS.MarketData, () => new MarketState(market.symbolNames, market.series))
    .bind(TOKENS.PositionStore, () => new InMemoryPositionStore(new Ledger({ wallet: startingBalance, money: profile.money, isolated })))
    .bind(TOKENS.SessionState, (get) => new SessionState({ positions: get(TOKENS.PositionStore), trades: tradesOf(plan), ownerOf: ownerOf(plan.routes) }))
    .bind(TOKENS.AccountMargin, (get) => new AccountMargin({ profile, positionMode, marginMode, fee, symbols, state: get(TOKENS.SessionState), market: get(TOKENS.MarketData) }))
    .bind(TOKENS.Broker, (get) => new SessionBroker({
      profile, positionMode, symbols, state: get(TOKENS.SessionState), market: get(TOKENS.MarketData), margin: get(TOKENS.AccountMargin), clock: get(TOKENS.Clock), outbox: get(TOKENS.Outbox), ...present({ refusedLeg: settings.refuseLeg }),
    }))
    .bind(TOKENS.RunRecorder, (get) => new RunRecorder({ symbols: market.symbols, state: get(TOKENS.SessionState), margin: get(TOKENS.AccountMargin), start: market.start }))
    .bind(TOKENS.RunWarnings, () => new RunWarnings())
    .bind(TOKENS.Routes, (get) => routesOf(plan, get))
    .bind(TOKENS.Session, (get) => new Session({
      positionMode, state: get(TOKENS.SessionState), market: get(TOKENS.MarketData), broker: get(TOKENS.Broker), outbox: get(TOKENS.Outbox), clock: get(TOKENS.Clock),
      runners: get(TOKENS.Routes).map(({ runner }) => runner),
    }))
    .bind(TOKENS.BacktestEngine, (get) => new BacktestEngine({
      exchange, session: get(TOKENS.Session), market: get(TOKENS.MarketData), routes: get(TOKENS.Routes), dataFeeds: market.dataFeeds, symbols: market.symbols,
      log: get(TOKENS.EventLog), recorder: get(TOKENS.RunRecorder), start: market.start, end: market.end, fillAt: venue.fillAt, closeAtEnd: settings.closeAtEnd, ...progressOf(plan),
    }))
}

/** Each route with its strategy, made from its class, and the bars that it is called on. */
function routesOf(plan: RunPlan, get: Get): readonly EngineRoute[] {
  const { settings, venue, market, routes } = plan
  const { profile, fee } = venue
  const { positionMode, marginMode } = settings.exchange
  const shared: SharedContext = {
    exchange: venue.name, positionMode, marginMode, fee, symbols: venue.symbols, warmupCandles: settings.warmupCandles,
    rules: { fillAt: venue.fillAt, predecessor: profile.execution.predecessor },
    state: get(TOKENS.SessionState), market: get(TOKENS.MarketData), margin: get(TOKENS.AccountMargin), clock: get(TOKENS.Clock), logger: get(TOKENS.Logger), warnings: get(TOKENS.RunWarnings),
    funding: market.funding, sharedVars: new Map(), outbox: get(TOKENS.Outbox),
    dailyUpTo: (at) => get(TOKENS.RunRecorder).dailyUpTo(at),
  }
  return routes.map(({ name, symbols, timeframe, legs, bars, strategy, vars }) => {
    const context = new RouteContext(shared, { name, symbols, timeframe, legs, candles: new Map(bars.map(({ symbol, series }) => [symbol, series])), ...present({ vars }), broker: get(TOKENS.Broker).forStrategy(name) })
    return { feed: bars.length === 1 && bars[0] !== undefined ? bars[0].feed : new JointBars(bars.map(({ feed }) => feed)), runner: new StrategyRunner(strategy, context) }
  })
}

function sandboxOf({ settings, venue, market }: RunPlan, sink: EventSink): SandboxExchange {
  const { positionMode, marginMode, startingBalance, autoAddMargin } = settings.exchange
  const { slippage, clampToRange, stp, adl, volumeShare, path, limitFill, latencyMs, triggerBy, onStopPassed, funding } = settings.sim
  return new SandboxExchange({
    profile: venue.profile, positionMode, marginMode, startingBalance, fee: venue.fee, fillAt: venue.fillAt, sink,
    symbols: market.symbols.map(({ symbol, candles, marks, coarseMarks, indexes, funding: rates }) => {
      const { instrument, leverage } = venue.symbolOf(symbol)
      return { instrument, candles, leverage, ...present({ marks: marks ?? coarseMarks, indexes, funding: rates }) }
    }),
    sim: {
      autoAddMargin,
      ...present({ path, limitFill, slippage, clampToRange, stp, volumeShare, latencyMs, triggerBy, onStopPassed }),
      ...(adl === undefined ? {} : { adl: { rate: adl.rate, move: adl.move, seed: adl.seed ?? settings.seed } }),
      funding: { missing: funding?.missing ?? 'fail', boundary: funding?.boundary ?? 'before' },
    },
  })
}

function ownerOf(routes: readonly PlannedRoute[]): (symbol: string, leg: 'long' | 'short') => string {
  return (symbol, leg) => routes.find((route) => route.symbols.includes(symbol) && route.legs.includes(leg))?.name ?? ''
}

/** Round trips; with lots beside them where these are the trades of the result. */
function tradesOf(plan: RunPlan): TradeBuilder {
  const rules = { leverage: plan.venue.leverageOf, ...present({ timeOf: tradeClock(plan) }) }
  return new TradeBuilder(plan.settings.tradeMode === 'fifo' ? { ...rules, lots: new LotBuilder(rules) } : rules)
}

function tradeClock({ venue, market }: RunPlan): ((at: number) => number) | undefined {
  const [first] = market.symbols
  return venue.profile.execution.predecessor && first !== undefined ? candleClock(first.candles) : undefined
}

function progressOf({ settings: { onProgress }, market: { start, end } }: RunPlan): { readonly onProgress?: (at: number) => boolean } {
  return onProgress === undefined ? {} : { onProgress: (at) => onProgress((at - start) / (end - start)) === true }
}
