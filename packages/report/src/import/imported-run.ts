/** Folds imported fills into a finished run: the ledger, the trades and the metrics are those of every other run. */
import { createHash } from 'node:crypto'
import {
  canonicalEvent, decimalOfDouble, EXACT_MONEY, HedgerowError, InMemoryPositionStore, LEGS, Ledger, ONE, runMetrics, RunRecorder, SessionState, sumDecimals, TradeBuilder, ZERO,
  type Decimal, type JournalEvent, type PositionMode, type RunMetrics,
} from '@hedgerow/core'
import { SCHEMA_VERSION, type FinishedRun, type RunCounts, type RunHeader, type RunWarning } from '../finished-run.ts'
import { CourseFold } from '../fold/course-fold.ts'
import { PairChanges } from '../fold/pair-changes.ts'
import { fillsOf, fundingOf } from './attribution.ts'
import { importMarket, type ImportCandles, type ImportMarket } from './import-market.ts'
import type { ImportedFile, ImportedFill, ImportedRow, ImportFormat } from './imported-file.ts'

/** What the export does not say. */
export interface ImportSetup {
  readonly format: ImportFormat
  /** Version of the program that makes the run. */
  readonly version: string
  /** In place of the one that the export says; needed where it says none. */
  readonly startingBalance?: Decimal | undefined
  /** By symbol. */
  readonly candles: ReadonlyMap<string, ImportCandles>
}

/**
 * The run of an export.
 *
 * @throws HedgerowError `IMPORT_INVALID` without fills or without a balance, `IMPORT_UNATTRIBUTED` naming the row, and what {@link importMarket} throws.
 */
export function importedRun(file: ImportedFile, setup: ImportSetup): FinishedRun {
  if (file.rows.every(({ type }) => type !== 'fill')) throw new HedgerowError('IMPORT_INVALID', { where: setup.format.title, found: 'no fills', expected: 'at least one fill', remedy: 'Check that the file is the right one, and its range of time.' })
  const startingBalance = setup.startingBalance ?? file.startingBalance
  if (startingBalance === null || !startingBalance.gt(0)) {
    throw new HedgerowError('IMPORT_INVALID', { where: setup.format.title, found: startingBalance === null ? 'no starting balance' : `a starting balance of ${startingBalance.toFixed()}`, expected: 'what the account held before the first fill', remedy: 'Say it in quote units: --balance 10000.' })
  }
  const market = importMarket(file.rows, setup.candles)
  const fold = new ImportFold(file, market, startingBalance)
  for (const row of file.rows) fold.add(row)
  return fold.finish(setup)
}

/** Fee rate that was paid on average by fills of one liquidity; zero where there were none. */
function paidRate(rows: readonly ImportedRow[], liquidity: ImportedFill['liquidity']): Decimal {
  const fills = rows.filter((row): row is ImportedFill => row.type === 'fill' && row.liquidity === liquidity)
  const notional = sumDecimals(fills.map(({ qty, price }) => qty.times(price)))
  return notional.isZero() ? ZERO : sumDecimals(fills.map(({ fee }) => fee)).div(notional)
}

class ImportFold {
  readonly #file: ImportedFile
  readonly #market: ImportMarket
  readonly #startingBalance: Decimal
  readonly #state: SessionState
  readonly #recorder: RunRecorder
  readonly #course: CourseFold
  readonly #changes: PairChanges
  readonly #events: JournalEvent[] = []
  readonly #prices = new Map<string, Decimal>()
  readonly #leverages = new Map<string, Decimal>()
  readonly #fee: RunHeader['fee']
  #hedged = false
  /** Rows whose own figure of what they realised is another one. */
  readonly #differing: ImportedFill[] = []

  constructor(file: ImportedFile, market: ImportMarket, startingBalance: Decimal) {
    this.#file = file
    this.#market = market
    this.#startingBalance = startingBalance
    this.#fee = { maker: paidRate(file.rows, 'maker'), taker: paidRate(file.rows, 'taker') }
    const positions = new InMemoryPositionStore(new Ledger({ wallet: startingBalance, money: EXACT_MONEY }))
    this.#state = new SessionState({ positions, trades: new TradeBuilder({ leverage: (symbol, leg) => this.#leverages.get(`${symbol} ${leg}`) ?? ONE }), ownerOf: () => file.strategy })
    const step = market.markets[0]?.candles.step ?? 1
    const course = new CourseFold({ start: market.start, end: market.end, gridStart: market.start, candleStep: step, startingBalance })
    this.#course = course
    this.#recorder = new RunRecorder({ symbols: market.markets.map(({ symbol, candles }) => ({ symbol, candles })), state: this.#state, margin: null, start: market.start, onStretch: (stretch) => course.add(stretch) })
    this.#changes = new PairChanges({ state: this.#state, margin: null, takerRate: this.#fee.taker })
  }

  add(row: ImportedRow): void {
    const pair = this.#state.positions.pair(row.symbol)
    if (row.type === 'funding') {
      const event = fundingOf(row, pair, this.#prices.get(row.symbol) ?? null)
      if (event !== null) this.#fold(event)
      return
    }
    const realised = fillsOf(row, pair).map((event) => {
      if (row.leverage !== null) this.#leverages.set(`${row.symbol} ${event.leg}`, row.leverage)
      return this.#fold(event)
    })
    this.#prices.set(row.symbol, row.price)
    if (row.realised !== null && differs(row.realised, sumDecimals(realised))) this.#differing.push(row)
    this.#hedged ||= LEGS.every((leg) => !this.#state.positions.pair(row.symbol)[leg].qty.isZero())
  }

  /** What it realised. */
  #fold(event: JournalEvent): Decimal {
    this.#recorder.before(event)
    const applied = this.#state.apply(event)
    this.#recorder.see(event)
    this.#changes.see(event)
    this.#events.push(event)
    return applied?.posting?.realised ?? ZERO
  }

  finish(setup: ImportSetup): FinishedRun {
    const { start, end, markets } = this.#market
    this.#recorder.finish(end)
    const { trades } = this.#state.trades
    const openPositions = this.#state.trades.openPositions((symbol) => this.#lastPrice(symbol))
    const metrics = runMetrics({ startingBalance: this.#startingBalance, trades, openPositions, daily: this.#recorder.daily, curve: this.#recorder.curve.summary() })
    const course = this.#course.finish()
    const unknown = new Float64Array(course.length).fill(Number.NaN)
    return {
      schemaVersion: SCHEMA_VERSION, kind: 'import', header: this.#header(setup, { start, end }), metrics: { total: marginless(metrics.total), long: marginless(metrics.long), short: marginless(metrics.short) },
      counts: this.#counts(), warnings: this.#warnings(setup), trades, openPositions, equity: this.#recorder.points, events: this.#events, positions: this.#changes.list,
      course: { ...course, marginUse: unknown, liquidationDistance: unknown },
      markets, charts: {}, watchLists: {}, counterfactuals: [], bracket: null, journalHash: hashOf(this.#events),
    }
  }

  #lastPrice(symbol: string): Decimal {
    const close = this.#market.markets.find((market) => market.symbol === symbol)?.candles.close.findLast((price) => !Number.isNaN(price))
    return close === undefined ? ZERO : decimalOfDouble(close)
  }

  #header({ format, version }: ImportSetup, { start, end }: Pick<RunHeader, 'start' | 'end'>): RunHeader {
    const { strategy, timeframe, positionMode } = this.#file
    const mode: PositionMode = positionMode ?? (this.#hedged ? 'hedge' : 'one-way')
    return {
      version, profile: 'unknown', exchange: format.title, positionMode: mode, marginMode: 'unknown', leverage: { long: ONE, short: ONE }, startingBalance: this.#startingBalance, fee: this.#fee, fillAt: 'close', sim: {}, seed: 0,
      start, end, data: this.#market.data, routes: [{ name: strategy, symbol: this.#market.markets.map(({ symbol }) => symbol).join('+'), timeframe, legs: LEGS, params: {} }],
    }
  }

  #counts(): RunCounts {
    const fills = this.#events.filter((event) => event.type === 'order.filled')
    const orders = new Set(this.#file.rows.flatMap((row) => (row.type === 'fill' && row.order !== null && row.order !== '' ? [`${row.symbol} ${row.order}`] : [])))
    const liquidated = new Set(fills.filter(({ source }) => source === 'liquidation').map(({ symbol, leg, at }) => `${symbol} ${leg} ${at}`))
    return { ambiguousCandles: 0, liquidations: liquidated.size, insuranceUsed: ZERO, slippage: null, orders: orders.size, fills: fills.length, denied: 0 }
  }

  #warnings({ format }: ImportSetup): readonly RunWarning[] {
    const { withoutCandles } = this.#market
    const [first] = this.#differing
    return [
      ...(format.simulated ? [{ code: 'IMPORTED_BACKTEST', text: `${format.title} simulated these fills: how it fills orders and what it leaves out is in them.` }] : []),
      ...(withoutCandles.length === 0 ? [] : [{ code: 'NO_CANDLES', text: `No candles of ${withoutCandles.join(', ')}: prices are those of the fills. Between two fills the account stands at the last of them, so drawdown, excursions and exposure are too kind.` }]),
      { code: 'MARGIN_UNKNOWN', text: `The export says nothing of margin and slippage: there is no liquidation price and no margin use${this.#leverages.size === 0 ? ', and the leverage counts as 1 in percentages of trades' : ''}.` },
      ...(first === undefined ? [] : [{ code: 'PNL_DIFFERS', text: `${this.#differing.length} row(s) name another realised pnl than their fills give, first ${first.where}: ${first.realised?.toFixed() ?? ''}. Fills may be missing.` }]),
      ...(this.#file.rows.some(({ type }) => type === 'funding') ? [] : [{ code: 'FUNDING_NOT_MODELLED', text: 'The export has no funding: it counts as zero.' }]),
      ...this.#file.warnings,
    ]
  }
}

/** A venue rounds its own figure; beyond that it is another one. */
function differs(told: Decimal, ours: Decimal): boolean {
  return told.minus(ours).abs().gt(told.abs().times('0.001').plus('0.01'))
}

function marginless(metrics: RunMetrics): RunMetrics {
  return { ...metrics, marginUtilisationTwa: null, minLiquidationDistance: null }
}

function hashOf(events: readonly JournalEvent[]): string {
  const hash = createHash('sha256')
  for (const event of events) hash.update(canonicalEvent(event)).update('\n')
  return hash.digest('hex')
}
