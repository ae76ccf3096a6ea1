import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal } from '../domain/decimal.ts'
import { instrument } from '../domain/instrument.ts'
import type { OrderType } from '../domain/order.ts'
import { fitLimitPrice, fitToInstrument, fitTrigger } from './fit.ts'

const eth = instrument({ symbol: 'ETHUSDT', tickSize: '0.05', qtyStep: '0.01' })

describe('fitToInstrument', () => {
  it('never makes a quantity larger', () => {
    const fitted = fitToInstrument({ symbol: 'ETHUSDT', leg: 'long', intent: 'open', type: 'market', qty: decimal('1.239'), role: 'entry' }, eth)
    expect(fitted.qty.toFixed()).toBe('1.23')
  })

  it('takes the quantity of a leg as it is', () => {
    const fitted = fitToInstrument({ symbol: 'ETHUSDT', leg: 'long', intent: 'close', type: 'market', qty: decimal('1.239'), role: 'exit', fit: 'exact' }, eth)
    expect(fitted.qty.toFixed()).toBe('1.239')
  })

  it.each([
    ['long', 'open', '1800.07', '1800.05'], ['short', 'close', '1800.07', '1800.05'],
    ['short', 'open', '1800.07', '1800.1'], ['long', 'close', '1800.07', '1800.1'],
  ] as const)('a %s %s limit at %s rests at %s: a buy never pays more, a sell never takes less', (leg, intent, price, expected) => {
    const fitted = fitToInstrument({ symbol: 'ETHUSDT', leg, intent, type: 'limit', qty: decimal('1'), price: decimal(price), role: 'entry' }, eth)
    expect(fitted.price?.toFixed()).toBe(expected)
  })

  it.each([
    ['stop-market', 'sell', '1800.05'], ['stop-market', 'buy', '1800.1'], ['stop-limit', 'sell', '1800.05'],
    ['take-profit-market', 'sell', '1800.1'], ['take-profit-limit', 'buy', '1800.05'],
  ] as const)('a %s that %ss at 1800.07 fires at %s: never earlier than asked', (type, side, expected) => {
    expect(fitTrigger(decimal('1800.07'), type, side, eth).toFixed()).toBe(expected)
  })

  it('fits to the grid in the safe direction, whatever the price', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.constantFrom('buy' as const, 'sell' as const), fc.constantFrom<OrderType>('stop-market', 'take-profit-market'), (thousandths, side, type) => {
      const price = decimal(String(thousandths)).div('1000')
      const limit = fitLimitPrice(price, side, eth)
      expect(limit.mod('0.05').isZero()).toBe(true)
      expect(side === 'buy' ? limit.lte(price) : limit.gte(price)).toBe(true)
      const trigger = fitTrigger(price, type, side, eth)
      const firesOnRise = (side === 'buy') === (type === 'stop-market')
      expect(firesOnRise ? trigger.gte(price) : trigger.lte(price)).toBe(true)
    }))
  })
})
