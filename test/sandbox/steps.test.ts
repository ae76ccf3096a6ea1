/** Driven one event at a time, with candles that come as they close, the sandbox does what it does in one go: a venue that lives on can be built on it. */
import { MINUTE_MS, type CandleColumns, type ExchangeEvent } from '@hedgerow/core'
import { SandboxExchange, type TapeCandle } from '@hedgerow/driver-sandbox'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inputArbitrary } from './arbitraries.ts'
import type { NaiveInput } from './naive-venue.ts'
import { optionsOf, runSandbox, SYMBOL } from './sandbox-run.ts'
import { Scene, symbolOf } from './scene.ts'

const inputs = inputArbitrary({ candles: 12, orders: 16 })
/** Moments within the minutes at which the path stands for a while. */
const rests = fc.array(fc.integer({ min: 0, max: 12 * MINUTE_MS }), { maxLength: 30 }).map((times) => times.sort((a, b) => a - b))

describe('the sandbox in steps', () => {
  it('tells the same events, wherever on the path it rests', () => {
    fc.assert(fc.property(inputs, rests, (input, times) => {
      expect(inSteps(input, times).events).toEqual(runSandbox(input).events)
    }), { numRuns: 300 })
  }, 60_000)

  it('tells the same events when the candles come one by one', () => {
    fc.assert(fc.property(inputs, rests, (input, times) => {
      expect(inSteps({ ...input, candles: head(input.candles), marks: input.marks === null ? null : head(input.marks) }, times, input).events).toEqual(runSandbox(input).events)
    }), { numRuns: 200 })
  }, 60_000)

  it('lets an order between two candles trade at the price of that moment', () => {
    const scene = new Scene([symbolOf('A', [[100, 109, 100, 109], [109, 109, 109, 109]])])
    while (scene.exchange.stepTo(40_000));
    scene.send()
    scene.exchange.arrive()
    while (scene.exchange.stepTo(60_000));
    // The high of 109 is reached after two thirds of the minute.
    expect(scene.toldAt()).toEqual(['40 #1 A open long 1 @ 109 taker'])
    const earlier = new Scene([symbolOf('A', [[100, 109, 100, 109], [109, 109, 109, 109]])])
    while (earlier.exchange.stepTo(30_000));
    earlier.send()
    earlier.exchange.arrive()
    expect(earlier.toldAt()).toEqual(['30 #1 A open long 1 @ 104.5 taker'])
  })

  it('stops after each event, so that what it leads to arrives at that point of the path', () => {
    const rows = [[100, 100, 100, 100], [100, 110, 90, 100], [100, 100, 100, 100]] as const
    const within = new Scene([symbolOf('A', rows)])
    within.to(0)
    within.send({ type: 'limit', price: '95' })
    within.onEvent = (event) => { if (event.type === 'order.filled' && event.orderId === 1) within.send({ intent: 'close', type: 'take-profit-market', trigger: '105' }) }
    within.to(2)
    const after = new Scene([symbolOf('A', rows)])
    while (after.exchange.stepTo(0));
    after.send({ type: 'limit', price: '95' })
    after.exchange.arrive()
    while (after.exchange.stepTo(2 * MINUTE_MS)) {
      if (after.events.at(-1)?.type !== 'order.filled' || after.events.some((event) => event.type === 'order.accepted' && event.orderId === 2)) continue
      after.send({ intent: 'close', type: 'take-profit-market', trigger: '105' })
      after.exchange.arrive()
    }
    expect(after.toldAt()).toEqual(within.toldAt())
    expect(after.told()).toEqual(['#1 A open long 1 @ 95 maker', '#2 A close long 1 @ 105 taker'])
  })
})

/** Orders arrive at the opens of their candles; between them the path rests at the given times. */
function inSteps(input: NaiveInput, times: readonly number[], source: NaiveInput = input): { readonly events: readonly ExchangeEvent[] } {
  const events: ExchangeEvent[] = []
  const exchange = new SandboxExchange(optionsOf(input, (event) => events.push(event)))
  for (let candle = 0; candle <= source.candles.length; candle += 1) {
    if (candle >= input.candles.length && candle < source.candles.length) {
      const mark = source.marks === null ? null : rowOf(source.marks, candle)
      exchange.desk.extend({ last: new Map([[SYMBOL, rowOf(source.candles, candle)]]), ...(mark === null ? {} : { mark: new Map([[SYMBOL, mark]]) }) })
    }
    while (exchange.stepTo(candle * MINUTE_MS));
    for (const { fromCandle, ...order } of input.orders) if (fromCandle === candle) exchange.submit(order)
    exchange.arrive()
    for (const at of times) if (at > candle * MINUTE_MS && at < (candle + 1) * MINUTE_MS) while (exchange.stepTo(at));
  }
  return { events }
}

function head(columns: CandleColumns): CandleColumns {
  const { open, high, low, close, volume } = columns
  return { ...columns, length: 1, open: open.slice(0, 1), high: high.slice(0, 1), low: low.slice(0, 1), close: close.slice(0, 1), volume: volume.slice(0, 1) }
}

function rowOf({ open, high, low, close, volume }: CandleColumns, index: number): TapeCandle {
  const at = (column: Float64Array): number => column[index] ?? Number.NaN
  return { open: at(open), high: at(high), low: at(low), close: at(close), volume: at(volume) }
}
