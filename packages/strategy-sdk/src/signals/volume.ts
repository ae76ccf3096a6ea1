/** Indicators of price and volume of `trading-signals`. Levels of running sums depend on the first bar; only their changes mean something. */
import { AD, ADOSC, CMF, EMV, ForceIndex, KVO, NVI, PVI, PVO, PVT, WAD } from 'trading-signals'
import type { Indicator } from '../ta/indicator.ts'
import type { Source } from '../ta/source.ts'
import { ofBars, ofValues, real } from './streaming.ts'

type OfPeriod = Indicator<[period?: number]>

/** Accumulation/distribution line (Chaikin). */
export const ad: Indicator<[]> = ofBars('ad', {}, () => new AD())

/** Chaikin's oscillator: EMAs of the accumulation/distribution line, fast less slow. */
export const adOscillator: Indicator<[fast?: number, slow?: number]> = ofBars('adOscillator', { fast: 3, slow: 10 }, ({ fast, slow }) => new ADOSC({ fastPeriod: fast, slowPeriod: slow }))

/** Chaikin's money flow, -1 to 1. */
export const chaikinMoneyFlow: OfPeriod = ofBars('chaikinMoneyFlow', { period: 20 }, ({ period }) => new CMF(period))

/** Ease of movement (Arms), averaged over `period` bars. */
export const easeOfMovement: Indicator<[period?: number, scale?: number]> = ofBars('easeOfMovement', { period: 14, scale: real(100_000_000) }, ({ period, scale }) => new EMV(period, scale))

/** Elder's force index. */
export const forceIndex: OfPeriod = ofBars('forceIndex', { period: 13 }, ({ period }) => new ForceIndex(period))

/** Klinger's volume oscillator. */
export const klinger: Indicator<[short?: number, long?: number]> = ofBars('klinger', { short: 34, long: 55 }, ({ short, long }) => new KVO(short, long))

/** Negative volume index: follows the price on bars of falling volume. */
export const nvi: Indicator<[]> = ofBars('nvi', {}, () => new NVI())

/** Positive volume index: follows the price on bars of rising volume. */
export const pvi: Indicator<[]> = ofBars('pvi', {}, () => new PVI())

/** Percentage volume oscillator. */
export const pvo: Indicator<[fast?: number, slow?: number, source?: Source]> = ofValues('pvo', { fast: 12, slow: 26 }, ({ fast, slow }) => new PVO({ fastPeriod: fast, slowPeriod: slow }), 'volume')

/** Price volume trend. */
export const pvt: Indicator<[]> = ofBars('pvt', {}, () => new PVT())

/** Williams' accumulation/distribution. */
export const wad: Indicator<[]> = ofBars('wad', {}, () => new WAD())
