/** Orders over REST. The answer to a request says that it was taken; what became of it is told by the stream. */
import { isWorking, type VenueOrder } from '../venue/order.ts'
import type { Answer } from './market-routes.ts'
import { amendOrder, createOrder, requireCategory, workingOrder } from './order-entry.ts'
import { isConditional, orderRow } from './order-row.ts'
import { pageOf } from './page.ts'
import { invalid, type Params } from './params.ts'
import { BybitRefusal } from './refusal.ts'
import { CATEGORY, COIN, type BybitTerms } from './terms.ts'
import type { BybitVenue } from './venue.ts'

type Order = VenueOrder<BybitTerms>

/** Closed orders that `order/realtime` still knows. */
const RECENT = 500
const LARGEST_BATCH = 20

export const create: Answer = (venue, params) => idsOf(createOrder(venue, params))

export const amend: Answer = (venue, params) => idsOf(amendOrder(venue, params))

export const cancel: Answer = (venue, params) => {
  requireCategory(params)
  const order = workingOrder(venue, params)
  venue.account.cancel(order)
  return idsOf(order)
}

/** Both legs of whatever it names: there is no filter on an index. */
export const cancelAll: Answer = (venue, params) => {
  requireCategory(params)
  const [symbol, base, settle, filter] = [params.text('symbol'), params.text('baseCoin'), params.text('settleCoin'), params.text('orderFilter')]
  if (symbol === '' && base === '' && settle === '') throw invalid('symbol', 'or baseCoin or settleCoin is required')
  if (symbol !== '') venue.instrument(symbol)
  const meant = venue.account.orders.working().filter((order) => (symbol === '' ? settle === COIN || (base !== '' && order.symbol === `${base}${COIN}`) : order.symbol === symbol) && isFiltered(order, filter))
  for (const order of meant) venue.account.cancel(order)
  return { list: meant.map(idsOf), success: '1' }
}

/** An answer of a batch: one row and one code for each item. */
export interface BatchAnswer {
  readonly result: object
  readonly retExtInfo: object
}

export const createBatch = (venue: BybitVenue, params: Params): BatchAnswer => batch(params, (item) => createOrder(venue, item))
export const amendBatch = (venue: BybitVenue, params: Params): BatchAnswer => batch(params, (item) => amendOrder(venue, item))
export const cancelBatch = (venue: BybitVenue, params: Params): BatchAnswer => batch(params, (item) => {
  const order = workingOrder(venue, item)
  venue.account.cancel(order)
  return order
})

/** Working orders, newest first; with an id, or `openOnly: 1`, also the last five hundred that are over. */
export const realtime: Answer = (venue, params) => {
  requireCategory(params)
  const [symbol, base, settle] = [params.text('symbol'), params.text('baseCoin'), params.text('settleCoin')]
  if (symbol === '' && base === '' && settle === '') throw invalid('symbol', 'or baseCoin or settleCoin is required')
  const isNamed = params.text('orderId') !== '' || params.text('orderLinkId') !== ''
  const working = venue.account.orders.working()
  const over = isNamed || params.text('openOnly') === '1' ? recentOf(venue) : []
  const pool = params.text('openOnly') === '1' && !isNamed ? over : [...over, ...working]
  return listOf(venue, params, pool.toSorted((a, b) => a.number - b.number))
}

/** Orders that are over, newest first. */
export const history: Answer = (venue, params) => {
  requireCategory(params)
  const [from, to] = [params.time('startTime') ?? 0, params.time('endTime') ?? Number.POSITIVE_INFINITY]
  return listOf(venue, params, venue.account.orders.all().filter((order) => !isWorking(order) && order.createdAt >= from && order.createdAt <= to))
}

function listOf(venue: BybitVenue, params: Params, orders: readonly Order[]): object {
  const [symbol, base, orderId, clientId, filter] = [params.text('symbol'), params.text('baseCoin'), params.text('orderId'), params.text('orderLinkId'), params.text('orderFilter')]
  if (symbol !== '') venue.instrument(symbol)
  const fitting = orders.filter((order) => (symbol === '' || order.symbol === symbol) && (base === '' || order.symbol === `${base}${COIN}`) && (orderId === '' || order.venueId === orderId)
    && (clientId === '' || order.clientId === clientId) && isFiltered(order, filter))
  const { list, nextPageCursor } = pageOf(fitting, params, { fallback: 20, most: 50 })
  return { list: list.map((order) => orderRow(order, venue.instrument(order.symbol), venue.account.pair(order.symbol)[order.leg].qty)), nextPageCursor, category: CATEGORY }
}

function recentOf(venue: BybitVenue): readonly Order[] {
  return venue.account.orders.all().filter((order) => !isWorking(order) && order.number > venue.forgottenUpTo).slice(-RECENT)
}

function isFiltered(order: Order, filter: string): boolean {
  switch (filter) {
    case '':
      return true
    case 'Order':
      return !isConditional(order)
    case 'StopOrder':
      return isConditional(order)
    case 'tpslOrder':
      return order.origin === 'position'
    default:
      throw invalid('orderFilter')
  }
}

/** Each item succeeds or fails on its own. */
function batch(params: Params, act: (item: Params) => Order): BatchAnswer {
  const category = params.text('category')
  requireCategory(params)
  const items = params.items('request')
  if (items.length === 0 || items.length > LARGEST_BATCH) throw invalid('request', `has ${items.length} items: 1 to ${LARGEST_BATCH} are allowed`)
  const list: object[] = []
  const codes: object[] = []
  for (const item of items) {
    const ids = { category, symbol: item.text('symbol'), orderId: '', orderLinkId: item.text('orderLinkId'), createAt: '' }
    try {
      const order = act(item.with('category', category))
      list.push({ ...ids, ...idsOf(order), createAt: String(order.createdAt) })
      codes.push({ code: 0, msg: 'OK' })
    } catch (error) {
      if (!(error instanceof BybitRefusal)) throw error
      list.push(ids)
      codes.push({ code: error.code, msg: error.message })
    }
  }
  return { result: { list }, retExtInfo: { list: codes } }
}

function idsOf({ venueId, clientId }: Order): { readonly orderId: string; readonly orderLinkId: string } {
  return { orderId: venueId, orderLinkId: clientId }
}
