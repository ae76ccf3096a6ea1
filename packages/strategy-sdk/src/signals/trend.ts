/** Trend and stop lines of `trading-signals`, of whole bars. */
import { Alligator, Aroon, ChandeKrollStop, ChandelierExit, PSAR, VHF, VolatilityStop, VortexIndicator } from 'trading-signals'
import type { Indicator, Indicators } from '../ta/indicator.ts'
import type { Source } from '../ta/source.ts'
import { linesOfBars, ofBars, ofValues, real } from './streaming.ts'

/** Bill Williams' alligator: three smoothed averages of the median price, drawn forward as he does. */
export const alligator: Indicators<[jaw?: number, teeth?: number, lips?: number], 'jaw' | 'teeth' | 'lips'> = linesOfBars('alligator', ['jaw', 'teeth', 'lips'], { jaw: 13, teeth: 8, lips: 5 }, ({ jaw, teeth, lips }) => new Alligator({ jawInterval: jaw, teethInterval: teeth, lipsInterval: lips }))

/** Aroon, 0 to 100: how long ago the highest high and the lowest low of `period` bars were. */
export const aroon: Indicators<[period?: number], 'aroonUp' | 'aroonDown'> = linesOfBars('aroon', ['aroonUp', 'aroonDown'], { period: 14 }, ({ period }) => new Aroon(period))

/** Chandelier exit (LeBeau): the highest high less, the lowest low plus `multiplier` average true ranges. */
export const chandelierExit: Indicators<[period?: number, multiplier?: number], 'long' | 'short'> = linesOfBars('chandelierExit', ['long', 'short'], { period: 22, multiplier: real(3) }, ({ period, multiplier }) => new ChandelierExit({ interval: period, multiplier }))

/** Chande and Kroll's stops. */
export const chandeKrollStop: Indicators<[period?: number, stopPeriod?: number], 'longStop' | 'shortStop'> = linesOfBars('chandeKrollStop', ['longStop', 'shortStop'], { period: 10, stopPeriod: 9 }, ({ period, stopPeriod }) => new ChandeKrollStop({ interval: period, stopInterval: stopPeriod }))

/** Parabolic stop and reverse (Wilder). */
export const psar: Indicator<[step?: number, max?: number]> = ofBars('psar', { step: real(0.02), max: real(0.2) }, ({ step, max }) => new PSAR({ accelerationStep: step, accelerationMax: max }))

/** Vertical horizontal filter (White): range over the path walked, near 0 in a range and near 1 in a trend. */
export const vhf: Indicator<[period?: number, source?: Source]> = ofValues('vhf', { period: 28 }, ({ period }) => new VHF(period))

/** Volatility stop: trails the extreme close by `multiplier` average true ranges. */
export const volatilityStop: Indicators<[period?: number, multiplier?: number], 'stop'> = linesOfBars('volatilityStop', ['stop'], { period: 5, multiplier: real(3.5) }, ({ period, multiplier }) => new VolatilityStop({ interval: period, multiplier }))

/** Vortex indicator (Botes and Siepman). */
export const vortex: Indicators<[period?: number], 'plus' | 'minus'> = linesOfBars('vortex', ['plus', 'minus'], { period: 14 }, ({ period }) => new VortexIndicator(period))
