/**
 * The long tail of indicators, from the library `trading-signals`, called as those of `ta` are: `signals.kama(this.candles, 10)` is the
 * value at the last bar, `signals.kama.series(...)` the column so far, `signals.kama.bars(10)` the bars it needs.
 *
 * `import * as signals from '@hedgerow/strategy-sdk/signals'`. What `ta` has is faster and checked against TA-Lib: take it from there.
 */
export { alma, frama, kama, linreg, mama, mcginley, supersmoother, t3, trima, vidya, zlema } from './averages.ts'
export { ao, apo, bop, connorsRsi, coppock, dpo, efficiencyRatio, elderRay, fisher, laguerreRsi, momentum, pmo, ppo, qqe, qstick, rvgi, smi, stc, stochasticRsi, trix, tsi, ultimateOscillator, waveTrend, williamsR } from './momentum.ts'
export { alligator, aroon, chandeKrollStop, chandelierExit, psar, vhf, volatilityStop, vortex } from './trend.ts'
export { bandWidth, chaikinVolatility, choppiness, massIndex, natr, percentB, rogersSatchell, squeeze, ulcer } from './volatility.ts'
export { ad, adOscillator, chaikinMoneyFlow, easeOfMovement, forceIndex, klinger, nvi, pvi, pvo, pvt, wad } from './volume.ts'
export { linesOfBars, linesOfValues, ofBars, ofValues, real } from './streaming.ts'
export type { Defaults, Streaming } from './streaming.ts'
