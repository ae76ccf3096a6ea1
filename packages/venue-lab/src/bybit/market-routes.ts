/** Market data over REST. */
import { decimalOfDouble, decimalText, ZERO, type Candle, type Decimal, type Instrument } from '@hedgerow/core'
import { priceText, ratioText } from './format.ts'
import { instrumentRow } from './instrument-row.ts'
import { requireCategory } from './order-entry.ts'
import { invalid, type Params } from './params.ts'
import { CATEGORY } from './terms.ts'
import type { BybitVenue } from './venue.ts'

/** Interval of the venue to timeframe. */
export const INTERVALS: Readonly<Record<string, string>> = {
  1: '1m', 3: '3m', 5: '5m', 15: '15m', 30: '30m', 60: '1h', 120: '2h', 240: '4h', 360: '6h', 720: '12h', D: '1D', W: '1W',
}

const DAY_MINUTES = 1440

/** Answers of a route. */
export type Answer = (venue: BybitVenue, params: Params) => object

export const serverTime: Answer = ({ clock }) => {
  const now = clock.now()
  return { timeSecond: String(Math.floor(now / 1000)), timeNano: `${now}000000` }
}

/** Every symbol trades: a filter on another status finds none. Other categories are empty. */
export const instrumentsInfo: Answer = (venue, params) => {
  const category = params.oneOf('category', [CATEGORY, 'inverse', 'spot', 'option'])
  const [symbol, status] = [params.text('symbol'), params.text('status')]
  const isListed = category === CATEGORY && (status === '' || status === 'Trading')
  const symbols = isListed ? venue.symbols.filter((name) => symbol === '' || name === symbol) : []
  return { category, list: symbols.map((name) => instrumentRow(venue.instrument(name), venue.account.desk.tiers(name), firstTime(venue, name))), nextPageCursor: '' }
}

/** Newest first, the running candle included. */
export const kline: Answer = (venue, params) => ({ ...klines(venue, params, (candle, instrument) => [...pricesOf(candle, instrument), decimalText(decimalOfDouble(candle.volume)), turnoverOf(candle)]) })

/** The lab's mark stands on the candles of the last price, unless marks were given: then on those. */
export const markPriceKline: Answer = (venue, params) => ({ ...klines(venue, params, pricesOf) })

export const tickers: Answer = (venue, params) => {
  requireCategory(params)
  const symbol = params.text('symbol')
  if (symbol !== '') venue.instrument(symbol)
  return { category: CATEGORY, list: venue.symbols.filter((name) => symbol === '' || name === symbol).map((name) => tickerRow(venue, name)) }
}

/** The ticker of a symbol: on REST, and as the snapshot of the topic. */
export function tickerRow(venue: BybitVenue, symbol: string): Readonly<Record<string, string>> {
  const instrument = venue.instrument(symbol)
  const { account, market } = venue
  const [last, mark] = [account.exchange.priceOf(symbol) ?? ZERO, account.exchange.markOf(symbol) ?? ZERO]
  const day = market.candles(symbol, '1m').slice(-DAY_MINUTES)
  const first = day[0] === undefined ? last : decimalOfDouble(day[0].open)
  const text = (price: Decimal): string => priceText(price.toDecimalPlaces(instrument.tickSize.decimalPlaces()), instrument)
  const { fundingIntervalMs } = instrument
  return {
    symbol, lastPrice: text(last), indexPrice: text(mark), markPrice: text(mark), prevPrice24h: text(first), price24hPcnt: ratioText(last, first),
    highPrice24h: text(decimalOfDouble(day.reduce((high, candle) => Math.max(high, candle.high), 0))), lowPrice24h: text(decimalOfDouble(day.reduce((low, candle) => Math.min(low, candle.low), day[0]?.low ?? 0))),
    prevPrice1h: text(decimalOfDouble(day.at(-60)?.open ?? 0)), openInterest: '0', openInterestValue: '0', turnover24h: '0', volume24h: day.reduce((sum, { volume }) => sum + volume, 0).toFixed(4),
    fundingRate: decimalText(market.funding(symbol).at(-1)?.rate ?? ZERO), nextFundingTime: String((Math.floor(market.now / fundingIntervalMs) + 1) * fundingIntervalMs), predictedDeliveryPrice: '',
    basisRate: '', deliveryFeeRate: '', deliveryTime: '0', ask1Size: '1000', bid1Price: text(last), ask1Price: text(last.plus(instrument.tickSize)), bid1Size: '1000', basis: '', preOpenPrice: '', preQty: '', curPreListingPhase: '',
  }
}

/** Newest first. A start without an end is refused, as the venue does. */
export const fundingHistory: Answer = (venue, params) => {
  requireCategory(params)
  const symbol = params.text('symbol')
  venue.instrument(symbol)
  const [from, to] = [params.time('startTime'), params.time('endTime')]
  if (from !== null && to === null) throw invalid('endTime', 'is required with startTime')
  const limit = Math.min(params.integer('limit') ?? 200, 200)
  const rows = venue.market.funding(symbol).filter(({ at }) => at >= (from ?? 0) && at <= (to ?? Number.POSITIVE_INFINITY)).toReversed().slice(0, limit)
  return { category: CATEGORY, list: rows.map(({ at, rate }) => ({ symbol, fundingRate: decimalText(rate), fundingRateTimestamp: String(at) })) }
}

export const riskLimit: Answer = (venue, params) => {
  requireCategory(params)
  const asked = params.text('symbol')
  if (asked !== '') venue.instrument(asked)
  const symbols = asked === '' ? venue.symbols : [asked]
  const list = symbols.flatMap((symbol) => venue.account.desk.tiers(symbol).tiers.map((tier, index) => ({
    id: index + 1, symbol, riskLimitValue: decimalText(tier.cap), maintenanceMargin: decimalText(tier.rate), initialMargin: decimalText(tier.maxLeverage.pow(-1).toDecimalPlaces(8)), isLowestRisk: index === 0 ? 1 : 0,
    maxLeverage: decimalText(tier.maxLeverage), mmDeduction: decimalText(tier.deduction),
  })))
  return { category: CATEGORY, list, nextPageCursor: '' }
}

/** The texts of a candle's four prices after its start. */
export function pricesOf({ time, open, high, low, close }: Candle, instrument: Instrument): string[] {
  return [String(time), ...[open, high, low, close].map((price) => priceText(decimalOfDouble(price), instrument))]
}

/** Traded value, at the close. */
export function turnoverOf({ close, volume }: Candle): string {
  return decimalText(decimalOfDouble(close).times(decimalOfDouble(volume)).toDecimalPlaces(4))
}

function klines(venue: BybitVenue, params: Params, row: (candle: Candle, instrument: Instrument) => string[]): object {
  requireCategory(params)
  const symbol = params.text('symbol')
  const instrument = venue.instrument(symbol)
  const timeframe = INTERVALS[params.text('interval')]
  if (timeframe === undefined) throw invalid('interval')
  const [start, end] = [params.time('start') ?? 0, params.time('end') ?? Number.POSITIVE_INFINITY]
  const limit = Math.min(params.integer('limit') ?? 200, 1000)
  const fitting = venue.market.candles(symbol, timeframe).filter(({ time }) => time >= start && time <= end)
  // With a start alone the page begins there; otherwise it ends at the end.
  const page = params.has('start') && !params.has('end') ? fitting.slice(0, limit) : fitting.slice(-limit)
  return { symbol, category: CATEGORY, list: page.toReversed().map((candle) => row(candle, instrument)) }
}

function firstTime(venue: BybitVenue, symbol: string): number {
  return venue.market.symbols.get(symbol)?.candles.start ?? 0
}
