/** `limits.priceBand`: how far from the mark an opener may be, of both legs and in both position modes. A closer is never held back by it. */
import { AccountMargin, decimal, instrument, InMemoryPositionStore, Ledger, LEGS, MarketState, preTradeChecks, SessionState, TradeBuilder, TradingGate, type Order, type PositionMode } from '@hedgerow/core'
import { bybit, bybitUta } from '@hedgerow/driver-bybit'
import { describe, expect, it } from 'vitest'
import { LIMITS, SYMBOL } from './live-scene.ts'

const MARK = 100
const ENTRY: Order = { id: 1, createdAt: 0, symbol: SYMBOL, leg: 'long', intent: 'open', type: 'market', qty: decimal('1'), timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: 'one' }

/** Checks with the mark at 100, the last price as given and a band of 5 %; with a leg that may be held. */
function checks(last: number, positionMode: PositionMode, held: readonly Order['leg'][] = []): (order: Partial<Order>) => string {
  const leverage = { long: decimal('5'), short: decimal('5') }
  const state = new SessionState({ positions: new InMemoryPositionStore(new Ledger({ wallet: decimal('10000'), money: bybitUta.money, isolated: null })), trades: new TradeBuilder({ leverage: () => leverage.long }), ownerOf: () => 'one' })
  for (const leg of held) state.apply({ type: 'order.filled', at: 0, fillId: leg, orderId: null, symbol: SYMBOL, leg, intent: 'open', price: decimal('100'), qty: decimal('2'), fee: decimal('0'), liquidity: 'taker', source: 'order', role: 'entry' })
  const market = new MarketState([SYMBOL], new Map())
  market.closeCandle(SYMBOL, last, MARK)
  const symbols = new Map([[SYMBOL, { instrument: instrument({ symbol: SYMBOL, tickSize: '0.01', qtyStep: '0.01' }), leverage }]])
  const margin = new AccountMargin({ profile: bybitUta, positionMode, marginMode: 'cross', fee: bybitUta.fees, symbols, state, market })
  const { after } = preTradeChecks({ gate: new TradingGate(), limits: { ...LIMITS, priceBand: decimal('0.05') }, manifest: bybit.manifest, state, market, margin, clock: { now: () => 0 } })
  return (order) => {
    const denial = after({ ...ENTRY, ...order })
    return denial === null ? 'sent' : `${denial.code}: ${denial.found}`
  }
}

const denied = (price: string): string => `PRICE_OUT_OF_BAND: ${price} with the mark at 100`

describe.each(['hedge', 'one-way'] as const)('in %s mode', (mode) => {
  describe.each(LEGS)('the %s leg', (leg) => {
    it.each([[95, 'sent'], [105, 'sent'], [100, 'sent'], [94.99, denied('94.99')], [105.01, denied('105.01')]])('an opener at market with the last price at %d', (last, end) => {
      expect(checks(last, mode)({ leg })).toBe(end)
    })

    it.each([['95', 'sent'], ['105', 'sent'], ['94.99', denied('94.99')], ['105.01', denied('105.01')]])('a limit opener at %s, wherever the last price is', (price, end) => {
      expect(checks(150, mode)({ leg, type: 'limit', price: decimal(price) })).toBe(end)
    })

    it('a closer goes, at market and at any price', () => {
      const of = checks(150, mode, [leg])
      expect(of({ leg, intent: 'close', role: 'exit' })).toBe('sent')
      expect(of({ leg, intent: 'close', role: 'exit', type: 'limit', price: decimal('150') })).toBe('sent')
    })

    it('an opener that waits for a price goes: what it will meet is not known yet', () => {
      expect(checks(100, mode)({ leg, type: 'stop-market', trigger: decimal('150'), triggerBy: 'last' })).toBe('sent')
    })
  })
})

it('in hedge mode one leg out of band does not hold back the other', () => {
  const of = checks(100, 'hedge', ['long'])
  expect(of({ leg: 'long', type: 'limit', price: decimal('90') })).toBe(denied('90'))
  expect(of({ leg: 'short', type: 'limit', price: decimal('104') })).toBe('sent')
})
