/** The sandbox against the plain venue, and the invariants of matching (SIMULATION 4.5: 26 to 30, 35, 37, 40), on random candles and orders of both legs. */
import { cell, decimal, MINUTE_MS, tierTable, type CandleColumns, type ExchangeEvent, type Filled } from '@hedgerow/core'
import { SandboxExchange } from '@hedgerow/driver-sandbox'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { candleArbitrary, inputArbitrary } from './arbitraries.ts'
import { NaiveVenue, type NaiveInput, type NaiveResult } from './naive-venue.ts'
import { columnsOf, drive, optionsOf, runSandbox } from './sandbox-run.ts'

const comparable = ({ fills, ends, liquidations, open, long, short, wallet, ambiguous, paths }: NaiveResult): NaiveResult => ({ fills, ends, liquidations, open, long, short, wallet, ambiguous, paths })
const withoutCandle = (texts: readonly string[]): readonly string[] => texts.map((text) => text.split(' ').toSpliced(1, 1).join(' '))
const isOrderFill = (event: ExchangeEvent): event is Filled => event.type === 'order.filled' && event.source === 'order'

describe('the plain venue', () => {
  it('gives the same fills, cancellations, liquidations, path choices and ambiguous candles', () => {
    fc.assert(fc.property(inputArbitrary({ candles: 12, orders: 18 }), (input) => {
      expect(comparable(runSandbox(input))).toEqual(new NaiveVenue(input).run())
    }), { numRuns: 250 })
  }, 60_000)
})

describe('invariants of matching', () => {
  it('skips ahead over quiet minutes to the same result as stepping through each', () => {
    fc.assert(fc.property(inputArbitrary({ candles: 30, orders: 10 }), (input) => {
      expect(runSandbox(input, { stepwise: false }).events).toEqual(runSandbox(input).events)
    }), { numRuns: 300 })
  }, 60_000)

  it('fills the same when each candle is split into the legs of its path', () => {
    const input = inputArbitrary({ candles: 10, orders: 14 }).map((one): NaiveInput => ({ ...one, path: one.path === 'pessimistic' ? 'olhc' : one.path, volumeShare: null }))
    fc.assert(fc.property(input, (whole) => {
      const parts: NaiveInput = {
        ...whole, path: 'bar-color', candles: splitCandles(whole, whole.candles), marks: whole.marks === null ? null : splitCandles(whole, whole.marks),
        orders: whole.orders.map((order) => ({ ...order, fromCandle: order.fromCandle * 3 })),
      }
      const [a, b] = [runSandbox(whole), runSandbox(parts)]
      expect(withoutCandle(b.fills)).toEqual(withoutCandle(a.fills))
      expect([b.ends, b.wallet, b.open]).toEqual([a.ends, a.wallet, a.open])
    }), { numRuns: 300 })
  }, 60_000)

  it('leaves no more under the pessimistic path than under either fixed path', () => {
    const input = inputArbitrary({ candles: 1, orders: 10 }).map((one): NaiveInput => ({ ...one, margin: null }))
    fc.assert(fc.property(input, (one) => {
      const equity = (path: NaiveInput['path']): number => equityAtClose({ ...one, path })
      expect(equity('pessimistic')).toBeLessThanOrEqual(Math.min(equity('olhc'), equity('ohlc')) + 1e-9)
    }), { numRuns: 300 })
  })

  it('never fills a limit worse than its price, a post-only order as taker, a closer beyond its leg, or a taker outside of the candle', () => {
    const input = inputArbitrary({ candles: 12, orders: 18 }).map((one): NaiveInput => ({ ...one, slippageTicks: 0, margin: null }))
    fc.assert(fc.property(input, (one) => {
      const held = { long: one.seeds.long?.qty ?? decimal('0'), short: one.seeds.short?.qty ?? decimal('0') }
      for (const fill of runSandbox(one).events.filter(isOrderFill)) {
        const order = one.orders.find(({ id }) => id === fill.orderId)
        const buys = (fill.leg === 'long') === (fill.intent === 'open')
        const limit = order?.price
        expect(limit === undefined || (buys ? fill.price.lte(limit) : fill.price.gte(limit))).toBe(true)
        expect(limit === undefined || order?.postOnly !== true || fill.liquidity === 'maker').toBe(true)
        expect(fill.liquidity === 'maker' || isWithin(one.candles, fill)).toBe(true)
        held[fill.leg] = fill.intent === 'open' ? held[fill.leg].plus(fill.qty) : held[fill.leg].minus(fill.qty)
        expect(held[fill.leg].gte(0)).toBe(true)
      }
    }), { numRuns: 300 })
  })

  it('tells events in rising order of time, and the same ones when later candles are cut off', () => {
    fc.assert(fc.property(inputArbitrary({ candles: 14, orders: 14 }), fc.integer({ min: 1, max: 13 }), (input, length) => {
      const { events } = runSandbox(input)
      expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b))
      const cut = { ...input, candles: head(input.candles, length), marks: input.marks === null ? null : head(input.marks, length), orders: input.orders.filter(({ fromCandle }) => fromCandle < length) }
      expect(runSandbox(cut).events).toEqual(events.filter(({ at }) => at < length * MINUTE_MS))
    }), { numRuns: 200 })
  })

  it('fills each leg as if the other had no orders, where nothing is shared', () => {
    const input = inputArbitrary({ candles: 12, orders: 18 }).map((one): NaiveInput => ({ ...one, volumeShare: null, margin: null, path: one.path === 'pessimistic' ? 'ohlc' : one.path }))
    fc.assert(fc.property(input, fc.constantFrom('long', 'short'), (one, leg) => {
      const alone = runSandbox({ ...one, orders: one.orders.filter((order) => order.leg === leg) })
      const told = (events: readonly ExchangeEvent[]): readonly unknown[] => events.filter((event) => 'leg' in event && event.leg === leg).map((event) => ({ ...event, fillId: null }))
      expect(told(alone.events)).toEqual(told(runSandbox(one).events))
    }), { numRuns: 200 })
  })

  it('is not changed by a symbol without orders', () => {
    fc.assert(fc.property(inputArbitrary({ candles: 12, orders: 14 }), candleArbitrary(9), fc.integer({ min: -4, max: 8 }), (input, other, offset) => {
      const events: ExchangeEvent[] = []
      const options = optionsOf(input, (event) => events.push(event))
      const [own] = options.symbols
      if (own === undefined) throw new Error('no symbol')
      const idle = { ...own, instrument: { ...own.instrument, symbol: 'IDLE' }, candles: { ...other, start: offset * MINUTE_MS }, marks: { ...other, start: offset * MINUTE_MS } }
      drive(input, new SandboxExchange({ ...options, symbols: [idle, own] }), { stepwise: true })
      expect(events).toEqual(runSandbox(input).events)
    }), { numRuns: 200 })
  })

  it('finds by the scan what walking every candle finds', () => {
    // A table that is not convex, though no value comes near the row that makes it so, leaves no candle out.
    const [flat, steep] = [[['1000000', '0.05', '0', '20']], [['1000000', '0.05', '0', '20'], ['2000000', '0.06', '10000', '10'], ['3000000', '0.01', '-90000', '10']]] as const
    const input = inputArbitrary({ candles: 25, orders: 12 }).filter(({ margin }) => margin !== null)
    fc.assert(fc.property(input, (one) => {
      const under = (rows: typeof flat | typeof steep): readonly ExchangeEvent[] =>
        runSandbox({ ...one, margin: one.margin === null ? null : { ...one.margin, tiers: tierTable('table', rows) } }, { stepwise: false }).events
      expect(tierTable('table', steep).convex).toBe(false)
      expect(under(flat)).toEqual(under(steep))
    }), { numRuns: 200 })
  }, 60_000)
})

/** Each candle as three that only move one way. */
function splitCandles({ path }: NaiveInput, candles: CandleColumns): CandleColumns {
  return columnsOf(Array.from({ length: candles.length }, (_, row) => {
    const [open, high, low, close] = [cell(candles.open, row), cell(candles.high, row), cell(candles.low, row), cell(candles.close, row)]
    const nearer = Math.round((high - open) * 10) < Math.round((open - low) * 10)
    const highFirst = path === 'ohlc' || (path === 'bar-color' && close < open) || (path === 'adaptive' && nearer)
    const corners = highFirst ? [open, high, low, close] as const : [open, low, high, close] as const
    return ([[0, 1], [1, 2], [2, 3]] as const).map(([from, to]) => {
      const [a, b] = [corners[from], corners[to]]
      return [a, Math.max(a, b), Math.min(a, b), b, cell(candles.volume, row)] as const
    })
  }).flat(), candles.start)
}

function head(columns: CandleColumns, length: number): CandleColumns {
  const { open, high, low, close, volume } = columns
  return { ...columns, length, open: open.slice(0, length), high: high.slice(0, length), low: low.slice(0, length), close: close.slice(0, length), volume: volume.slice(0, length) }
}

function equityAtClose(input: NaiveInput): number {
  const { long, short, wallet, events } = runSandbox(input)
  const close = input.candles.close.at(-1) ?? Number.NaN
  const costs = { long: 0, short: 0 }
  const qty = { long: 0, short: 0 }
  for (const leg of ['long', 'short'] as const) {
    const seed = input.seeds[leg]
    if (seed !== null) [qty[leg], costs[leg]] = [seed.qty.toNumber(), seed.qty.times(seed.entry).toNumber()]
  }
  for (const fill of events.filter(isOrderFill)) {
    const filled = fill.qty.toNumber()
    costs[fill.leg] += fill.intent === 'open' ? filled * fill.price.toNumber() : -(costs[fill.leg] * filled) / qty[fill.leg]
    qty[fill.leg] += fill.intent === 'open' ? filled : -filled
  }
  return Number(wallet) + Number(long) * close - costs.long + costs.short - Number(short) * close
}

function isWithin(candles: CandleColumns, fill: Filled): boolean {
  const row = Math.floor(fill.at / MINUTE_MS)
  return fill.price.gte(String(candles.low[row])) && fill.price.lte(String(candles.high[row]))
}
