/** A session that runs for months: orders that ended long ago are forgotten, and known again when the venue names one. */
import { expect, it } from 'vitest'
import { decimal, ZERO } from '../domain/decimal.ts'
import type { ExchangeEvent } from '../domain/events.ts'
import type { Leg } from '../domain/leg.ts'
import { EXACT_MONEY } from '../domain/money.ts'
import type { Order, OrderId } from '../domain/order.ts'
import type { DriverManifest } from '../driver/manifest.ts'
import { TradeBuilder } from '../metrics/trade-builder.ts'
import type { ExecutionReport, OrderReport } from '../ports/venue-report.ts'
import { InMemoryPositionStore } from '../state/in-memory-position-store.ts'
import { Ledger } from '../state/ledger.ts'
import { SessionState } from '../state/session-state.ts'
import { TrackedOrders } from './tracked-orders.ts'
import { VenueOrders } from './venue-orders.ts'

const ORDERS = 3_000
const legOf = (id: OrderId): Leg => (id % 2 === 0 ? 'long' : 'short')
const orderOf = (id: OrderId): Order => ({ id, createdAt: id, symbol: 'ETHUSDT', leg: legOf(id), intent: 'open', type: 'limit', qty: decimal('2'), price: decimal('100'), timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: 's' })

/** A session in which every order but the last was cancelled, as its venue told. */
function longSession(): { readonly state: SessionState; readonly tracked: TrackedOrders; readonly venue: VenueOrders; readonly clientIds: Map<OrderId, string> } {
  const state = new SessionState({ positions: new InMemoryPositionStore(new Ledger({ wallet: decimal('1000'), money: EXACT_MONEY })), trades: new TradeBuilder({ leverage: () => decimal('1') }), ownerOf: () => 's' })
  const tracked = new TrackedOrders(state, 'run')
  const venue = new VenueOrders({ state, manifest: {} as DriverManifest, tracked })
  const clientIds = new Map<OrderId, string>()
  const tell = (events: readonly ExchangeEvent[]): void => { for (const event of events) state.apply(event) }
  for (let id = 1; id <= ORDERS; id++) {
    const order = orderOf(id)
    state.apply({ type: 'order.submitted', at: id, order })
    const { clientId, machine } = tracked.add(order)
    machine.apply({ type: 'sent' })
    clientIds.set(id, clientId)
    tell(venue.read({ type: 'taken', command: 'submit', at: id, clientId, venueOrderId: `v${id}` }).events)
    if (id < ORDERS) tell(venue.read(report(id, clientId, { status: 'canceled' })).events)
  }
  return { state, tracked, venue, clientIds }
}

function report(id: OrderId, clientId: string, more: Partial<OrderReport>): OrderReport {
  return {
    type: 'order', at: id, symbol: 'ETHUSDT', leg: legOf(id), intent: 'open', side: id % 2 === 0 ? 'buy' : 'sell', clientId, venueOrderId: `v${id}`, status: 'open', orderType: 'limit', qty: decimal('2'), filledQty: ZERO,
    price: decimal('100'), trigger: null, triggerBy: null, sequence: null, reason: null, ...more,
  }
}

function execution(id: OrderId, clientId: string | null, executionId: string): ExecutionReport {
  return { type: 'execution', at: 10 * ORDERS, executionId, symbol: 'ETHUSDT', leg: legOf(id), side: id % 2 === 0 ? 'buy' : 'sell', clientId, venueOrderId: `v${id}`, price: decimal('99'), qty: decimal('0.5'), fee: ZERO, feeAsset: 'USDT', closedQty: null, liquidity: 'maker', source: 'trade', sequence: null }
}

it('orders that ended long ago are forgotten, live ones and the last that ended are not', () => {
  const { tracked } = longSession()
  expect(tracked.live().map(({ id }) => id)).toEqual([ORDERS])
  expect([tracked.get(1), tracked.get(ORDERS / 2), tracked.get(ORDERS - 1)?.id, tracked.get(ORDERS)?.id]).toEqual([undefined, undefined, ORDERS - 1, ORDERS])
})

it('a fill of a forgotten order of each leg goes to that leg, once', () => {
  const { state, venue, clientIds } = longSession()
  for (const id of [4, 7]) {
    const { events, requests } = venue.read(execution(id, clientIds.get(id) ?? '', `e${id}`))
    for (const event of events) state.apply(event)
    expect(events).toMatchObject([{ type: 'order.filled', orderId: id, leg: legOf(id), intent: 'open', role: 'entry' }])
    expect(requests).toMatchObject([{ type: 'anomaly', text: `order ${id}: it filled after it was canceled` }])
    expect(venue.read(execution(id, clientIds.get(id) ?? '', `e${id}`))).toEqual({ events: [], requests: [] })
  }
  const { long, short } = state.positions.pair('ETHUSDT')
  expect([long.qty.toFixed(), short.qty.toFixed(), venue.parked.length]).toEqual(['0.5', '0.5', 0])
})

it('an old report of a forgotten order changes nothing, and an id of another journal is not taken for it', () => {
  const { venue, clientIds, tracked } = longSession()
  const clientId = clientIds.get(4) ?? ''
  expect(venue.read(report(4, clientId, { qty: decimal('1'), price: decimal('90') }))).toEqual({ events: [], requests: [] })
  expect(venue.read(report(4, clientId, { status: 'canceled' }))).toEqual({ events: [], requests: [] })
  const other = `${(clientIds.get(6) ?? '').slice(0, -1)}${clientIds.get(6)?.endsWith('a') === true ? 'b' : 'a'}`
  expect([tracked.find({ clientId: other, venueOrderId: null }), tracked.find({ clientId: 'theirs', venueOrderId: null })]).toEqual([undefined, undefined])
})
