/** Candles and prices, as the queries and the public topics show them. */
import type { Candle, CandleReport, Decimal, PriceReport, TimeMs } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { amountOrNull, moment, momentOrNull } from './fields.ts'

/** A price or a volume of a candle: candles are doubles. */
const double = z.string().min(1).transform((text, context) => {
  const value = Number(text)
  if (!Number.isFinite(value)) context.addIssue({ code: 'custom', message: `expected a number, found "${text}"` })
  return value
})

/** A candle of a `kline` topic. `end` is its last millisecond. */
export interface StreamedCandle extends Omit<Candle, 'time'> {
  readonly start: TimeMs
  readonly end: TimeMs
  /** False while it is forming. */
  readonly confirm: boolean
}

/** Reads a candle of a `kline` topic. */
export const streamedCandle: z.ZodType<StreamedCandle> = z.object({ start: moment, end: moment, confirm: z.boolean(), open: double, high: double, low: double, close: double, volume: double })

/** What it says; null while the candle is forming. */
export function candleReport({ start: time, end, confirm, open, high, low, close, volume }: StreamedCandle, { symbol, timeframe }: Pick<CandleReport, 'symbol' | 'timeframe'>): CandleReport | null {
  return confirm ? { type: 'candle', at: end + 1, symbol, timeframe, candle: { time, open, high, low, close, volume } } : null
}

/** Prices of a `tickers` topic: whole at first, afterwards only what has changed. */
export interface TickerRow {
  readonly symbol: string
  readonly lastPrice: Decimal | null
  readonly markPrice: Decimal | null
  readonly indexPrice: Decimal | null
  readonly fundingRate: Decimal | null
  readonly nextFundingTime: TimeMs | null
}

/** Reads a `tickers` message. */
export const tickerRow: z.ZodType<TickerRow> = z.object({
  symbol: z.string().min(1), lastPrice: amountOrNull, markPrice: amountOrNull, indexPrice: amountOrNull, fundingRate: amountOrNull, nextFundingTime: momentOrNull,
})

/** What it says; null when it has none of the prices. */
export function priceReport({ symbol, lastPrice, markPrice, indexPrice, fundingRate, nextFundingTime }: TickerRow, at: TimeMs): PriceReport | null {
  const found = {
    ...(lastPrice !== null && { last: lastPrice }), ...(markPrice !== null && { mark: markPrice }), ...(indexPrice !== null && { index: indexPrice }),
    ...(fundingRate !== null && { fundingRate }), ...(nextFundingTime !== null && { nextFundingAt: nextFundingTime }),
  }
  return Object.keys(found).length === 0 ? null : { type: 'price', at, symbol, ...found }
}

/** A row of `kline`: start, open, high, low, close, volume, turnover. */
export const candleRow: z.ZodType<Candle> = z.tuple([moment, double, double, double, double, double], z.unknown())
  .transform(([time, open, high, low, close, volume]) => ({ time, open, high, low, close, volume }))

/** A row of `mark-price-kline`: start, open, high, low, close. Marks have no volume. */
export const markRow: z.ZodType<Candle> = z.tuple([moment, double, double, double, double], z.unknown())
  .transform(([time, open, high, low, close]) => ({ time, open, high, low, close, volume: 0 }))

/** A settlement of `funding/history`. */
export interface FundingRow {
  readonly time: number
  readonly rate: number
}

/** A row of `funding/history`. */
export const fundingRow: z.ZodType<FundingRow> = z.object({ fundingRateTimestamp: moment, fundingRate: double })
  .transform(({ fundingRateTimestamp: time, fundingRate: rate }) => ({ time, rate }))
