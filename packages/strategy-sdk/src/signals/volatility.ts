/** Measures of volatility of `trading-signals`. */
import { BollingerBands, BollingerBandsWidth, CHOP, CVI, MassIndex, NATR, PercentB, RogersSatchellVolatility, TTMSqueeze, UlcerIndex } from 'trading-signals'
import type { Indicator, Indicators } from '../ta/indicator.ts'
import type { Source } from '../ta/source.ts'
import { linesOfBars, ofBars, ofValues, real } from './streaming.ts'

type OfPeriod = Indicator<[period?: number]>
type OfBands = Indicator<[period?: number, deviations?: number, source?: Source]>

/** Width of the Bollinger bands as a fraction of their middle. */
export const bandWidth: OfBands = ofValues('bandWidth', { period: 20, deviations: real(2) }, ({ period, deviations }) => new BollingerBandsWidth(new BollingerBands(period, deviations)))

/** Place of the value in the Bollinger bands: 0 at the lower, 1 at the upper. */
export const percentB: OfBands = ofValues('percentB', { period: 20, deviations: real(2) }, ({ period, deviations }) => new PercentB({ interval: period, deviationMultiplier: deviations }))

/** Choppiness index (Dreiss), 0 to 100: high in a range, low in a trend. */
export const choppiness: OfPeriod = ofBars('choppiness', { period: 14 }, ({ period }) => new CHOP(period))

/** Chaikin's volatility: rate of change in percent of the averaged range. */
export const chaikinVolatility: OfPeriod = ofBars('chaikinVolatility', { period: 10 }, ({ period }) => new CVI(period))

/** Mass index (Dorsey). */
export const massIndex: OfPeriod = ofBars('massIndex', { period: 25 }, ({ period }) => new MassIndex(period))

/** Average true range in percent of the close. */
export const natr: OfPeriod = ofBars('natr', { period: 14 }, ({ period }) => new NATR(period))

/** Rogers and Satchell's volatility of `period` bars. */
export const rogersSatchell: OfPeriod = ofBars('rogersSatchell', { period: 14 }, ({ period }) => new RogersSatchellVolatility(period))

/** Momentum of Carter's squeeze: of the price from the middle of its Donchian and Keltner channels. */
export const squeeze: Indicators<[period?: number], 'momentum'> = linesOfBars('squeeze', ['momentum'], { period: 20 }, ({ period }) => new TTMSqueeze({ bbInterval: period, kcInterval: period }))

/** Ulcer index (Martin): root mean square of the drawdowns in percent. */
export const ulcer: Indicator<[period?: number, source?: Source]> = ofValues('ulcer', { period: 14 }, ({ period }) => new UlcerIndex(period))
