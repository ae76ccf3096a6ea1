/** Positions and their settings over REST. */
import { adjustmentLimits, allowsLeverage, LEGS, ZERO, type Decimal, type Leg } from '@hedgerow/core'
import { priceText } from './format.ts'
import type { Answer } from './market-routes.ts'
import { requireCategory, triggerByOf, watched } from './order-entry.ts'
import { pageOf } from './page.ts'
import { invalid, type Params } from './params.ts'
import { positionRow } from './position-row.ts'
import { BybitRefusal } from './refusal.ts'
import { CATEGORY, COIN } from './terms.ts'
import type { BybitVenue } from './venue.ts'

/** By symbol: every row of it, empty ones too. By coin: only what is held. */
export const positionList: Answer = (venue, params) => {
  const category = params.oneOf('category', [CATEGORY, 'inverse', 'option'])
  const [symbol, coin] = [params.text('symbol'), params.text('settleCoin')]
  if (category !== CATEGORY) return { list: [], nextPageCursor: '', category }
  if (symbol === '' && coin === '') throw new BybitRefusal(10001, 'params error: symbol or settleCoin is required')
  const views = symbol !== '' ? [...venue.legsOf(requireSymbol(venue, symbol))]
    : venue.symbols.flatMap((name) => venue.legsOf(name)).filter(({ leg, instrument }) => coin === COIN && !venue.account.pair(instrument.symbol)[leg].qty.isZero())
  const { list, nextPageCursor } = pageOf(views.toReversed(), params, { fallback: 20, most: 200 })
  return { list: list.map(positionRow), nextPageCursor, category }
}

/** By symbol: refused with the reason. By coin: switches what is free to be switched, and leaves the rest without a word. */
export const switchMode: Answer = (venue, params) => {
  requireCategory(params)
  const mode = params.integer('mode')
  if (mode !== 0 && mode !== 3) throw invalid('mode')
  const [symbol, coin] = [params.text('symbol'), params.text('coin')]
  const target = mode === 3 ? 'hedge' : 'one-way'
  if (symbol === '') {
    if (coin !== COIN) throw invalid('coin')
    for (const name of venue.symbols) if (!isBlocked(venue, name)) venue.account.desk.setPositionMode(name, target)
    return {}
  }
  requireSymbol(venue, symbol)
  if (venue.modeOf(symbol) === target) throw new BybitRefusal(110025)
  if (venue.account.isHeld(symbol)) throw new BybitRefusal(110024)
  if (venue.account.orders.working(symbol).length > 0) throw new BybitRefusal(110028)
  venue.account.desk.setPositionMode(symbol, target)
  return {}
}

/** One value for both legs, except in isolated hedge mode. */
export const setLeverage: Answer = (venue, params) => {
  requireCategory(params)
  const { desk } = venue.account
  const symbol = requireSymbol(venue, params.text('symbol'))
  const [long, short] = [params.amount('buyLeverage'), params.amount('sellLeverage')]
  if (long === null || short === null) throw invalid('buyLeverage', 'and sellLeverage are required')
  const mayDiffer = desk.marginMode === 'isolated' && venue.modeOf(symbol) === 'hedge'
  if (!long.eq(short) && !mayDiffer) throw new BybitRefusal(10001, 'buy leverage is not equal sell leverage')
  const next = { long, short }
  for (const leg of LEGS) requireLeverage(venue, symbol, leg, next[leg])
  const before = desk.leverage(symbol)
  if (LEGS.every((leg) => before[leg].eq(next[leg]))) throw new BybitRefusal(110043)
  desk.setLeverage(symbol, next)
  for (const leg of LEGS) venue.account.touch(symbol, leg)
  return {}
}

/** Sets or takes back what protects a leg. `0` takes back; partial mode only ever adds. */
export const tradingStop: Answer = (venue, params) => {
  requireCategory(params)
  const symbol = requireSymbol(venue, params.text('symbol'))
  const leg = legOfIndex(venue, params, symbol)
  if (venue.account.pair(symbol)[leg].qty.isZero()) throw new BybitRefusal(10001, 'can not set tp/sl/ts for zero position')
  const mode = params.oneOf('tpslMode', ['Full', 'Partial'], 'Full')
  const [takeProfit, stopLoss] = [params.amount('takeProfit'), params.amount('stopLoss')]
  const [tpSize, slSize] = [params.amount('tpSize'), params.amount('slSize')]
  if (mode === 'Partial' && takeProfit !== null && stopLoss !== null && (tpSize === null || slSize === null || !tpSize.eq(slSize))) throw invalid('tpSize', 'must equal slSize')
  protect(venue, params, { symbol, leg, price: takeProfit, size: mode === 'Partial' ? tpSize : null, isStop: false })
  protect(venue, params, { symbol, leg, price: stopLoss, size: mode === 'Partial' ? slSize : null, isStop: true })
  const distance = params.amount('trailingStop')
  if (distance !== null) trail(venue, params, { symbol, leg, distance })
  return {}
}

/** Adds to the margin of an isolated leg, or takes back what is above its need. */
export const addMargin: Answer = (venue, params) => {
  requireCategory(params)
  const { account } = venue
  const symbol = requireSymbol(venue, params.text('symbol'))
  const leg = legOfIndex(venue, params, symbol)
  const amount = params.amount('margin')
  const held = account.pair(symbol)[leg]
  if (amount === null || amount.isZero() || amount.decimalPlaces() > 4) throw invalid('margin')
  if (account.desk.marginMode !== 'isolated' || held.isolatedMargin === null || held.qty.isZero()) throw new BybitRefusal(10001, 'position is not isolated, or zero')
  const report = account.margin()
  const limits = adjustmentLimits(account.profile, {
    held, mark: account.exchange.markOf(symbol) ?? ZERO, leverage: account.desk.leverage(symbol)[leg], takerRate: account.rates.taker, available: report.available,
    cross: { wallet: report.crossWallet, maintenanceMargin: ZERO, isolatedOrderMargin: report.orderMargin },
  })
  if (amount.gt(limits.maxAdd) || amount.neg().gt(limits.maxRemove)) throw new BybitRefusal(110007, 'ab not enough for adjusting the margin')
  account.desk.moveMargin(symbol, leg, amount)
  return { category: CATEGORY, ...positionRow(venue.legView(symbol, leg)) }
}

function requireSymbol(venue: BybitVenue, symbol: string): string {
  return venue.instrument(symbol).symbol
}

function isBlocked(venue: BybitVenue, symbol: string): boolean {
  return venue.account.isHeld(symbol) || venue.account.orders.working(symbol).length > 0
}

function requireLeverage(venue: BybitVenue, symbol: string, leg: Leg, leverage: Decimal): void {
  const table = venue.account.desk.tiers(symbol)
  const held = venue.account.pair(symbol)[leg]
  if (leverage.lt(1) || leverage.gt(table.tiers[0].maxLeverage)) throw new BybitRefusal(10001, 'leverage invalid')
  const value = held.qty.times(venue.account.exchange.markOf(symbol) ?? ZERO)
  if (!value.isZero() && !allowsLeverage(table, value, leverage)) throw new BybitRefusal(110013)
}

/** @throws BybitRefusal 10001 for an index of the other mode. */
function legOfIndex(venue: BybitVenue, params: Params, symbol: string): Leg {
  const index = params.integer('positionIdx')
  if (index === null) throw invalid('positionIdx', 'is required')
  const view = venue.legsOf(symbol).find(({ positionIdx }) => positionIdx === index)
  if (view === undefined) throw new BybitRefusal(10001, 'position idx not match position mode')
  return view.leg
}

interface LevelOfLeg {
  readonly symbol: string
  readonly leg: Leg
  readonly price: Decimal | null
  readonly size: Decimal | null
  readonly isStop: boolean
}

function protect(venue: BybitVenue, params: Params, { symbol, leg, price, size, isStop }: LevelOfLeg): void {
  if (price === null) return
  const type = `${size === null ? '' : 'Partial'}${isStop ? 'StopLoss' : 'TakeProfit'}` as const
  if (price.isZero()) return venue.protection.clear(symbol, leg, type)
  const name = isStop ? 'sl' : 'tp'
  const triggerBy = triggerByOf(params.text(`${name}TriggerBy`))
  requireAhead(venue, { symbol, leg, price, isStop })
  const limit = params.text(`${name}OrderType`) === 'Limit' ? params.price(`${name}LimitPrice`) : null
  venue.protection.set({
    symbol, leg, type, trigger: price, triggerBy: watched(triggerBy), positionIdx: venue.positionIdx(symbol, leg), ...(limit === null ? {} : { limit }), ...(size === null ? {} : { qty: size }),
  })
  venue.account.touch(symbol, leg)
}

/** A stop of a long lies below the price, its take profit above; of a short the other way round. */
function requireAhead(venue: BybitVenue, { symbol, leg, price, isStop }: { readonly symbol: string; readonly leg: Leg; readonly price: Decimal; readonly isStop: boolean }): void {
  const base = venue.account.exchange.priceOf(symbol)
  if (base === null) return
  const isBelow = (leg === 'long') === isStop
  if (isBelow ? price.lt(base) : price.gt(base)) return
  const instrument = venue.instrument(symbol)
  throw new BybitRefusal(10001, `${isStop ? 'StopLoss' : 'TakeProfit'}:${priceText(price, instrument)} set for ${leg === 'long' ? 'Buy' : 'Sell'} position should be ${isBelow ? 'lower' : 'higher'} than base_price:${priceText(base, instrument)}`)
}

function trail(venue: BybitVenue, params: Params, { symbol, leg, distance }: { readonly symbol: string; readonly leg: Leg; readonly distance: Decimal }): void {
  if (distance.isZero()) return venue.protection.clear(symbol, leg, 'TrailingStop')
  const activation = params.price('activePrice')
  venue.protection.set({ symbol, leg, type: 'TrailingStop', distance, triggerBy: 'last', positionIdx: venue.positionIdx(symbol, leg), ...(activation === null ? {} : { activation }) })
  venue.account.touch(symbol, leg)
}
