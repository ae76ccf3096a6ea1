/** From options to what a simulation runs on; every default is filled in here, and what is inconsistent is refused. */
import { doubleOf, feeBoundOf, HedgerowError, isDecimal, Ledger, LEGS, marginBoundOf, priceFactorOf, tiersOf, type CandleColumns, type Decimal, type Leg } from '@hedgerow/core'
import { adlMinutesOf } from './deleveraging.ts'
import { settlementsOf, type Settlement } from './funding-schedule.ts'
import { withoutGaps } from './gap-fix.ts'
import { startOf, type Grid, type Market, type Rules, type Setup } from './market.ts'
import type { SandboxOptions, SandboxSymbol } from './options.ts'
import { Tape } from './tape.ts'

/** Reads the options. @throws HedgerowError `CONFIG_INVALID` when symbols do not share one grid. */
export function setupOf(options: SandboxOptions): Setup {
  const grid = gridOf(options.symbols)
  const minutes = Math.max(...options.symbols.map(({ candles }) => (candles.start - grid.start) / grid.step + candles.length))
  const rules = rulesOf(options)
  const { profile, marginMode } = options
  return { profile, marginMode, grid, rules, markets: options.symbols.map((symbol, index) => marketOf(options, { symbol, index, grid, minutes, rules })) }
}

/** A ledger with the starting balance and the positions that are held from the start. */
export function startingLedger(options: SandboxOptions, setup: Setup): Ledger {
  const ledger = ledgerOf(setup, options.startingBalance)
  options.seedPositions?.forEach(({ symbol, leg, qty, entryPrice }, index) => ledger.apply({
    type: 'order.filled', at: setup.grid.start, fillId: `seed${index}`, orderId: null, symbol, leg, intent: 'open', price: entryPrice, qty,
    fee: qty.minus(qty), liquidity: 'taker', source: 'external', role: 'entry',
  }))
  return ledger
}

/** An empty ledger as the margin mode of the account asks for. */
export function ledgerOf({ profile, marginMode, rules, markets }: Setup, wallet: Decimal): Ledger {
  const leverage = (symbol: string, leg: Leg): Decimal => leverageFor(markets, symbol, leg)
  return new Ledger({
    wallet,
    fillsAreUnique: true,
    money: profile.money,
    isolated: marginMode === 'cross' ? null : { leverage, takerRate: rules.takerRate, closeFeeReserve: profile.margin.closeFeeReserve },
  })
}

function rulesOf({ profile, sim = {}, fee, fillAt }: SandboxOptions): Rules {
  const { execution } = profile
  const takerRate = fee?.taker ?? profile.fees.taker
  return {
    path: sim.path ?? 'bar-color',
    limitFill: sim.limitFill ?? execution.limitFill,
    slippage: sim.slippage ?? 'profile',
    clampToRange: sim.clampToRange ?? false,
    stp: sim.stp ?? 'none',
    deleverages: sim.adl !== undefined,
    autoAddMargin: sim.autoAddMargin ?? false,
    volumeShare: sim.volumeShare ?? null,
    fillsWithoutVolume: execution.predecessor,
    onStopPassed: sim.onStopPassed ?? 'close',
    triggerBy: sim.triggerBy ?? 'last',
    fundingBoundary: sim.funding?.boundary ?? 'before',
    checkMargin: sim.checkMargin ?? !execution.predecessor,
    makerRate: fee?.maker ?? profile.fees.maker,
    takerRate,
    feeBound: feeBoundOf(profile, takerRate),
    priceFactor: priceFactorOf(profile),
    fillAt: fillAt ?? execution.fillAt,
    latencyMs: sim.latencyMs ?? 0,
  }
}

function gridOf(symbols: readonly SandboxSymbol[]): Grid {
  const [first] = symbols
  if (first === undefined) throw invalid('symbols', 'none', 'at least one symbol')
  const { step } = first.candles
  for (const { candles, instrument } of symbols) {
    if (candles.step !== step) throw invalid(`candles of ${instrument.symbol}`, `a spacing of ${candles.step} ms`, `${step} ms as for ${first.instrument.symbol}`)
    if ((candles.start - first.candles.start) % step !== 0) throw invalid(`candles of ${instrument.symbol}`, `a start at ${candles.start}`, `a whole number of candles from ${first.candles.start}`)
  }
  return { start: Math.min(...symbols.map(({ candles }) => candles.start)), step }
}

interface MarketInput {
  readonly symbol: SandboxSymbol
  readonly index: number
  readonly grid: Grid
  readonly minutes: number
  readonly rules: Rules
}

function marketOf({ profile, positionMode, sim = {} }: SandboxOptions, { symbol, index, grid, minutes, rules }: MarketInput): Market {
  const { instrument, marks, indexes } = symbol
  if (indexes !== undefined && (indexes.step !== grid.step || (indexes.start - grid.start) % grid.step !== 0)) throw invalid(`index prices of ${instrument.symbol}`, `a spacing of ${indexes.step} ms from ${indexes.start}`, `${grid.step} ms on the grid of the candles`)
  const tapeOf = (columns: CandleColumns): Tape => new Tape(profile.execution.gapFix ? withoutGaps(columns) : columns, (columns.start - grid.start) / grid.step)
  const servesRisk = marks !== undefined && marks.step === grid.step && (marks.start - grid.start) % grid.step === 0
  const leverage = legLeverage(symbol.leverage)
  const last = tapeOf(symbol.candles)
  const mark = servesRisk ? tapeOf(marks) : null
  const tiers = symbol.tiers ?? tiersOf(profile, instrument.symbol)
  return {
    index,
    symbol: instrument.symbol,
    instrument,
    last,
    mark,
    adlMinutes: sim.adl === undefined ? [] : adlMinutesOf(mark ?? last, instrument.symbol, sim.adl),
    indexPrice: indexes === undefined ? null : tapeOf(indexes),
    marks: marks ?? null,
    settlements: profile.execution.fundingModelled ? scheduleOf(symbol, { grid, end: startOf(grid, minutes), missing: sim.funding?.missing ?? 'fail' }) : [],
    leverage,
    positionMode,
    marginBound: marginBoundOf(leverage, rules.feeBound),
    tiers,
    rates: tiers.tiers.map(({ cap, rate }) => ({ cap: doubleOf(cap), rate: doubleOf(rate) })),
  }
}

function scheduleOf({ funding, instrument }: SandboxSymbol, run: { readonly grid: Grid; readonly end: number; readonly missing: 'fail' | 'zero' | 'lastKnown' }): readonly Settlement[] {
  if (funding === undefined || funding.length === 0) return []
  return settlementsOf({ symbol: instrument.symbol, rates: funding, intervalMs: instrument.fundingIntervalMs, ...run })
}

function legLeverage(leverage: SandboxSymbol['leverage']): Readonly<Record<Leg, Decimal>> {
  const byLeg = isDecimal(leverage) ? { long: leverage, short: leverage } : leverage
  for (const leg of LEGS) if (!byLeg[leg].gt(0)) throw new HedgerowError('LEVERAGE_INVALID', { found: byLeg[leg].toFixed(), expected: 'a leverage above 0' })
  return byLeg
}

function leverageFor(markets: readonly Market[], symbol: string, leg: Leg): Decimal {
  const own = markets.find((market) => market.symbol === symbol)?.leverage
  if (own === undefined) throw new HedgerowError('UNKNOWN_SYMBOL', { found: symbol, expected: `one of ${markets.map((market) => market.symbol).join(', ')}` })
  return own[leg]
}

function invalid(where: string, found: string, expected: string): HedgerowError {
  return new HedgerowError('CONFIG_INVALID', { where, found, expected })
}
