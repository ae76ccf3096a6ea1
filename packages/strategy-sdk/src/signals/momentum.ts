/** Oscillators of `trading-signals`. Those of one price take the close unless their last parameter names another. */
import {
  AO, APO, BOP, ConnorsRSI, CoppockCurve, DPO, ElderRay, ER, FisherTransform, LaguerreRSI, MOM, PMO, PPO, QQE, Qstick, RelativeVigorIndex, SMI, STC, StochasticRSI, TRIX, TSI, UltimateOscillator, WaveTrend, WilliamsR,
} from 'trading-signals'
import type { Indicator, Indicators } from '../ta/indicator.ts'
import type { Source } from '../ta/source.ts'
import { linesOfBars, linesOfValues, ofBars, ofValues, real } from './streaming.ts'

type OfPeriod = Indicator<[period?: number, source?: Source]>
type OfTwo = Indicator<[fast?: number, slow?: number, source?: Source]>

/** Awesome oscillator (Williams): simple averages of the median price, short less long. */
export const ao: Indicator<[short?: number, long?: number]> = ofBars('ao', { short: 5, long: 34 }, ({ short, long }) => new AO(short, long))

/** Absolute price oscillator: EMA(fast) - EMA(slow). */
export const apo: OfTwo = ofValues('apo', { fast: 12, slow: 26 }, ({ fast, slow }) => new APO({ fastPeriod: fast, slowPeriod: slow }))

/** Percentage price oscillator: the APO in percent of the slow average. */
export const ppo: OfTwo = ofValues('ppo', { fast: 12, slow: 26 }, ({ fast, slow }) => new PPO({ fastPeriod: fast, slowPeriod: slow }))

/** Balance of power: (close - open) / (high - low). */
export const bop: Indicator<[]> = ofBars('bop', {}, () => new BOP())

/** Connors RSI, 0 to 100: of the price, of its streaks, and the rank of its last return. */
export const connorsRsi: Indicator<[period?: number, streak?: number, rank?: number, source?: Source]> = ofValues('connorsRsi', { period: 3, streak: 2, rank: 100 }, ({ period, streak, rank }) => new ConnorsRSI({ rsiInterval: period, streakRsiInterval: streak, percentRankInterval: rank }))

/** Coppock curve: a weighted average of two rates of change. */
export const coppock: Indicator<[period?: number, short?: number, long?: number, source?: Source]> = ofValues('coppock', { period: 10, short: 11, long: 14 }, ({ period, short, long }) => new CoppockCurve({ wmaInterval: period, shortRocInterval: short, longRocInterval: long }))

/** Detrended price oscillator. */
export const dpo: OfPeriod = ofValues('dpo', { period: 20 }, ({ period }) => new DPO(period))

/** Kaufman's efficiency ratio, 0 to 1. */
export const efficiencyRatio: Indicator<[period?: number]> = ofBars('efficiencyRatio', { period: 10 }, ({ period }) => new ER(period))

/** Elder ray: high and low less the EMA of the close. */
export const elderRay: Indicators<[period?: number], 'bullPower' | 'bearPower'> = linesOfBars('elderRay', ['bullPower', 'bearPower'], { period: 13 }, ({ period }) => new ElderRay(period))

/** Fisher transform (Ehlers) of the median price in its range. */
export const fisher: Indicator<[period?: number]> = ofBars('fisher', { period: 10 }, ({ period }) => new FisherTransform(period))

/** Laguerre RSI (Ehlers), 0 to 1. */
export const laguerreRsi: Indicator<[gamma?: number, source?: Source]> = ofValues('laguerreRsi', { gamma: real(0.5) }, ({ gamma }) => new LaguerreRSI({ gamma }))

/** Momentum: the value less that of `period` bars ago. */
export const momentum: OfPeriod = ofValues('momentum', { period: 10 }, ({ period }) => new MOM(period))

/** Price momentum oscillator (Swenlin), with its signal line. */
export const pmo: Indicators<[first?: number, second?: number, signal?: number, source?: Source], 'pmo' | 'signal'> = linesOfValues('pmo', ['pmo', 'signal'], { first: 35, second: 20, signal: 10 }, ({ first, second, signal }) => new PMO({ smoothing1: first, smoothing2: second, signalInterval: signal }))

/** Quantitative qualitative estimation: a smoothed RSI and its trailing stop. */
export const qqe: Indicators<[period?: number, smoothing?: number, factor?: number, source?: Source], 'rsiMa' | 'trailingStop'> = linesOfValues('qqe', ['rsiMa', 'trailingStop'], { period: 14, smoothing: 5, factor: real(4.236) }, ({ period, smoothing, factor }) => new QQE({ rsiInterval: period, smoothInterval: smoothing, fastFactor: factor }))

/** Qstick (Chande): the average of close - open. */
export const qstick: Indicator<[period?: number]> = ofBars('qstick', { period: 8 }, ({ period }) => new Qstick(period))

/** Relative vigor index (Ehlers), with its signal line. */
export const rvgi: Indicators<[period?: number], 'rvgi' | 'signal'> = linesOfBars('rvgi', ['rvgi', 'signal'], { period: 10 }, ({ period }) => new RelativeVigorIndex(period))

/** Stochastic momentum index (Blau), -100 to 100. */
export const smi: Indicator<[period?: number, first?: number, second?: number]> = ofBars('smi', { period: 10, first: 3, second: 3 }, ({ period, first, second }) => new SMI({ interval: period, smooth1: first, smooth2: second }))

/** Schaff trend cycle, 0 to 100. */
export const stc: Indicator<[cycle?: number, fast?: number, slow?: number, source?: Source]> = ofValues('stc', { cycle: 10, fast: 23, slow: 50 }, ({ cycle, fast, slow }) => new STC({ cycleInterval: cycle, fastInterval: fast, slowInterval: slow }))

/** Stochastic RSI, 0 to 100: the place of the RSI in its range. */
export const stochasticRsi: OfPeriod = ofValues('stochasticRsi', { period: 14 }, ({ period }) => new StochasticRSI(period))

/** Rate of change in percent of a triple EMA. */
export const trix: OfPeriod = ofValues('trix', { period: 15 }, ({ period }) => new TRIX(period))

/** True strength index (Blau), -100 to 100. */
export const tsi: Indicator<[short?: number, long?: number, source?: Source]> = ofValues('tsi', { short: 13, long: 25 }, ({ short, long }) => new TSI({ shortPeriod: short, longPeriod: long }))

/** Ultimate oscillator (Williams), 0 to 100. */
export const ultimateOscillator: Indicator<[short?: number, medium?: number, long?: number]> = ofBars('ultimateOscillator', { short: 7, medium: 14, long: 28 }, ({ short, medium, long }) => new UltimateOscillator({ shortPeriod: short, mediumPeriod: medium, longPeriod: long }))

/** Wave trend, with its signal line. */
export const waveTrend: Indicators<[channel?: number, average?: number, smoothing?: number], 'wt1' | 'wt2'> = linesOfBars('waveTrend', ['wt1', 'wt2'], { channel: 10, average: 21, smoothing: 4 }, ({ channel, average, smoothing }) => new WaveTrend({ channelInterval: channel, averageInterval: average, smoothingInterval: smoothing }))

/** Williams %R, -100 to 0: the place of the close in the range of `period` bars. */
export const williamsR: Indicator<[period?: number]> = ofBars('williamsR', { period: 14 }, ({ period }) => new WilliamsR(period))
