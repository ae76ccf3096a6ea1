/**
 * Indicators on candles: `ta.ema(this.candles, 8)` is the value at the last bar, `ta.ema.series(this.candles, 8)` the
 * column so far, `ta.ema.bars(8)` the bars it needs. Exact, causal, O(1) a bar; computed once a (series, parameters).
 */
export { crossover, crossunder } from './crosses.ts'
export { ichimoku } from './ichimoku.ts'
export { dema, ema, hma, rma, sma, tema, wma } from './moving-averages.ts'
export { cci, cmo, macd, roc, rsi, stochastic } from './oscillators.ts'
export { adx, di, supertrend } from './trend.ts'
export { atr, bollinger, donchian, highest, keltner, lowest, stddev, trueRange } from './volatility.ts'
export { mfi, obv, vwap } from './volume.ts'
