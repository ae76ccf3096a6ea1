/** Random candles and orders on a grid of tenths around 100. */
import { decimal, tierTable, type CandleColumns, type Decimal, type Leg, type OrderType } from '@hedgerow/core'
import { exact } from '@hedgerow/driver-sandbox'
import { binanceUsdm } from '@hedgerow/driver-binance'
import { bybitUta } from '@hedgerow/driver-bybit'
import * as fc from 'fast-check'
import type { NaiveInput, NaiveOrder } from './naive-venue.ts'
import { columnsOf } from './sandbox-run.ts'

/** A number of tenths as an exact decimal. */
export const tenths = (value: number): Decimal => decimal((value / 10).toFixed(1))

const toDouble = (value: number): number => Number((value / 10).toFixed(1))

const step = fc.record({
  gap: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -40, max: 40 }) }),
  move: fc.integer({ min: -30, max: 30 }), up: fc.integer({ min: 0, max: 25 }), down: fc.integer({ min: 0, max: 25 }),
  volume: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 60 }) }, { weight: 1, arbitrary: fc.constant(0) }),
})

/** A walk in tenths with gaps, and candles without volume. */
export const candleArbitrary = (length: number): fc.Arbitrary<CandleColumns> => fc.array(step, { minLength: length, maxLength: length }).map((steps) => {
  let close = 1000
  return columnsOf(steps.map(({ gap, move, up, down, volume }) => {
    const open = Math.max(300, close + gap)
    close = Math.max(300, open + move)
    return [toDouble(open), toDouble(Math.max(open, close) + up), toDouble(Math.min(open, close) - down), toDouble(close), volume]
  }))
})

const level = fc.integer({ min: 880, max: 1120 }).map(tenths)
const types: readonly OrderType[] = ['market', 'limit', 'limit', 'stop-market', 'stop-limit', 'take-profit-market', 'take-profit-limit', 'trailing-stop']

const orderArbitrary = (candles: number): fc.Arbitrary<Omit<NaiveOrder, 'id' | 'createdAt'>> => fc.record({
  leg: fc.constantFrom<Leg>('long', 'short'), intent: fc.constantFrom('open', 'close', 'close'), type: fc.constantFrom(...types), qty: fc.integer({ min: 1, max: 40 }).map(tenths),
  price: level, trigger: level, byMark: fc.boolean(), distance: fc.integer({ min: 1, max: 40 }).map(tenths), ratio: fc.option(fc.integer({ min: 1, max: 40 })), activation: fc.option(level),
  timeInForce: fc.constantFrom('GTC', 'GTC', 'GTC', 'GTC', 'IOC', 'FOK'), postOnly: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
  group: fc.option(fc.constantFrom('a', 'b'), { freq: 3 }), fromCandle: fc.integer({ min: 0, max: candles - 1 }),
}).map(({ price, trigger, byMark, distance, ratio, activation, group, type, ...rest }) => ({
  ...rest, type, symbol: 'SYMBOL', role: 'exit', strategy: 'random', triggerBy: byMark ? 'mark' : 'last',
  ...(type === 'limit' || type.endsWith('-limit') ? { price } : {}),
  ...(type.startsWith('stop') || type.startsWith('take') ? { trigger } : {}),
  ...(type === 'trailing-stop' ? { trailing: { ...(ratio === null ? { distance } : { distanceRatio: decimal(String(ratio)).div(1000) }), ...(activation === null ? {} : { activation }) } } : {}),
  ...(group === null ? {} : { group: `${rest.leg} ${group}` }),
}))

const seed = fc.option(fc.record({ qty: fc.integer({ min: 1, max: 40 }).map(tenths), entry: fc.integer({ min: 950, max: 1050 }).map(tenths) }), { freq: 4 })

const margin: fc.Arbitrary<NaiveInput['margin']> = fc.constantFrom(bybitUta, binanceUsdm).map((profile) => ({
  profile: { ...profile, money: exact.money, liquidation: { ...profile.liquidation, clearanceFeeRate: decimal('0.005') } },
  tiers: tierTable('steep', [['150', '0.01', '0', '100'], ['300', '0.02', '1.5', '50'], ['600', '0.05', '10.5', '20']]), leverage: decimal('20'), qtyStep: decimal('0.1'),
}))

/** Inputs of the naive venue: all order types on both legs, with gaps, marks, volume limits and, for some, margin. */
export const inputArbitrary = (size: { readonly candles: number; readonly orders: number }): fc.Arbitrary<NaiveInput> => fc.record({
  tick: fc.constant(tenths(1)), makerRate: fc.constant(decimal('0.0002')), takerRate: fc.constant(decimal('0.00055')),
  slippageTicks: fc.constantFrom(0, 0, 2), limitFill: fc.constantFrom('touch', 'through'), path: fc.constantFrom('bar-color', 'ohlc', 'olhc', 'adaptive', 'pessimistic', 'pessimistic'),
  volumeShare: fc.option(fc.constant(decimal('0.1')), { freq: 2 }), onStopPassed: fc.constantFrom('close', 'reject'), seeds: fc.record({ long: seed, short: seed }),
  candles: candleArbitrary(size.candles), marks: fc.option(candleArbitrary(size.candles), { freq: 2 }), orders: fc.array(orderArbitrary(size.candles), { maxLength: size.orders }),
  margin: fc.option(margin, { freq: 2 }), wallet: fc.integer({ min: 5, max: 60 }),
}).map(({ orders, wallet, ...rest }): NaiveInput => ({
  ...rest,
  wallet: decimal(String(rest.margin === null ? 1000 : wallet)),
  orders: orders.map((order, index) => ({ ...order, id: index + 1, createdAt: order.fromCandle * 60_000 })),
}))
