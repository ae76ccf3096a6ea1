/** What the data lacks. */
import { FILL_PRICES, type RunMarket } from '../finished-run.ts'
import type { CriticisedRun, Rule } from './criticism.ts'
import { counted } from './numbers.ts'

const madeUp: Rule = ({ header: { data } }) => {
  const symbols = data.filter(({ synthetic }) => synthetic).map(({ symbol }) => symbol)
  return symbols.length === 0 ? null : {
    id: 'synthetic', severity: 'severe',
    headline: `The candles of ${symbols.join(', ')} are made up.`,
    found: 'The data says of itself that it is synthetic: no market printed it.',
    remedy: 'Use it to see that a strategy works, never whether it pays. Import real candles with `hedgerow data import`.',
  }
}

/** Trades that were open while a candle was missing. */
const gapInTrade: Rule = (run) => {
  const priced = new Set(run.header.data.filter(({ source }) => source === FILL_PRICES).map(({ symbol }) => symbol))
  const touched = run.trades.filter(({ symbol, openedAt, closedAt }) => {
    if (priced.has(symbol)) return false
    const market = run.markets.find((row) => row.symbol === symbol)
    return market !== undefined && hasGap(market, openedAt, closedAt)
  })
  return touched.length === 0 ? null : {
    id: 'gap-in-trade', severity: 'warning',
    headline: `Candles are missing during ${counted(touched.length, 'trade')}: ${idsOf(touched)}.`,
    found: 'While these legs were open there are minutes without a candle: no stop, target or liquidation can have been met in them.',
    remedy: 'Fetch the missing range and run again.',
  }
}

function hasGap({ candles: { start, step, length, close } }: RunMarket, openedAt: number, closedAt: number): boolean {
  const last = Math.min(length - 1, Math.floor((closedAt - start) / step))
  for (let index = Math.max(0, Math.floor((openedAt - start) / step)); index <= last; index++) if (Number.isNaN(close[index])) return true
  return false
}

function idsOf(trades: CriticisedRun['trades']): string {
  const shown = trades.slice(0, 5).map(({ id }) => id).join(', ')
  return trades.length > 5 ? `${shown} and ${trades.length - 5} more` : shown
}

/** Rules about the data. */
export const DATA_RULES: readonly Rule[] = [madeUp, gapInTrade]
