/** Puts the result of a finished run together. */
import { candlesFrom, predecessorMetrics, runMetrics, TOKENS, type EventLog, type StrategyRunner, type StrategyWarning } from '@hedgerow/core'
import type { RunMarket } from '@hedgerow/report/run'
import type { ComposedBacktest, RunPlan } from './compose.ts'
import { replayRun } from './replay.ts'
import { parameterRanges } from './parameter-ranges.ts'
import { BacktestResult, type RunCounts, type RunHeader, type RunWarning } from './result.ts'
import { VERSION } from '../version.ts'

/** The result; the engine has run. */
export function assembleResult({ plan, sandbox, get }: ComposedBacktest): BacktestResult {
  const state = get(TOKENS.SessionState)
  const recorder = get(TOKENS.RunRecorder)
  const log = get(TOKENS.EventLog)
  const market = get(TOKENS.MarketData)
  const { lots } = state.trades
  const held = state.trades.openPositions((symbol) => market.markPrice(symbol))
  const openPositions = lots?.openPositions(held) ?? held
  const { trades } = lots ?? state.trades
  const counts = countsOf(log, sandbox)
  const metrics = runMetrics({ startingBalance: plan.settings.exchange.startingBalance, trades, openPositions, daily: recorder.daily, curve: recorder.curve.summary() })
  const compat = plan.venue.profile.execution.predecessor ? { jesse: predecessorMetrics(recorder.balance.values) } : {}
  const header = headerOf(plan)
  return new BacktestResult({ header, compat, trades, openPositions, metrics, equity: recorder.points, events: () => log.events, lines: () => log.lines(), counts, replay: () => replayRun(plan, log.events), markets: marketsOf(plan), ...shownBy(get(TOKENS.Routes).map(({ runner }) => runner), log), warnings: [...warningsOf(plan, sandbox, header), ...get(TOKENS.RunWarnings).list().map(strategyWarning)] })
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list
}

/** What the strategies leave behind beside their trades, each where it has something. */
function shownBy(runners: readonly StrategyRunner[], log: EventLog): Pick<BacktestResult, 'vars' | 'charts' | 'watchLists'> {
  const byRoute = <T>(read: (runner: StrategyRunner) => T | null): Record<string, T> => Object.fromEntries(runners.flatMap((runner) => {
    const value = read(runner)
    return value === null ? [] : [[runner.context.name, value]]
  }))
  return { vars: byRoute(({ context }) => log.varsOf(context.name)), charts: byRoute(({ charts }) => unlessEmpty(charts)), watchLists: byRoute((runner) => unlessEmpty(runner.watchList())) }
}

function marketsOf({ market: { symbols, start } }: RunPlan): readonly RunMarket[] {
  return symbols.map(({ symbol, candles, marks }) => {
    const from = Math.max(0, Math.floor((start - candles.start) / candles.step))
    return { symbol, candles: candlesFrom(candles, from), marks: marks?.close.subarray(from) ?? null }
  })
}

function headerOf({ settings, venue, market, routes }: RunPlan): RunHeader {
  const { positionMode, marginMode, leverage, startingBalance } = settings.exchange
  return {
    version: VERSION, profile: venue.profile.name, exchange: venue.name, positionMode, marginMode, leverage, startingBalance, fee: { maker: venue.fee.maker, taker: venue.fee.taker }, fillAt: venue.fillAt,
    ...(settings.tradeMode === 'fifo' ? { tradeMode: settings.tradeMode } : {}), sim: settings.sim, seed: settings.seed, start: market.start, end: market.end, data: market.data(),
    routes: routes.map(({ name, symbols, timeframe, legs, params }, index) => {
      const strategy = settings.routes[index]?.strategy
      return { name, symbol: symbols.join('+'), timeframe, legs, params, ranges: strategy === undefined ? {} : parameterRanges(strategy) }
    }),
  }
}

function countsOf(log: EventLog, sandbox: ComposedBacktest['sandbox']): RunCounts {
  const counted = { orders: log.countOf('order.submitted'), fills: log.countOf('order.filled'), denied: log.countOf('order.denied') }
  const { ambiguousCandles, liquidations, insuranceUsed, longSlippage, shortSlippage } = sandbox.statistics()
  return { ...counted, ambiguousCandles, liquidations, insuranceUsed, slippage: { long: longSlippage, short: shortSlippage } }
}

function strategyWarning({ code, text, count }: StrategyWarning): RunWarning {
  return { code, text: count === 1 ? `${text}.` : `${text}. ${count} times.` }
}

/** What the reader has to know, most important first. */
function warningsOf({ settings, venue, market, routes }: RunPlan, sandbox: ComposedBacktest['sandbox'], header: RunHeader): RunWarning[] {
  const statistics = sandbox.statistics()
  const { predecessor } = venue.profile.execution
  const warnings: RunWarning[] = []
  const warn = (when: boolean, code: string, text: string): void => { if (when) warnings.push({ code, text }) }
  const synthetic = header.data.filter((row) => row.synthetic)
  warn(synthetic.length > 0, 'SYNTHETIC_DATA', `The candles of ${synthetic.map(({ symbol }) => symbol).join(', ')} are made up: no market printed them. The result says nothing about trading.`)
  warn(statistics.insuranceUsed.gt(0), 'INSURANCE_USED', `The account fell below zero: the insurance fund paid ${statistics.insuranceUsed.toFixed(2)}. A run that needed it has failed.`)
  warn(statistics.liquidations > 0, 'LIQUIDATED', `${statistics.liquidations} liquidation(s).`)
  warn(statistics.deleveraged > 0, 'DELEVERAGED', `${statistics.deleveraged} leg(s) closed by auto-deleveraging, as sim.adl asks for.`)
  warn(venue.profile.execution.fundingModelled && statistics.fundingNotModelled.length > 0, 'FUNDING_NOT_MODELLED', `No funding rates for ${statistics.fundingNotModelled.join(', ')}: funding counts as zero.`)
  warn(statistics.fundingSubstituted > 0, 'FUNDING_SUBSTITUTED', `${statistics.fundingSubstituted} funding settlement(s) had no rate and took ${settings.sim.funding?.missing ?? 'none'}.`)
  warn(!predecessor && statistics.markIsLast.length > 0, 'MARK_IS_LAST', `No mark prices for ${statistics.markIsLast.join(', ')}: liquidations and triggers by mark use the last price, so they are approximate.`)
  const partial = market.symbols.filter(({ lastAsMark }) => lastAsMark !== undefined)
  warn(partial.length > 0, 'MARK_IS_LAST', `Mark prices are missing: ${partial.map(({ symbol, lastAsMark }) => `${symbol} ${lastAsMark} candles`).join(', ')}; there the last price is the mark, so liquidations are approximate.`)
  warn(venue.unknownInstruments.length > 0, 'INSTRUMENT_UNKNOWN', `No instrument for ${venue.unknownInstruments.join(', ')}: ${predecessor ? 'prices and quantities as they are stated' : 'steps of 0.00000001'}, and no limits.`)
  const missing = header.data.filter((row) => row.missing > 0)
  warn(missing.length > 0, 'CANDLES_MISSING', `Candles are missing: ${missing.map((row) => `${row.symbol} ${row.missing}`).join(', ')}.`)
  warn(market.warmupBars < settings.warmupCandles, 'WARMUP_SHORT', `Only ${market.warmupBars} of ${settings.warmupCandles} warm-up bars lie before the start.`)
  const unused = predecessor ? [...Object.keys(settings.marks), ...Object.keys(settings.funding)] : []
  warn(unused.length > 0, 'INPUT_IGNORED', `Marks and funding of ${[...new Set(unused)].join(', ')} are not used: profile ${venue.profile.name} knows neither.`)
  warn(market.showsForming, 'FORMING_CANDLES', 'Bars longer than those of a route are read while they form: such a run sees prices of bars that live trading would not show yet.')
  warn(statistics.largeFills > 0, 'LARGE_FILLS', `${statistics.largeFills} fill(s) took more than 5 % of their candle's volume.`)
  warn(statistics.protectionMissed > 0, 'PROTECTION_MISSED', `${statistics.protectionMissed} protective stop-limit(s) were gapped beyond their limit and rested unfilled.`)
  warn(routes.some(({ legs }) => legs.length === 1) && settings.exchange.positionMode === 'one-way', 'LEGS_IN_ONE_WAY', 'Routes own single legs in one-way mode: only one of the legs of a symbol can be open at a time.')
  return warnings
}
