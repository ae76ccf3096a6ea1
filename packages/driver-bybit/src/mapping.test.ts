/** What goes over the wire for every order that there is: compared with requests that were recorded from ccxt with the venue's own leg fields. */
import { LEGS, type Intent, type OrderType, type PositionMode } from '@hedgerow/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLive, submissionOf, type Live, type OrderInput } from '../test/live.ts'
import { manifest } from './manifest.ts'
import { createFields } from './mapping.ts'

let live: Live
beforeAll(async () => {
  live = await openLive({ connect: false })
  for (const path of ['create', 'cancel', 'amend']) live.host.on(`v5/order/${path}`, { result: { orderId: 'oid-1', orderLinkId: 'cid-1' } })
})
afterAll(() => live.close())

/** The body of the next request of a path. */
async function bodyOf(path: string, act: () => void): Promise<unknown> {
  const before = live.host.seen(path).length
  act()
  await live.host.arrival(() => live.host.seen(path).length > before)
  return live.host.seen(path).at(-1)?.body
}

/** Recorded rows with native fields, without the client id that ccxt leaves to its user and this driver always sends. */
const RECORDED: readonly [title: string, order: OrderInput, body: Record<string, unknown>][] = [
  ['open long via positionIdx:1', { type: 'limit', price: '49000' }, { symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', price: '49000', category: 'linear', qty: '0.5', positionIdx: 1 }],
  ['close long: positionIdx 1 + reduceOnly', { intent: 'close' }, { symbol: 'BTCUSDT', side: 'Sell', orderType: 'Market', category: 'linear', qty: '0.5', positionIdx: 1, reduceOnly: true }],
  ['SL long: positionIdx 1 + stopLossPrice', { intent: 'close', type: 'stop-market', trigger: '48000', more: { role: 'stop-loss', triggerBy: 'mark' } },
    { symbol: 'BTCUSDT', side: 'Sell', orderType: 'Market', category: 'linear', qty: '0.5', triggerDirection: 2, triggerPrice: '48000', reduceOnly: true, positionIdx: 1, triggerBy: 'MarkPrice', closeOnTrigger: true }],
  ['TP long: positionIdx 1 + takeProfitPrice', { intent: 'close', type: 'take-profit-market', trigger: '52000' },
    { symbol: 'BTCUSDT', side: 'Sell', orderType: 'Market', category: 'linear', qty: '0.5', triggerDirection: 1, triggerPrice: '52000', reduceOnly: true, positionIdx: 1 }],
  ['SL short: positionIdx 2 + stopLossPrice', { leg: 'short', intent: 'close', type: 'stop-market', qty: '0.3', trigger: '52000' },
    { symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', category: 'linear', qty: '0.3', triggerDirection: 1, triggerPrice: '52000', reduceOnly: true, positionIdx: 2 }],
  ['TP short: positionIdx 2 + takeProfitPrice', { leg: 'short', intent: 'close', type: 'take-profit-market', qty: '0.3', trigger: '48000' },
    { symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', category: 'linear', qty: '0.3', triggerDirection: 2, triggerPrice: '48000', reduceOnly: true, positionIdx: 2 }],
  ['trigger entry: triggerPrice+triggerDirection', { type: 'stop-market', qty: '0.3', trigger: '53000' },
    { symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', category: 'linear', qty: '0.3', triggerDirection: 1, triggerPrice: '53000', positionIdx: 1 }],
]

describe('recorded requests', () => {
  it.each(RECORDED)('%s', async (_title, order, body) => {
    expect(await bodyOf('v5/order/create', () => { live.connection.submit(submissionOf(order, 'cid-1')) })).toEqual({ ...body, orderLinkId: 'cid-1' })
  })

  const address = { clientId: 'cid-1', symbol: 'BTCUSDT', conditional: false }

  it('cancelOrder, and cancelOrder by clientId', async () => {
    expect(await bodyOf('v5/order/cancel', () => { live.connection.cancel({ ...address, venueOrderId: 'oid-1' }) })).toEqual({ symbol: 'BTCUSDT', orderId: 'oid-1', category: 'linear' })
    expect(await bodyOf('v5/order/cancel', () => { live.connection.cancel({ ...address, venueOrderId: null }) })).toEqual({ symbol: 'BTCUSDT', category: 'linear', orderLinkId: 'cid-1' })
  })

  it('editOrder, and editOrder of a stop, with nothing that does not change', async () => {
    const { order } = submissionOf()
    const { qty, price, trigger } = submissionOf({ qty: '0.4', price: '48500', trigger: '47000' }).order
    expect(await bodyOf('v5/order/amend', () => { live.connection.amend({ ...address, venueOrderId: 'oid-1', order, change: { qty, ...(price && { price }) } }) }))
      .toEqual({ symbol: 'BTCUSDT', orderId: 'oid-1', category: 'linear', qty: '0.4', price: '48500' })
    expect(await bodyOf('v5/order/amend', () => { live.connection.amend({ ...address, venueOrderId: 'oid-1', order, change: { ...(trigger && { trigger }) } }) }))
      .toEqual({ symbol: 'BTCUSDT', orderId: 'oid-1', category: 'linear', triggerPrice: '47000' })
  })
})

/** Prices that an order of each kind has. */
const KINDS: readonly Required<Pick<OrderInput, 'type'>>[] = manifest.orders.types.map((type) => ({
  type, ...(type.endsWith('limit') && { price: '50000' }), ...(type !== 'market' && type !== 'limit' && { trigger: '49000' }),
}))
const MODES: readonly PositionMode[] = ['hedge', 'one-way']
const INTENTS: readonly Intent[] = ['open', 'close']

function tableRow(mode: PositionMode, order: OrderInput): string {
  const { side, positionIdx, orderType, reduceOnly = false, triggerDirection } = createFields(submissionOf(order, 'cid', mode))
  const direction = triggerDirection === undefined ? '' : triggerDirection === 1 ? ' on a rise' : ' on a fall'
  return `${String(side)} ${String(orderType)} idx ${String(positionIdx)}${reduceOnly === true ? ' reduce-only' : ''}${direction}`
}

describe('mode x leg x intent x kind', () => {
  it.each(MODES)('%s mode', (mode) => {
    const rows = LEGS.flatMap((leg) => INTENTS.flatMap((intent) => KINDS.map((kind) => [`${leg} ${intent} ${kind.type}`, tableRow(mode, { leg, intent, ...kind })])))
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(EXPECTED.map(([key, row]) => [key, mode === 'hedge' ? row : row.replace(/idx [12]/, 'idx 0')])))
  })

  it('sends the client id and the category with each, and never a number for money', () => {
    for (const leg of LEGS) {
      for (const kind of KINDS) {
        const fields = createFields(submissionOf({ leg, ...kind }, 'hr-7'))
        expect(fields).toMatchObject({ orderLinkId: 'hr-7', category: 'linear', qty: '0.5' })
        expect(Object.entries(fields).filter(([, value]) => typeof value === 'number').map(([name]) => name).toSorted()).toEqual(kind.type.includes('-') ? ['positionIdx', 'triggerDirection'] : ['positionIdx'])
      }
    }
  })

  it('says post-only and time in force in the venue\'s words, and leaves out what is the venue\'s default', () => {
    const limit: OrderInput = { type: 'limit', price: '50000' }
    expect(createFields(submissionOf(limit))).not.toHaveProperty('timeInForce')
    expect(createFields(submissionOf({ ...limit, more: { timeInForce: 'IOC' } }))).toHaveProperty('timeInForce', 'IOC')
    expect(createFields(submissionOf({ ...limit, more: { timeInForce: 'FOK' } }))).toHaveProperty('timeInForce', 'FOK')
    expect(createFields(submissionOf({ ...limit, more: { postOnly: true } }))).toHaveProperty('timeInForce', 'PostOnly')
  })

  it('refuses a kind that the manifest does not list, before anything is sent', () => {
    const type: OrderType = 'trailing-stop'
    expect(manifest.orders.types).not.toContain(type)
    expect(() => createFields(submissionOf({ intent: 'close', type }))).toThrow('INVARIANT_BROKEN')
  })
})

/** In hedge mode. In one-way mode the index is 0 and the rest is the same. */
const EXPECTED: readonly (readonly [string, string])[] = [
  ['long open market', 'Buy Market idx 1'],
  ['long open limit', 'Buy Limit idx 1'],
  ['long open stop-market', 'Buy Market idx 1 on a rise'],
  ['long open stop-limit', 'Buy Limit idx 1 on a rise'],
  ['long open take-profit-market', 'Buy Market idx 1 on a fall'],
  ['long open take-profit-limit', 'Buy Limit idx 1 on a fall'],
  ['long close market', 'Sell Market idx 1 reduce-only'],
  ['long close limit', 'Sell Limit idx 1 reduce-only'],
  ['long close stop-market', 'Sell Market idx 1 reduce-only on a fall'],
  ['long close stop-limit', 'Sell Limit idx 1 reduce-only on a fall'],
  ['long close take-profit-market', 'Sell Market idx 1 reduce-only on a rise'],
  ['long close take-profit-limit', 'Sell Limit idx 1 reduce-only on a rise'],
  ['short open market', 'Sell Market idx 2'],
  ['short open limit', 'Sell Limit idx 2'],
  ['short open stop-market', 'Sell Market idx 2 on a fall'],
  ['short open stop-limit', 'Sell Limit idx 2 on a fall'],
  ['short open take-profit-market', 'Sell Market idx 2 on a rise'],
  ['short open take-profit-limit', 'Sell Limit idx 2 on a rise'],
  ['short close market', 'Buy Market idx 2 reduce-only'],
  ['short close limit', 'Buy Limit idx 2 reduce-only'],
  ['short close stop-market', 'Buy Market idx 2 reduce-only on a rise'],
  ['short close stop-limit', 'Buy Limit idx 2 reduce-only on a rise'],
  ['short close take-profit-market', 'Buy Market idx 2 reduce-only on a fall'],
  ['short close take-profit-limit', 'Buy Limit idx 2 reduce-only on a fall'],
]
