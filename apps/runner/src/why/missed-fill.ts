/** Why a price that an order waited for did not do: how near the candles came while it stood there. */
import { candleTime, cell, decimal, decimalText, timeText, type CandleColumns, type TimeMs } from '@hedgerow/core'
import { waitsForFall } from './order-words.ts'
import { extremeOf, rowAt, type KnownCandles } from './recorded-candles.ts'
import type { RecordedOrder } from './recorded-run.ts'

/** A span in which an order stood at one level. */
export interface Stand {
  readonly from: TimeMs
  readonly to: TimeMs
  readonly level: 'price' | 'trigger'
  readonly at: string
}

/** What the candles are compared by. */
export interface FillRules {
  readonly limitFill: 'touch' | 'through'
  /** True where only a part of a candle's volume may fill. */
  readonly sharesVolume: boolean
}

/** How near the price came to where an order stood, while it stood there and did not fill. */
export function missedText(order: RecordedOrder, stand: Stand, candles: KnownCandles, rules: FillRules): string {
  if ('unknown' in candles) return `how near the price came is not known: ${candles.unknown}.`
  if (stand.level === 'trigger' && order.triggerBy !== undefined && order.triggerBy !== 'last') return `it fires by the ${order.triggerBy} price, which is not recorded here.`
  return nearness(order, stand, candles.columns, rules)
}

/** Where an order stood: `The limit 1640.75 rested from 2023-10-04T12:15Z to 2023-10-04T12:45Z`. */
export function standText({ level, at, from, to }: Stand): string {
  return `The ${level === 'price' ? 'limit' : 'trigger'} ${at} ${level === 'price' ? 'rested' : 'waited'} from ${timeText(from)} to ${timeText(to)}`
}

function nearness(order: RecordedOrder, { level, at, from, to }: Stand, columns: CandleColumns, rules: FillRules): string {
  const falls = waitsForFall(order, level)
  const [side, word, beyond] = falls ? ['low', 'lowest low', 'below'] as const : ['high', 'highest high', 'above'] as const
  const best = extremeOf(columns, side, { from, to })
  if (best === null) return 'that was less than one whole candle, so no extreme of that time is known.'
  const distance = falls ? decimal(String(best.price)).minus(at) : decimal(at).minus(String(best.price))
  const reached = `the ${word} was ${best.price}, in the candle of ${timeText(best.at)}`
  if (distance.gt(0)) return `${reached}: ${decimalText(distance)} short of it.`
  if (level === 'trigger') return `${reached}, which reaches it: the order had ended, or had not arrived, by then.`
  if (distance.isZero() && rules.limitFill === 'through') return `${reached}: it was touched, but under \`through\` the price has to trade ${beyond} it. (sim.limitFill: 'touch' fills it.)`
  if (best.volume === 0) return `${reached}, beyond it, but nothing was traded in that candle: a candle without volume fills no resting limit.`
  return `${reached}, beyond it. ${rules.sharesVolume ? "The part of that candle's volume that may fill (sim.volumeShare) had gone to orders before it." : 'It had not arrived yet, or had ended, when the price was there.'}`
}

/** The candle of a moment in words: `open 1640.2, high 1641, low 1639.5, close 1640`. */
export function candleText({ columns }: { readonly columns: CandleColumns }, at: TimeMs): string | null {
  const row = rowAt(columns, at)
  if (row === null || Number.isNaN(cell(columns.close, row))) return null
  return `the candle of ${timeText(candleTime(columns, row))}: open ${cell(columns.open, row)}, high ${cell(columns.high, row)}, low ${cell(columns.low, row)}, close ${cell(columns.close, row)}, volume ${cell(columns.volume, row)}`
}
