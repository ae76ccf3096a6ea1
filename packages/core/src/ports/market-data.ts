/** Prices and candles as they may be known now: nothing of it lies in the future. */
import type { CandleSeries } from '../domain/candle-series.ts'
import type { Decimal } from '../domain/decimal.ts'

/** What the session reads of the market. */
export interface MarketData {
  /** Last price: of the last fill that was told, or the close of the last closed candle, whichever is newer. */
  price(symbol: string): Decimal
  /** Mark price at the last closed candle; the last price where no mark series is loaded. */
  markPrice(symbol: string): Decimal
  /** Closed bars, oldest first. Throws `UNKNOWN_SYMBOL` or `TIMEFRAME_INVALID` for a series that is no route and no data route. */
  candles(symbol: string, timeframe: string): CandleSeries
}
