/** What a run under `execution.predecessor` (profile `jesse`) sees otherwise than every other run. The rules of declared orders are in the SDK. */
import type { CandleColumns, TimeMs } from '@hedgerow/core'

/** The predecessor's clock knows only the ends of candles: a trade tells the close of the candle in which it was filled. */
export function candleClock({ start, step }: CandleColumns): (at: TimeMs) => TimeMs {
  return (at) => start + Math.ceil((at - start) / step) * step
}
