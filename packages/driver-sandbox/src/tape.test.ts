import { areKept, decimal, instrument, keepBetweenRuns, MINUTE_MS, tierTable, type CandleColumns, type Order } from '@hedgerow/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutGaps } from './gap-fix.ts'
import { LiveOrder } from './live-order.ts'
import { exact } from './profiles/exact.ts'
import { setupOf } from './setup.ts'
import { SymbolBook } from './symbol-book.ts'
import { Tape } from './tape.ts'
import { followUntil, levelTrailedBy, nextTrailingHit } from './trailing.ts'

const FIRST = 3
type Row = readonly [low: number, high: number] | null

const columnsOf = (rows: readonly Row[]): CandleColumns => {
  const column = (value: (row: readonly [number, number]) => number): Float64Array => Float64Array.from(rows, (row) => (row === null ? Number.NaN : value(row)))
  const [low, high] = [column(([one]) => one), column(([, other]) => other)]
  return { start: FIRST * MINUTE_MS, step: MINUTE_MS, length: rows.length, open: low, high, low, close: high, volume: column(() => 1) }
}

const row: fc.Arbitrary<Row> = fc.oneof({ weight: 6, arbitrary: fc.tuple(fc.integer({ min: 50, max: 100 }), fc.integer({ min: 0, max: 20 })).map(([low, size]) => [low, low + size] as const) }, { weight: 1, arbitrary: fc.constant(null) })
const rows = fc.array(row, { maxLength: 60 })
/** Prices that stay for blocks on end where they are, and leave once in a while. */
const quietRows = fc.array(fc.oneof({ weight: 99, arbitrary: fc.constant<Row>([90, 100]) }, { weight: 1, arbitrary: row }), { minLength: 100, maxLength: 400, size: 'max' })

describe('the scan', () => {
  it('finds exactly the candles that a look at each finds, however intervals change on the way', () => {
    const step = fc.record({ below: fc.integer({ min: 40, max: 80 }), above: fc.integer({ min: 80, max: 125 }), ahead: fc.integer({ min: 0, max: 30 }), on: fc.integer({ min: 0, max: 5 }) })
    const farStep = fc.record({ below: fc.integer({ min: 40, max: 91 }), above: fc.integer({ min: 99, max: 125 }), ahead: fc.integer({ min: 0, max: 300 }), on: fc.integer({ min: 0, max: 70 }) })
    const scenario = fc.oneof(fc.tuple(rows, fc.array(step)), fc.tuple(quietRows, fc.array(farStep)))
    fc.assert(fc.property(scenario, ([all, steps]) => {
      const tape = new Tape(columnsOf(all), FIRST)
      let from = 0
      for (const { below, above, ahead, on } of steps) {
        tape.watch(below, above, from)
        const to = from + ahead
        const hit = all.findIndex((one, index) => one !== null && index + FIRST >= from && index + FIRST < to && (one[0] <= below || one[1] >= above))
        expect(tape.nextHit(from, to)).toBe(hit < 0 ? to : hit + FIRST)
        from += on
      }
    }), { numRuns: 1000 })
  })

  it('finds what leaves the interval in candles that are added', () => {
    fc.assert(fc.property(quietRows, quietRows, fc.integer({ min: 40, max: 91 }), fc.integer({ min: 99, max: 125 }), (given, added, below, above) => {
      const tape = new Tape(columnsOf(given), FIRST)
      tape.watch(below, above, 0)
      tape.nextHit(0, given.length + FIRST)
      for (const one of added) tape.append(one === null ? null : { open: one[0], high: one[1], low: one[0], close: one[1], volume: 1 })
      const all = [...given, ...added]
      const from = given.length + FIRST
      const hit = all.findIndex((one, index) => index + FIRST >= from && one !== null && (one[0] <= below || one[1] >= above))
      expect(tape.nextHit(from, all.length + FIRST)).toBe(hit < 0 ? all.length + FIRST : hit + FIRST)
    }))
  })

  it('answers from outside of the series without inventing a candle', () => {
    const tape = new Tape(columnsOf([[1, 2], null, [3, 4]]), FIRST)
    expect([tape.has(2), tape.has(3), tape.has(4), tape.has(5), tape.has(6)]).toEqual([false, true, false, true, false])
    expect([tape.closeBefore(3), tape.closeBefore(4), tape.closeBefore(5), tape.closeBefore(99)]).toEqual([Number.NaN, 2, 2, 4])
    expect([tape.nextCandle(0, 99), tape.nextCandle(4, 99), tape.nextCandle(6, 99), tape.nextCandle(0, 2)]).toEqual([3, 5, 99, 2])
  })
})

const bookOf = (): SymbolBook => {
  const [market] = setupOf({
    profile: exact, positionMode: 'hedge', marginMode: 'cross', startingBalance: decimal('1'), sink: () => {},
    symbols: [{ instrument: instrument({ symbol: 'A', tickSize: '1', qtyStep: '1' }), candles: columnsOf([[1, 2]]), leverage: decimal('1'), tiers: tierTable('flat', [['1000000', '0.01', '0', '100']]) }],
  }).markets
  if (market === undefined) throw new TypeError('no market')
  return new SymbolBook(market)
}

const trailing = (side: 'sell' | 'buy', distance: number | null): LiveOrder => {
  const order: Order = {
    id: 1, createdAt: 0, symbol: 'A', leg: side === 'sell' ? 'long' : 'short', intent: 'close', type: 'trailing-stop', qty: decimal('1'), timeInForce: 'GTC', postOnly: false, role: 'trailing', strategy: 'x',
    trailing: distance === null ? { distanceRatio: decimal('0.1') } : { distance: decimal(String(distance)) },
  }
  const live = new LiveOrder(order, bookOf())
  live.extremeUntil = FIRST
  return live
}

describe('the scan of a trailing stop', () => {
  it('misses no candle in which the stop fires, and looks at none whose whole range stays clear of it', () => {
    fc.assert(fc.property(rows, fc.constantFrom('sell', 'buy'), fc.option(fc.integer({ min: 1, max: 30 })), fc.integer({ min: 60, max: 100 }), (all, side, distance, start) => {
      const tape = new Tape(columnsOf(all), FIRST)
      const live = trailing(side, distance)
      live.extreme = start
      let extreme = start
      const first = all.findIndex((one) => {
        if (one === null) return false
        extreme = side === 'sell' ? Math.max(extreme, one[1]) : Math.min(extreme, one[0])
        const reach = distance ?? extreme * 0.1
        return side === 'sell' ? one[0] <= extreme - reach + 1e-9 : one[1] >= extreme + reach - 1e-9
      })
      expect(nextTrailingHit(live, tape, FIRST, FIRST + all.length)).toBe(first < 0 ? FIRST + all.length : FIRST + first)
    }), { numRuns: 1000 })
  })

  it('takes skipped candles into the extreme, each once', () => {
    const live = trailing('sell', 5)
    live.extreme = 90
    const tape = new Tape(columnsOf([[80, 95], null, [80, 93], [80, 99]]), FIRST)
    followUntil(live, tape, FIRST + 3)
    expect([live.extreme, levelTrailedBy(live, decimal('0.1'))]).toEqual([95, 90])
    followUntil(live, tape, FIRST + 4)
    expect([live.extreme, levelTrailedBy(live, decimal('0.1')), live.trailLevel.toFixed()]).toEqual([99, 94, '94'])
  })
})

describe('the gap fix', () => {
  it('opens each candle at the close before and widens it; missing candles stay missing', () => {
    const columns = columnsOf([[10, 12], null, [14, 16], [11, 15]])
    const fixed = withoutGaps(columns)
    expect([[...fixed.open], [...fixed.low], [...fixed.high]]).toEqual([[10, Number.NaN, 12, 16], [10, Number.NaN, 12, 11], [12, Number.NaN, 16, 16]])
    expect([...columns.open]).toEqual([10, Number.NaN, 14, 11])
    // Once: for whoever asks again, and for what is fixed already.
    expect([withoutGaps(columns), withoutGaps(fixed)].every((again) => again === fixed)).toBe(true)
    const kept = columnsOf([[10, 12], [14, 16]])
    keepBetweenRuns(kept)
    expect([[...withoutGaps(kept).open], areKept(withoutGaps(kept)), areKept(fixed)]).toEqual([[10, 12], true, false])
  })
})
