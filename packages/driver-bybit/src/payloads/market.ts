/** Candles and prices, as the queries and the public topics show them. */
import type { Candle, CandleReport, PriceReport } from '@hedgerow/core'
import { z } from 'zod'
import { amountOrNull, moment, momentOrNull } from './fields.ts'

/** A price or a volume of a candle: candles are doubles. */
const double = z.string().min(1).transform((text, context) => {
  const value = Number(text)
  if (!Number.isFinite(value)) context.addIssue({ code: 'custom', message: `expected a number, found "${text}"` })
  return value
})

const streamed = z.object({ start: moment, end: moment, confirm: z.boolean(), open: double, high: double, low: double, close: double, volume: double })

/** Reads one row of a `kline` topic; null while the candle is forming. */
export function candleReport(symbol: string, timeframe: string): z.ZodType<CandleReport | null> {
  return streamed.transform(({ start: time, end, confirm, open, high, low, close, volume }): CandleReport | null =>
    (confirm ? { type: 'candle', at: end + 1, symbol, timeframe, candle: { time, open, high, low, close, volume } } : null))
}

const ticker = z.object({
  symbol: z.string().min(1), lastPrice: amountOrNull, markPrice: amountOrNull, indexPrice: amountOrNull, fundingRate: amountOrNull, nextFundingTime: momentOrNull,
})

/** Reads a `tickers` message: whole at first, afterwards only what has changed. Null when it has none of the prices. */
export function priceReport(at: number): z.ZodType<PriceReport | null> {
  return ticker.transform(({ symbol, lastPrice, markPrice, indexPrice, fundingRate, nextFundingTime }): PriceReport | null => {
    const found = {
      ...(lastPrice !== null && { last: lastPrice }), ...(markPrice !== null && { mark: markPrice }), ...(indexPrice !== null && { index: indexPrice }),
      ...(fundingRate !== null && { fundingRate }), ...(nextFundingTime !== null && { nextFundingAt: nextFundingTime }),
    }
    return Object.keys(found).length === 0 ? null : { type: 'price', at, symbol, ...found }
  })
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
