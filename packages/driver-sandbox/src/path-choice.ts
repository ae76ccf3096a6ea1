/**
 * Which path a minute takes. Where the two monotone paths may give different fills, both are run on a fork that nobody listens to:
 * to count the candles in which they do, and, for `pessimistic`, to keep the one that leaves less (SIMULATION 3.3).
 */
import { decimalText, type Decimal, type ExchangeEvent } from '@hedgerow/core'
import { startOf } from './market.ts'
import type { PathChoice } from './options.ts'
import { at, pathOf, type MonotonePath } from './path.ts'
import { exactPrice } from './prices.ts'
import type { Simulation } from './simulation.ts'
import type { Lane, SymbolBook } from './symbol-book.ts'
import { levelTrailedBy } from './trailing.ts'
import { walkMinute, type PathChooser } from './walk.ts'

/** Chooses the path of the minute whose open the simulation stands at; `liquidations` is their count before that open. */
export function choosePath(sim: Simulation, liquidations: number, onChoice: ((choice: PathChoice) => void) | undefined): PathChooser {
  const { path } = sim.setup.rules
  const rule: PathChooser = path === 'pessimistic' ? () => 'olhc' : (tape, row) => pathOf(path, tape.columns, row)
  if (!mayDiffer(sim)) return rule
  const olhc = dryRun(sim, 'olhc')
  const ohlc = dryRun(sim, 'ohlc')
  sim.counts.ambiguousCandles += sim.books.filter(({ market: { symbol } }) => olhc.fills.get(symbol) !== ohlc.fills.get(symbol)).length
  if (path !== 'pessimistic') return rule
  const chosen = isWorse(ohlc, olhc, liquidations) ? 'ohlc' : 'olhc'
  onChoice?.({ at: startOf(sim.setup.grid, sim.minute), path: chosen, equityOlhc: olhc.equity, equityOhlc: ohlc.equity })
  return () => chosen
}

/** Wallet and unrealised profit at last prices. */
export function equityAtLast(sim: Simulation): Decimal {
  const prices = new Map(sim.books.map((book) => [book.market.symbol, exactPrice(sim, book.last)]))
  return sim.ledger.valuedAt((symbol) => {
    const price = prices.get(symbol) ?? null
    if (price === null) throw new RangeError(`${symbol} is held and has no price`)
    return price
  }).equity
}

interface DryRun {
  readonly equity: Decimal
  readonly liquidations: number
  /** By symbol, as a text that is equal for equal fills. */
  readonly fills: ReadonlyMap<string, string>
}

function dryRun(sim: Simulation, path: MonotonePath): DryRun {
  const fills = new Map<string, string[]>()
  const fork = sim.fork((event) => noteFill(fills, event))
  walkMinute(fork, () => path)
  return {
    equity: equityAtLast(fork),
    liquidations: fork.counts.liquidations,
    fills: new Map([...fills].map(([symbol, texts]) => [symbol, texts.sort().join('\n')])),
  }
}

function noteFill(fills: Map<string, string[]>, event: ExchangeEvent): void {
  if (event.type !== 'order.filled') return
  const { symbol, orderId, leg, price, qty, liquidity } = event
  const texts = fills.get(symbol) ?? []
  texts.push([orderId ?? 'liquidation', leg, decimalText(price), decimalText(qty), liquidity].join(' '))
  fills.set(symbol, texts)
}

/** A path with a liquidation counts as lower; then the lower equity. */
function isWorse(a: DryRun, b: DryRun, liquidationsBefore: number): boolean {
  const [aLiquidates, bLiquidates] = [a.liquidations > liquidationsBefore, b.liquidations > liquidationsBefore]
  return aLiquidates === bLiquidates ? a.equity.lt(b.equity) : aLiquidates
}

/**
 * False only when both paths surely give the same fills: no symbol has orders on both sides of its open within the candle, and no order
 * whose outcome depends on what the path did before. Orders on one side are met in the same sequence on both paths.
 */
function mayDiffer(sim: Simulation): boolean {
  if (mayLiquidate(sim)) return true
  return sim.books.some((book) => book.last.tape.has(sim.minute) && bookMayDiffer(sim, book))
}

function bookMayDiffer(sim: Simulation, book: SymbolBook): boolean {
  let falls = 0
  let rises = 0
  for (const lane of book.lanes) {
    if (lane.trailing.some((live) => mayTrailInto(sim, book, lane, live))) return true
    const below = lane.falls.reachedBy(lane.tape.low(sim.minute))
    const above = lane.rises.reachedBy(lane.tape.high(sim.minute))
    if (below.length + above.length > 0 && lane !== book.last) return true
    if ([...below, ...above].some(({ stage, order }) => stage === 'activation' || (stage === 'trigger' && (order.price !== undefined || order.intent === 'open')))) return true
    falls += below.length
    rises += above.length
  }
  return falls > 0 && rises > 0
}

function mayTrailInto(sim: Simulation, book: SymbolBook, { tape }: Lane, live: Lane['trailing'][number]): boolean {
  const row = sim.minute - tape.first
  const [low, high] = [at(tape.columns.low, row), at(tape.columns.high, row)]
  const before = live.extreme
  if (live.side === 'sell' ? high > before : low < before) live.extreme = live.side === 'sell' ? high : low
  const level = levelTrailedBy(live, book.market.instrument.tickSize)
  live.extreme = before
  return live.side === 'sell' ? low <= level : high >= level
}

function mayLiquidate(sim: Simulation): boolean {
  const bounds = sim.risk.boundsOf(sim)
  return sim.books.some(({ mark: { tape } }, index) => {
    const own = bounds[index]
    return own !== undefined && (tape.low(sim.minute) <= own.below || tape.high(sim.minute) >= own.above)
  })
}
