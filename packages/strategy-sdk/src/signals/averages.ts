/** Moving averages and lines of `trading-signals`. Each takes the close unless its last parameter names another price. */
import { ALMA, FRAMA, KAMA, LinearRegression, MAMA, McGinleyDynamic, SuperSmoother, T3, TRIMA, VIDYA, ZLEMA } from 'trading-signals'
import type { Indicator, Indicators } from '../ta/indicator.ts'
import type { Source } from '../ta/source.ts'
import { linesOfValues, ofValues, real } from './streaming.ts'

type Average = Indicator<[period?: number, source?: Source]>

/** Arnaud Legoux moving average: Gaussian weights around `offset` of the window. */
export const alma: Indicator<[period?: number, offset?: number, sigma?: number, source?: Source]> = ofValues('alma', { period: 9, offset: real(0.85), sigma: real(6) }, ({ period, offset, sigma }) => new ALMA(period, offset, sigma))

/** Fractal adaptive moving average (Ehlers). `period` is even. */
export const frama: Average = ofValues('frama', { period: 16 }, ({ period }) => new FRAMA(period))

/** Kaufman's adaptive moving average, between the EMA of 2 and that of 30. */
export const kama: Average = ofValues('kama', { period: 10 }, ({ period }) => new KAMA(period))

/** McGinley dynamic. */
export const mcginley: Average = ofValues('mcginley', { period: 14 }, ({ period }) => new McGinleyDynamic(period))

/** Ehlers' two-pole super smoother. */
export const supersmoother: Average = ofValues('supersmoother', { period: 10 }, ({ period }) => new SuperSmoother(period))

/** Tillson's T3: six EMAs with a volume factor. */
export const t3: Indicator<[period?: number, factor?: number, source?: Source]> = ofValues('t3', { period: 5, factor: real(0.7) }, ({ period, factor }) => new T3(period, factor))

/** Triangular moving average: a simple average of simple averages. */
export const trima: Average = ofValues('trima', { period: 10 }, ({ period }) => new TRIMA(period))

/** Variable index dynamic average (Chande). */
export const vidya: Average = ofValues('vidya', { period: 14 }, ({ period }) => new VIDYA(period))

/** Zero-lag EMA (Ehlers and Way). */
export const zlema: Average = ofValues('zlema', { period: 14 }, ({ period }) => new ZLEMA(period))

/** MESA adaptive moving average and its follower (Ehlers). */
export const mama: Indicators<[fastLimit?: number, slowLimit?: number, source?: Source], 'mama' | 'fama'> = linesOfValues('mama', ['mama', 'fama'], { fastLimit: real(0.5), slowLimit: real(0.05) }, (limits) => new MAMA(limits))

/** Least squares line through the last `period` values: its value one bar on (TA-Lib's TSF), its slope a bar, where it begins. */
export const linreg: Indicators<[period?: number, source?: Source], 'prediction' | 'slope' | 'intercept'> = linesOfValues('linreg', ['prediction', 'slope', 'intercept'], { period: 14 }, ({ period }) => new LinearRegression(period))
