/** Whether engine and floor found the same trades: leg, minutes, prices and money to the cent. */
import type { BacktestResult } from 'hedgerow'
import type { FloorRun, FloorTrade } from './floor-trade.ts'

const MINUTE_MS = 60_000
const CENT = 0.01

/** @throws Error naming the first trade that differs. */
export function requireAgreement(result: BacktestResult, floor: FloorRun, start: number): void {
  const trades = result.trades.map((trade): FloorTrade => ({
    leg: trade.leg, opened: Math.floor((trade.openedAt - start) / MINUTE_MS), closed: Math.floor((trade.closedAt - start) / MINUTE_MS),
    entryPrice: trade.entryPrice.toNumber(), exitPrice: trade.exitPrice.toNumber(), netPnl: trade.netPnl.toNumber(),
  }))
  const count = Math.max(trades.length, floor.trades.length)
  for (let index = 0; index < count; index++) {
    const [engine, expected] = [trades[index], floor.trades[index]]
    if (engine !== undefined && expected !== undefined && isSame(engine, expected)) continue
    throw new Error(`engine and floor disagree on trade ${index + 1} (of ${trades.length} and ${floor.trades.length})\n  engine ${JSON.stringify(engine)}\n  floor  ${JSON.stringify(expected)}`)
  }
}

function isSame(a: FloorTrade, b: FloorTrade): boolean {
  const same = a.leg === b.leg && a.opened === b.opened && a.closed === b.closed
  return same && (['entryPrice', 'exitPrice', 'netPnl'] as const).every((key) => Math.abs(a[key] - b[key]) < CENT / 2)
}
