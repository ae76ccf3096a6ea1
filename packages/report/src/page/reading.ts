/** What stands at a bar: its prices, both legs, and the account. */
import type { Bars } from './bars.ts'
import { exactText, numberText, percentText, signedText, timeText, tone } from './format.ts'
import { stateRow, type Run, type RunMarket } from './run.ts'
import { at } from './search.ts'

/** One line of HTML. */
export function readingText(run: Run, { held, places }: RunMarket, bars: Bars, row: number): string {
  const end = Math.min(at(bars.end, row), run.data.end)
  const state = stateRow(held, end, run.data.end)
  const [long, short] = [run.gainAt(end, 0), run.gainAt(end, 1)]
  const price = (column: Float64Array): string => numberText(at(column, row), places)
  return [
    `<span>${timeText(at(bars.time, row))}</span>`,
    `<span>O ${price(bars.open)} H ${price(bars.high)} L ${price(bars.low)} C ${price(bars.close)}</span>`,
    legText('long', at(held.longQty, state), at(held.longEntry, state)), legText('short', at(held.shortQty, state), at(held.shortEntry, state)),
    `<span>account <b class="${tone(long + short)}">${signedText(long + short)}</b> (${percentText((long + short) / run.data.startingBalance)})</span>`,
    `<span class="long">long leg ${signedText(long)}</span>`, `<span class="short">short leg ${signedText(short)}</span>`,
  ].filter((text) => text !== '').join(' ')
}

function legText(leg: 'long' | 'short', qty: number, entry: number): string {
  return qty > 0 ? `<span class="${leg}">${leg} ${exactText(qty)} at ${numberText(entry)}</span>` : ''
}
