import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decimal, doubleOf, ZERO, type Decimal } from '../domain/decimal.ts'
import { LEGS, oppositeLeg } from '../domain/leg.ts'
import type { Order } from '../domain/order.ts'
import { MarketState } from '../session/market-state.ts'
import { InMemoryPositionStore } from '../state/in-memory-position-store.ts'
import { Ledger } from '../state/ledger.ts'
import { SessionState } from '../state/session-state.ts'
import { TradeBuilder } from '../metrics/trade-builder.ts'
import { exposureBounds } from './exposure.ts'

const SYMBOLS = ['AUSDT', 'BUSDT'] as const
const [LAST, MARK] = [100.5, 99.25]
const hundredths = (min: number, max: number): fc.Arbitrary<Decimal> => fc.integer({ min, max }).map((units) => decimal(String(units)).div(100))
const amount = { symbol: fc.constantFrom(...SYMBOLS), leg: fc.constantFrom(...LEGS), qty: hundredths(1, 500), price: hundredths(2000, 20_000) }
const held = fc.uniqueArray(fc.record(amount), { maxLength: 4, selector: ({ symbol, leg }) => `${symbol} ${leg}` })
const wanted = fc.record({ ...amount, type: fc.constantFrom('limit', 'market', 'stop-market') })
const resting = fc.array(wanted, { maxLength: 6 })

type Wanted = typeof wanted extends fc.Arbitrary<infer Value> ? Value : never

function orderOf({ symbol, leg, qty, price, type }: Wanted, id: number): Order {
  const named = type === 'limit' ? { price } : type === 'market' ? {} : { trigger: price, triggerBy: 'last' as const }
  return { id, symbol, leg, intent: 'open', type, qty, ...named, timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: 'one', createdAt: 0 }
}

const valueOf = ({ qty, price, type }: Wanted): Decimal => qty.times(type === 'market' ? decimal(String(LAST)) : price)
const sum = (values: readonly Decimal[]): Decimal => values.reduce((total, value) => total.plus(value), ZERO)

it('bounds are never below what decimals say, and hardly above', () => {
  fc.assert(fc.property(held, resting, wanted, (legs, orders, opener) => {
    const state = new SessionState({ positions: new InMemoryPositionStore(new Ledger({ wallet: decimal('1000'), money: { places: 8, rounding: 'half-up' }, isolated: null })), trades: new TradeBuilder({ leverage: () => decimal('1') }), ownerOf: () => 'one' })
    const market = new MarketState(SYMBOLS, new Map())
    for (const symbol of SYMBOLS) market.closeCandle(symbol, LAST, MARK)
    for (const [index, { symbol, leg, qty, price }] of legs.entries()) state.apply({ type: 'order.filled', at: 0, fillId: `f${index}`, orderId: null, symbol, leg, intent: 'open', price, qty, fee: ZERO, liquidity: 'taker', source: 'order', role: 'entry' })
    for (const [index, order] of orders.entries()) state.apply({ type: 'order.submitted', at: 0, order: orderOf(order, index + 1) })

    const of = (symbols: readonly string[], sides: readonly string[]): Decimal => sum([
      ...legs.filter(({ symbol, leg }) => symbols.includes(symbol) && sides.includes(leg)).map(({ qty }) => qty.times(decimal(String(MARK)))),
      ...orders.filter(({ symbol, leg }) => symbols.includes(symbol) && sides.includes(leg)).map(valueOf),
    ])
    const [own, value] = [of([opener.symbol], [opener.leg]), valueOf(opener)]
    const exact = {
      perLeg: own.plus(value), gross: of(SYMBOLS, LEGS).plus(value), net: own.plus(value).minus(of([opener.symbol], [oppositeLeg(opener.leg)])), perSymbol: of([opener.symbol], LEGS).plus(value), perOrder: value,
    }
    const bounds = exposureBounds({ state, market }, orderOf(opener, 99))
    for (const name of ['perLeg', 'gross', 'net', 'perSymbol', 'perOrder'] as const) {
      expect(bounds[name], name).toBeGreaterThan(doubleOf(exact[name]))
      expect(bounds[name], name).toBeLessThan(doubleOf(exact[name]) + 1e-6 * doubleOf(exact.gross))
    }
  }))
})
