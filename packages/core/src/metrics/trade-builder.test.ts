import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimal, decimalText, minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import { sumDecimals } from '../domain/sum.ts'
import { LEGS, legSign, oppositeLeg, type Intent, type Leg } from '../domain/leg.ts'
import type { Trade } from '../domain/trade.ts'
import { foldTrades, TradeBuilder, type TradeEvent } from './trade-builder.ts'

const RULES = { leverage: (): Decimal => decimal('2') }

function fill(at: number, leg: Leg, intent: Intent, [qty, price]: readonly [string, string], more: Partial<Extract<TradeEvent, { type: 'fill' }>> = {}): TradeEvent {
  return { type: 'fill', at, symbol: 'ETHUSDT', leg, intent, price: decimal(price), qty: decimal(qty), fee: decimal('0.1'), realised: ZERO, role: intent === 'open' ? 'entry' : 'exit', orderId: at, strategy: 'main', ...more }
}

function funding(at: number, leg: Leg, amount: string): TradeEvent {
  return { type: 'funding', at, symbol: 'ETHUSDT', leg, amount: decimal(amount) }
}

function texts(trade: Trade | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(trade ?? {}).map(([key, value]: [string, unknown]) => [key, typeof value === 'object' && value !== null && !Array.isArray(value) ? decimalText(value as Decimal) : value]))
}

function seen(low: string, high: string): TradeEvent {
  return { type: 'price', symbol: 'ETHUSDT', low: decimal(low), high: decimal(high) }
}

function withoutId(trade: Trade): Record<string, unknown> {
  return { ...texts(trade), id: 0 }
}

function mirror(price: Decimal): Decimal {
  return decimal('200').minus(price)
}

function profit({ leg, grossPnl, netPnl, mae, mfe }: Trade): readonly unknown[] {
  return [leg, ...[grossPnl, netPnl, mae, mfe].map((value) => value.toFixed(20))]
}

describe('a round trip', () => {
  test('scaling in and out stays one trade, weighted by quantity', () => {
    const { trades } = foldTrades([
      fill(1, 'long', 'open', ['1', '100']),
      fill(2, 'long', 'open', ['3', '104']),
      funding(3, 'long', '-0.5'),
      fill(4, 'long', 'close', ['2', '110'], { realised: decimal('14') }),
      fill(5, 'long', 'close', ['2', '100'], { realised: decimal('-6'), role: 'stop-loss' }),
    ], RULES)

    expect(trades.map(texts)).toEqual([{
      id: 1, strategy: 'main', symbol: 'ETHUSDT', leg: 'long', qty: '4', entryPrice: '103', exitPrice: '105', grossPnl: '8', fees: '0.4', funding: '-0.5', netPnl: '7.1',
      pnlPercentage: decimalText(decimal('1420').div('412')), openedAt: 1, closedAt: 5, holdingMs: 4, exitReason: 'stop-loss', mae: '0', mfe: '28', peakNotional: '412', orders: [1, 2, 4, 5],
    }])
  })

  test('both legs of a symbol are apart, and a trade is told when it closes', () => {
    const builder = new TradeBuilder(RULES)
    const told = [
      fill(1, 'long', 'open', ['1', '100']),
      fill(2, 'short', 'open', ['2', '100']),
      fill(3, 'short', 'close', ['2', '90'], { realised: decimal('20'), role: 'take-profit' }),
      fill(4, 'long', 'close', ['1', '90'], { realised: decimal('-10'), role: 'liquidation', orderId: null }),
    ].map((event) => builder.apply(event))

    expect(told.map((trade) => trade && [trade.id, trade.leg, trade.exitReason, trade.orders])).toEqual([null, null, [1, 'short', 'take-profit', [2, 3]], [2, 'long', 'liquidation', [1]]])
    expect(builder.openPositions(() => decimal('1'))).toEqual([])
  })

  test('an order that fills in parts is named once; the leg opens again as a new trade', () => {
    const { trades } = foldTrades([
      fill(1, 'short', 'open', ['1', '10'], { orderId: 7 }),
      fill(2, 'short', 'open', ['1', '10'], { orderId: 7 }),
      fill(3, 'short', 'close', ['2', '9'], { orderId: 8 }),
      fill(3, 'short', 'open', ['1', '9'], { orderId: 9, strategy: 'other' }),
      fill(4, 'short', 'close', ['1', '9'], { orderId: 10, role: 'end-of-run' }),
    ], RULES)

    expect(trades.map(({ id, strategy, orders, exitReason }) => ({ id, strategy, orders, exitReason }))).toEqual([
      { id: 1, strategy: 'main', orders: [7, 8], exitReason: 'signal' },
      { id: 2, strategy: 'other', orders: [9, 10], exitReason: 'end-of-run' },
    ])
  })

  test('a leg that is still open is listed with what it has booked and what it is worth', () => {
    const builder = foldTrades([
      fill(1, 'short', 'open', ['4', '100']),
      fill(2, 'short', 'close', ['1', '90'], { realised: decimal('10') }),
      funding(3, 'short', '0.25'),
      fill(4, 'long', 'open', ['1', '95']),
    ], RULES)
    const positions = builder.openPositions(() => decimal('98'))

    expect(builder.trades).toEqual([])
    expect(positions.map((position) => [position.leg, ...[position.qty, position.entryPrice, position.unrealisedPnl, position.realisedPnl, position.fees, position.funding, position.netPnl, position.tradedNotional].map(decimalText)])).toEqual([
      ['long', '1', '95', '3', '0', '0.1', '0', '2.9', '95'],
      ['short', '3', '100', '6', '10', '0.2', '0.25', '16.05', '490'],
    ])
  })

  test('prices seen in between are its excursions: gross, with what it had realised before', () => {
    const { trades } = foldTrades([
      seen('1', '1000'),
      fill(1, 'long', 'open', ['2', '100']),
      fill(1, 'short', 'open', ['1', '100']),
      seen('97', '105'),
      fill(2, 'long', 'close', ['1', '104'], { realised: decimal('4') }),
      seen('80', '106'),
      fill(3, 'long', 'close', ['1', '101'], { realised: decimal('1') }),
      seen('1', '1000'),
      fill(4, 'short', 'close', ['1', '101'], { realised: decimal('-1') }),
    ], RULES)

    expect(trades.map(({ leg, mae, mfe }) => [leg, decimalText(mae), decimalText(mfe)])).toEqual([['long', '-16', '10'], ['short', '-900', '99']])
  })

  test('funding that counts what was closed at that moment belongs to the trade that ended then', () => {
    const builder = foldTrades([fill(1, 'long', 'open', ['1', '100']), fill(2, 'long', 'close', ['1', '101'], { realised: decimal('1') })], RULES)
    const changed = builder.apply(funding(2, 'long', '-0.5'))

    expect(changed && [changed.id, decimalText(changed.funding), decimalText(changed.netPnl)]).toEqual([1, '-0.5', '0.3'])
    expect(builder.trades).toEqual([changed])
  })

  test.each([
    ['closing a flat leg', [fill(1, 'long', 'close', ['1', '100'])]],
    ['closing the other leg', [fill(1, 'short', 'open', ['1', '100']), fill(2, 'long', 'close', ['1', '100'])]],
    ['closing more than is open', [fill(1, 'long', 'open', ['1', '100']), fill(2, 'long', 'close', ['1.5', '100'])]],
    ['a quantity of zero', [fill(1, 'long', 'open', ['0', '100'])]],
    ['funding of a leg that never was', [funding(1, 'long', '1')]],
    ['funding of a leg that was closed before', [fill(1, 'long', 'open', ['1', '100']), fill(2, 'long', 'close', ['1', '100']), funding(3, 'long', '1')]],
  ])('%s is an error', (_what, events) => {
    expect(() => foldTrades(events, RULES)).toThrow('INVARIANT_BROKEN')
  })
})

/** A random but possible stream: closes are clipped to their leg, funding goes to open legs. */
const streams = fc.array(fc.record({ leg: fc.constantFrom(...LEGS), kind: fc.constantFrom('open', 'close', 'close', 'all', 'funding', 'price'), qty: fc.integer({ min: 1, max: 9 }), price: fc.integer({ min: 50, max: 150 }) }), { maxLength: 60 })
  .map((steps) => {
    const held = { long: { qty: ZERO, cost: ZERO }, short: { qty: ZERO, cost: ZERO } }
    return steps.flatMap(({ leg, kind, qty, price }, index): TradeEvent[] => {
      const now = held[leg]
      if (kind === 'price') return [{ type: 'price', symbol: 'ETHUSDT', low: decimal(String(price - 5)), high: decimal(String(price + 5)) }]
      if (kind === 'open') {
        held[leg] = { qty: now.qty.plus(qty), cost: now.cost.plus(qty * price) }
        return [fill(index, leg, 'open', [String(qty), String(price)])]
      }
      if (now.qty.isZero()) return []
      if (kind === 'funding') return [funding(index, leg, String(qty - 5))]
      const closed = kind === 'all' ? now.qty : minDecimal(now.qty, decimal(String(qty)))
      const released = closed.eq(now.qty) ? now.cost : now.cost.times(closed).div(now.qty)
      held[leg] = { qty: now.qty.minus(closed), cost: now.cost.minus(released) }
      return [fill(index, leg, 'close', [closed.toFixed(), String(price)], { realised: closed.times(price).minus(released).times(legSign(leg)) })]
    })
  })

describe('properties of trades', () => {
  test('closed trades and open positions add up to all fills and funding', () => {
    fc.assert(fc.property(streams, (events) => {
      const builder = foldTrades(events, RULES)
      const open = builder.openPositions(() => decimal('100'))
      expect(decimalText(builder.booked('ETHUSDT')), 'what open trades have booked').toBe(decimalText(sumDecimals(open.map((each) => each.realisedPnl.minus(each.fees).plus(each.funding)))))
      const booked = sumDecimals(events.map((event) => (event.type === 'fill' ? event.realised.minus(event.fee) : event.type === 'funding' ? event.amount : ZERO)))
      const trades = sumDecimals([...builder.trades.map((trade) => trade.netPnl), ...open.map((position) => position.netPnl.minus(position.unrealisedPnl))])
      expect(trades.minus(booked).abs().lt('1e-30')).toBe(true)
    }))
  })

  test('gross pnl is the quantity times the distance between the average prices', () => {
    fc.assert(fc.property(streams, (events) => {
      for (const trade of foldTrades(events, RULES).trades) {
        const gross = trade.exitPrice.minus(trade.entryPrice).times(trade.qty).times(legSign(trade.leg))
        expect(gross.minus(trade.grossPnl).abs().lt('1e-30')).toBe(true)
        expect(trade.mae.lte(minDecimal(ZERO, trade.grossPnl.plus('1e-30')))).toBe(true)
        expect(trade.mfe.gte(trade.grossPnl.minus('1e-30')) && trade.mfe.gte(0)).toBe(true)
        expect(trade.peakNotional.gt(0)).toBe(true)
      }
    }))
  })

  test('the events of one leg change nothing on the other', () => {
    fc.assert(fc.property(streams, fc.constantFrom(...LEGS), (events, leg) => {
      const alone = events.filter((event) => event.type === 'price' || event.leg === leg)
      expect(foldTrades(alone, RULES).trades.map(withoutId)).toEqual(foldTrades(events, RULES).trades.filter((trade) => trade.leg === leg).map(withoutId))
    }))
  })

  test('swapping the legs and reflecting the prices gives the same profits', () => {
    fc.assert(fc.property(streams, (events) => {
      const swapped = events.map((event): TradeEvent => {
        if (event.type === 'price') return { ...event, low: mirror(event.high), high: mirror(event.low) }
        return event.type === 'fill' ? { ...event, leg: oppositeLeg(event.leg), price: mirror(event.price) } : { ...event, leg: oppositeLeg(event.leg) }
      })
      expect(foldTrades(swapped, RULES).trades.map((trade) => profit({ ...trade, leg: oppositeLeg(trade.leg) }))).toEqual(foldTrades(events, RULES).trades.map(profit))
    }))
  })
})
