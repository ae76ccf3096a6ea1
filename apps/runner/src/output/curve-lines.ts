/** How equity and the legs went, as lines of characters. */
import { LEGS, maxDecimal, minDecimal, ZERO, type Decimal, type Filled, type Leg } from '@hedgerow/core'
import type { BacktestResult } from '../backtest/result.ts'
import { exactText, plainText } from '@hedgerow/report/run'
import type { Paint } from './paint.ts'
import { magnitudeLine, sparkline, stretches, type Step } from './sparkline.ts'

/** More symbols than this are left to the files. */
const MOST_SYMBOLS = 4

/** Names of symbols are cut to it: curves are the point of these lines. */
const LONGEST_LABEL = 20

/** One line of equity, and one for each leg of each symbol that traded. `width` in characters. */
export function curveLines(result: BacktestResult, { width, label: usual, paint }: { readonly width: number; readonly label: number; readonly paint: Paint }): string[] {
  const { header: { start, end, startingBalance }, equity, events } = result
  const fills = events.filter((event) => event.type === 'order.filled')
  if (fills.length === 0 || end <= start) return []
  const points = equity.map(({ at, equity: value }) => ({ at, value: value.toNumber() }))
  const { low, high } = rangeOf(startingBalance, equity)
  const symbols = [...new Set(fills.map(({ symbol }) => symbol))]
  const label = symbols.length === 1 ? usual : Math.min(LONGEST_LABEL, Math.max(usual, ...symbols.slice(0, MOST_SYMBOLS).map((symbol) => `${symbol} short `.length)))
  const window = { start, end, count: width - label - CAPTION }
  const line = (name: string, drawn: string, caption: string): string => `${paint('quiet', name.padEnd(label))}${drawn}  ${caption}`
  const legs = symbols.slice(0, MOST_SYMBOLS).flatMap((symbol) => LEGS.flatMap((leg) => {
    const { steps, most } = quantities(fills, symbol, leg)
    if (steps.length === 0) return []
    const name = symbols.length === 1 ? `${leg.charAt(0).toUpperCase()}${leg.slice(1)}` : `${symbol} ${leg}`
    return [line(name.slice(0, label - 1), magnitudeLine(stretches(steps, { ...window, before: 0, reading: 'largest' })), `to ${most}`)]
  }))
  return [
    line('Equity', sparkline(stretches(points, { ...window, before: startingBalance.toNumber(), reading: 'last' })), `${rounded(low)} to ${rounded(high)}`),
    ...legs,
    ...(symbols.length > MOST_SYMBOLS ? [paint('quiet', `${' '.repeat(label)}and the legs of ${symbols.length - MOST_SYMBOLS} more symbols`)] : []),
  ]
}

/** Room for what a line is called at its right. */
const CAPTION = 22

function rangeOf(start: Decimal, equity: BacktestResult['equity']): { readonly low: Decimal; readonly high: Decimal } {
  return equity.reduce(({ low, high }, { equity: value }) => ({ low: minDecimal(low, value), high: maxDecimal(high, value) }), { low: start, high: start })
}

/** As short as it can be without saying less. */
function rounded(value: Decimal): string {
  return plainText(value, value.abs().gte(1000) ? 0 : 2)
}

/** The quantity of a leg after each of its fills, in base units, and the largest as text. */
function quantities(fills: readonly Filled[], symbol: string, leg: Leg): { readonly steps: readonly Step[]; readonly most: string } {
  let held = ZERO
  let most = ZERO
  const steps = fills.filter((fill) => fill.symbol === symbol && fill.leg === leg).map(({ at, intent, qty }): Step => {
    held = intent === 'open' ? held.plus(qty) : held.minus(qty)
    most = maxDecimal(most, held)
    return { at, value: held.toNumber() }
  })
  return { steps, most: exactText(most) }
}
