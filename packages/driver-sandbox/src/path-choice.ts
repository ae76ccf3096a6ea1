/**
 * Which path a minute takes. Where the two monotone paths may give different fills, both are run on a fork that nobody listens to:
 * to count the candles in which they do, and, for `pessimistic`, to keep the one that leaves less (SIMULATION 3.3).
 */
import { decimalText, roundToPlaces, unrealisedPnl, type Decimal, type ExchangeEvent } from '@hedgerow/core'
import { mayDiffer } from './ambiguity.ts'
import { startOf } from './market.ts'
import type { PathChoice } from './options.ts'
import { pathOf, type MonotonePath } from './path.ts'
import { exactPrice } from './prices.ts'
import type { Simulation } from './simulation.ts'
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

/** Wallet and unrealised profit at last prices. A leg of a symbol that has not traded yet counts at its entry. */
function equityAtLast(sim: Simulation): Decimal {
  const prices = new Map(sim.books.map((book) => [book.market.symbol, exactPrice(sim, book.last)]))
  return sim.ledger.positions().reduce((equity, position) => {
    const price = prices.get(position.symbol) ?? null
    return price === null ? equity : equity.plus(unrealisedPnl(position, price))
  }, sim.ledger.wallet)
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

/** Places to which equities are compared: costs that do not divide evenly leave rests far beyond them, which the sequence of fills decides. */
const TIE_PLACES = 18

/** A path with a liquidation counts as lower; then the lower equity. */
function isWorse(a: DryRun, b: DryRun, liquidationsBefore: number): boolean {
  const aLiquidates = a.liquidations > liquidationsBefore
  const bLiquidates = b.liquidations > liquidationsBefore
  return aLiquidates === bLiquidates ? roundToPlaces(a.equity.minus(b.equity), TIE_PLACES, 'half-up').lt(0) : aLiquidates
}
