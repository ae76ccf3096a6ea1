/** The strategy API through the public door: real session, real matching, both position modes, both legs open. */
import { decimalText, LEGS, type CandleColumns, type JournalEvent, type Leg, type PositionMode } from '@hedgerow/core'
import { Strategy, type GroupView, type RouteNews } from '@hedgerow/strategy-sdk'
import { backtest, type BacktestOptions, type BacktestResult } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import HedgeTimeline from '../examples/hedge-timeline.ts'

const MODES: readonly PositionMode[] = ['one-way', 'hedge']
const START = 1_704_067_200_000

type Bar = readonly [open: number, high: number, low: number, close: number]

/** Bars of one minute; a single number is a bar that stands still. */
function candlesOf(bars: readonly (Bar | number)[]): CandleColumns {
  const rows = bars.map((bar): Bar => (typeof bar === 'number' ? [bar, bar, bar, bar] : bar))
  const column = (index: 0 | 1 | 2 | 3): Float64Array => Float64Array.from(rows, (row) => row[index])
  return { start: START, step: 60_000, length: rows.length, open: column(0), high: column(1), low: column(2), close: column(3), volume: new Float64Array(rows.length).fill(1000) }
}

interface Run {
  readonly strategy: BacktestOptions['routes'][number]['strategy']
  readonly bars: readonly (Bar | number)[]
  readonly positionMode?: PositionMode
  readonly more?: Partial<BacktestOptions>
  readonly params?: Readonly<Record<string, unknown>>
  readonly balance?: string
}

function run({ strategy, bars, positionMode = 'hedge', more = {}, params = {}, balance = '100000' }: Run): Promise<BacktestResult> {
  return backtest({
    exchange: { profile: 'exact', positionMode, leverage: 2, startingBalance: balance, fee: '0.001' },
    routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy, params }],
    candles: { XUSDT: candlesOf(bars) },
    instruments: { XUSDT: { tickSize: '0.01', qtyStep: '0.001' } },
    warmupCandles: 0,
    ...more,
  })
}

const tradeLines = (result: BacktestResult): string[] => result.trades.map(({ leg, qty, entryPrice, exitPrice, exitReason }) =>
  `${leg} ${decimalText(qty)} ${decimalText(entryPrice)} -> ${decimalText(exitPrice)} ${exitReason}`)

const minuteOf = (event: JournalEvent): number => (event.at - START) / 60_000

function lines(result: BacktestResult, ...types: readonly JournalEvent['type'][]): string[] {
  return [...result.events].filter(({ type }) => types.length === 0 || types.includes(type)).map((event) => {
    const { type } = event
    if (type === 'order.filled') return `${minuteOf(event)} ${event.intent} ${event.leg} ${decimalText(event.qty)} @${decimalText(event.price)}`
    if (type === 'order.denied') return `${minuteOf(event)} denied ${event.leg} ${event.code}`
    return `${minuteOf(event)} ${type}`
  })
}

const fills = (result: BacktestResult): string[] => lines(result, 'order.filled')

describe('the smallest hedge', () => {
  it('opens and closes each leg at the open after its bar, and the money adds up by hand', async () => {
    const bars = Array.from({ length: 30 }, (_, index) => 100 + index)
    const result = await run({ strategy: HedgeTimeline, bars })
    expect(fills(result)).toEqual(['6 open long 1 @106', '11 open short 0.5 @111', '21 close long 1 @121', '26 close short 0.5 @126'])
    // Long: (121 - 106) x 1 - 0.001 x (106 + 121). Short: (111 - 126) x 0.5 - 0.001 x 0.5 x (111 + 126).
    expect(result.trades.map(({ netPnl }) => decimalText(netPnl))).toEqual(['14.773', '-7.6185'])
  })
})

describe('entries', () => {
  class Bracketed extends Strategy {
    shouldLong() { return this.index === 0 }
    shouldShort() { return this.index === 0 }
    goLong() {
      this.buy = [1, this.price]
      this.stopLoss = [1, 95]
      this.takeProfit = [[0.5, 103], [0.5, 106]]
    }
    goShort() {
      this.sell = [2, this.price]
      this.stopLoss = [2, 104]
      this.takeProfit = [2, 90]
    }
  }

  it('hedge: both legs enter on one bar, and each leg has its own exits', async () => {
    const result = await run({ strategy: Bracketed, bars: [100, 100, [100, 103.5, 100, 103.5], [103.5, 104.5, 103, 103], [103, 103, 94, 94], 94] })
    expect(fills(result).map((line) => line.replace(/^[\d.]+ /, ''))).toEqual(['open long 1 @100', 'open short 2 @100', 'close long 0.5 @103', 'close short 2 @104', 'close long 0.5 @95'])
    expect(tradeLines(result)).toEqual(['short 2 100 -> 104 stop-loss', 'long 1 100 -> 99 stop-loss'])
  })

  it('one-way: a reversal closes first, then opens, at the same open', async () => {
    class Reversal extends Strategy {
      shouldLong() { return this.index === 0 }
      goLong() { this.buy = [1, this.price] }
      shouldShort() { return this.index === 2 }
      goShort() { this.sell = [3, this.price] }
      updatePosition() { if (this.index === 2) this.long.close() }
    }
    const result = await run({ strategy: Reversal, bars: [100, 100, 101, 102, 103], positionMode: 'one-way', more: { closeAtEnd: false } })
    expect(fills(result)).toEqual(['1 open long 1 @100', '3 close long 1 @102', '3 open short 3 @102'])
    expect(lines(result, 'order.denied')).toEqual([])
  })

  it.each(MODES)('%s: a leg that is closing may enter again, and its new exits are those of the new cycle', async (positionMode) => {
    class Again extends Strategy {
      shouldLong() { return this.index === 0 || this.index === 2 }
      goLong() { this.buy = [1, this.price]; this.stopLoss = [1, this.price - 10] }
      updatePosition() { if (this.index === 2) this.long.close() }
    }
    const result = await run({ strategy: Again, bars: [100, 100, 110, 110, 99, 99], positionMode, more: { closeAtEnd: false } })
    expect(fills(result)).toEqual(['1 open long 1 @100', '3 close long 1 @110', '3 open long 1 @110', '4 close long 1 @99'])
    expect(tradeLines(result)).toEqual(['long 1 100 -> 110 signal', 'long 1 110 -> 99 stop-loss'])
  })

  it.each(MODES)('%s: a resting entry is replaced on the next bar by default', async (positionMode) => {
    class Chasing extends Strategy {
      shouldShort() { return this.index < 3 }
      goShort() { this.sell = [1, this.price + 1] }
    }
    const result = await run({ strategy: Chasing, bars: [100, 99, 98, [98, 100.5, 98, 98], 98], positionMode, more: { closeAtEnd: false } })
    expect(fills(result)).toEqual([expect.stringContaining('open short 1 @99')])
  })

  it('a denied entry is told, and leaves no exits behind', async () => {
    const told: string[] = []
    class TooBig extends Strategy {
      shouldLong() { return this.index === 0 }
      goLong() { this.buy = [1000, this.price]; this.stopLoss = [1000, 90] }
      onOrder({ kind, leg, code }: { kind: string; leg: Leg; code: string | null }) { told.push(`${kind} ${leg} ${code}`) }
      onBar() { if (this.index === 1) told.push(`stops ${this.stopLoss.length}`) }
    }
    const result = await run({ strategy: TooBig, bars: [100, 100, 100], balance: '100' })
    expect(told).toEqual(['denied long INSUFFICIENT_MARGIN', 'stops 0'])
    expect(lines(result, 'order.denied')).toEqual(['1 denied long INSUFFICIENT_MARGIN'])
    expect(result.trades).toEqual([])
  })
})

describe('exits', () => {
  it('follow partial fills, and shrink with each partial exit', async () => {
    class Sliced extends Strategy {
      shouldLong() { return this.index === 0 }
      goLong() {
        this.buy = [100, this.price]
        this.stopLoss = [100, 90]
        this.takeProfit = [[60, 110], [40, 120]]
      }
    }
    const bars: (Bar | number)[] = [100, [100, 101, 99, 100], [100, 101, 99, 100], [100, 101, 99, 100], [100, 112, 100, 111], [111, 112, 110, 111], [111, 111, 80, 80], [80, 80.5, 79, 80], 80]
    const result = await run({ strategy: Sliced, bars, more: { sim: { volumeShare: '0.04', slippage: 'none' }, closeAtEnd: false } })
    expect(result.trades.map(({ leg, qty }) => `${leg} ${decimalText(qty)}`)).toEqual(['long 100'])
    expect(fills(result).filter((line) => line.includes(' open '))).toHaveLength(3)
    let held = 0
    for (const event of result.events) {
      if (event.type === 'order.filled') held += (event.intent === 'open' ? 1 : -1) * event.qty.toNumber()
      expect(held).toBeGreaterThanOrEqual(0)
    }
    expect(held).toBe(0)
  })

  it('a target that is partly filled still covers all of a leg that grows', async () => {
    const left: string[] = []
    class Growing extends Strategy {
      onBar() {
        if (this.index === 0) { this.long.open({ qty: 50 }); this.long.protect({ takeProfit: 105 }) }
        if (this.index === 3) this.long.open({ qty: 4 })
        if (this.index === 4) left.push(...this.exitOrders.map(({ exact }) => `${decimalText(exact.qty)} less ${decimalText(exact.filledQty)}`), `of ${this.long.qty}`)
      }
    }
    await run({ strategy: Growing, bars: [100, 100, 100, [100, 105, 100, 100], 100, 100], more: { sim: { volumeShare: '0.03', slippage: 'none', limitFill: 'touch' } } })
    expect(left).toEqual(['54 less 30', 'of 24'])
  })

  it.each(LEGS)('a %s that is stopped at a gap closes at the open, and leaves the other leg as it is', async (leg) => {
    class BothHeld extends Strategy {
      onBar() {
        if (this.index !== 0) return
        this.long.open({ qty: 1 })
        this.short.open({ qty: 1 })
        this[leg].protect({ stopLoss: leg === 'long' ? 95 : 105 })
      }
    }
    const gap = leg === 'long' ? 90 : 110
    const result = await run({ strategy: BothHeld, bars: [100, 100, gap, gap], more: { closeAtEnd: false } })
    expect(tradeLines(result)).toEqual([`${leg} 1 100 -> ${gap} stop-loss`])
    expect(result.openPositions.map((position) => position.leg)).toEqual([leg === 'long' ? 'short' : 'long'])
  })
})

describe('leg handles', () => {
  it('a rung is placed once, filled, closed by its own target, and placed again', async () => {
    class Rung extends Strategy {
      onBar() { this.long.open({ tag: 'rung', qty: 1, price: 98, takeProfit: 101 }) }
    }
    const dip: Bar = [100, 100, 97, 99]
    const rise: Bar = [99, 102, 99, 100]
    const result = await run({ strategy: Rung, bars: [100, 100, dip, 99, rise, 100, dip, rise, 100] })
    expect(tradeLines(result)).toEqual(['long 1 98 -> 101 take-profit', 'long 1 98 -> 101 take-profit'])
    expect(lines(result, 'order.amended')).toEqual([])
  })

  it('stop and target of one order are alternatives; those of its neighbour stay', async () => {
    const left: string[] = []
    class Two extends Strategy {
      onBar() {
        if (this.index !== 0) return
        this.short.open({ tag: 'a', qty: 1, takeProfit: 95, stopLoss: 110 })
        this.short.open({ tag: 'b', qty: 2, takeProfit: 90, stopLoss: 120 })
      }
      after() { if (this.index === 3) left.push(...this.short.orders.map(({ tag, qty }) => `${tag} ${qty}`)) }
    }
    const result = await run({ strategy: Two, bars: [100, 100, [100, 100, 94, 96], 96, 96], more: { closeAtEnd: false } })
    expect(left).toEqual(['b.sl 2', 'b.tp 2'])
    expect(fills(result)).toEqual(['1 open short 1 @100', '1 open short 2 @100', expect.stringContaining('close short 1 @95')])
  })

  it('a trailing stop follows the leg', async () => {
    class Trailing extends Strategy {
      onBar() { if (this.index === 0) this.long.open({ qty: 1, trailing: { distance: 5 } }) }
    }
    const result = await run({ strategy: Trailing, bars: [100, 100, [100, 110, 100, 110], [110, 110, 100, 100], 100], more: { sim: { slippage: 'none' } } })
    expect(tradeLines(result)).toEqual(['long 1 100 -> 105 trailing'])
  })

  it('an order expires', async () => {
    class Expiring extends Strategy {
      onBar() { if (this.index === 0) this.long.open({ qty: 1, price: 90, expiresIn: 120_000 }) }
    }
    const result = await run({ strategy: Expiring, bars: [100, 100, 100, 100, 100] })
    expect(lines(result, 'order.expired', 'order.canceled')).toEqual([expect.stringContaining('order.expired')])
  })

  it('closing a flat leg is denied, not an error', async () => {
    class Eager extends Strategy {
      onBar() { if (this.index === 0) this.short.close() }
    }
    expect(lines(await run({ strategy: Eager, bars: [100, 100] }), 'order.denied')).toEqual(['1 denied short NOTHING_TO_CLOSE'])
  })

  it('one-way: opening the other leg is denied', async () => {
    class Hedger extends Strategy {
      onBar() {
        if (this.index === 0) this.long.open({ qty: 1 })
        if (this.index === 2) this.short.open({ qty: 1 })
      }
    }
    expect(lines(await run({ strategy: Hedger, bars: [100, 100, 100, 100], positionMode: 'one-way' }), 'order.denied')).toEqual(['3 denied short LEG_CONFLICT'])
  })
})

describe('groups', () => {
  it('half a pair is unwound', async () => {
    const told: string[] = []
    class Pair extends Strategy {
      group: GroupView | null = null
      onBar() {
        if (this.index === 0) this.group = this.openPair({ long: { qty: 1 }, short: { qty: 1, price: 105 }, onFailure: 'unwind', completeWithin: 120_000 })
      }
      terminate() { told.push(`${this.group?.status} after ${this.group?.nakedMs} ms`) }
    }
    const result = await run({ strategy: Pair, bars: [100, 100, 100, 100, 100, 100] })
    expect(fills(result)).toEqual(['1 open long 1 @100', '3 close long 1 @100'])
    expect(told).toEqual(['unwound after 120000 ms'])
  })
})

describe('several routes', () => {
  it('one leg each of one hedged account: each sees the other as news', async () => {
    const told: string[] = []
    class LongOnly extends Strategy {
      onBar() { if (this.index === 0) this.long.open({ qty: 1 }) }
      onRouteOpenPosition({ route, leg }: RouteNews) { told.push(`${this.name}: ${route} opened ${leg}`) }
    }
    class ShortOnly extends LongOnly {
      onBar() { if (this.index === 1) this.short.open({ qty: 2 }) }
    }
    const result = await run({
      strategy: LongOnly, bars: [100, 100, 100, 100],
      more: {
        routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy: LongOnly, legs: ['long'] }, { symbol: 'XUSDT', timeframe: '1m', strategy: ShortOnly, legs: ['short'] }],
        closeAtEnd: false,
      },
    })
    expect(told).toEqual(['ShortOnly: LongOnly opened long', 'LongOnly: ShortOnly opened short'])
    expect(result.openPositions.map(({ leg }) => leg)).toEqual(['long', 'short'])
  })

  it('the end of any order of a leg has the lists of that leg compared with what the account holds', async () => {
    class LongOnly extends Strategy {
      onBar() {
        if (this.index === 0) this.short.stopLoss = [1, 110]
        if (this.index === 3) this.short.open({ qty: 2 })
      }
    }
    class ShortOnly extends Strategy {
      onBar() { if (this.index === 1) this.short.open({ qty: 1 }) }
    }
    const result = await run({
      strategy: LongOnly, bars: [100, 100, 100, 100, 100, 100],
      more: { routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy: LongOnly, legs: ['long'] }, { symbol: 'XUSDT', timeframe: '1m', strategy: ShortOnly, legs: ['short'] }] },
    })
    const denied = result.events.flatMap((event) => (event.type === 'order.denied' ? [`${event.order.intent} ${event.order.type} ${event.code}`] : []))
    expect(denied).toEqual(['open market LEG_OWNED', 'close stop-market LEG_OWNED'])
  })
})

describe('errors end the run and say where', () => {
  it.each([
    ['no leg where both are open', class extends Strategy {
      onBar() {
        if (this.index === 0) { this.long.open({ qty: 1 }); this.short.open({ qty: 1 }) }
        if (this.index === 2) this.stopLoss = [1, 90]
      }
    }, /bar 2 \(2024-01-01T00:03Z\), stopLoss\] LEG_REQUIRED/],
    ['a throwing hook', class extends Strategy {
      onBar() { throw new Error('oh no') }
    }, /bar 0 .*STRATEGY_THREW.*oh no/],
    ['a quantity of NaN', class extends Strategy {
      onBar() { this.long.open({ qty: Number.NaN }) }
    }, /bar 0 .*long\.open qty\] NOT_POSITIVE.*NaN/],
    ['both signals in one-way mode', class extends Strategy {
      shouldLong() { return true }
      shouldShort() { return true }
    }, /CONFLICTING_RULES/],
  ] as const)('%s', async (name, strategy, message) => {
    const positionMode = name.includes('one-way') ? 'one-way' : 'hedge'
    await expect(run({ strategy, bars: [100, 100, 100, 100], positionMode })).rejects.toThrow(message)
  })

  it('a parameter out of range', async () => {
    class Tuned extends Strategy<typeof Tuned.params> {
      static params = z.object({ fast: z.int().min(2).max(50).default(8) })
    }
    await expect(run({ strategy: Tuned, bars: [100], params: { fast: 99 } })).rejects.toThrow(/parameter fast\] PARAMETER_INVALID.*99.*from 2 to 50/)
  })
})

describe('the profile of the predecessor', () => {
  it('fills at the close, exits at once, and a signal on the next bar', async () => {
    class Simple extends Strategy {
      shouldLong() { return this.index === 0 }
      goLong() { this.buy = [1, this.price]; this.stopLoss = [1, 95]; this.takeProfit = [1, 105] }
    }
    const result = await run({
      strategy: Simple, bars: [100, [100, 106, 100, 106], 106], positionMode: 'one-way',
      more: { exchange: { profile: 'jesse', positionMode: 'one-way', leverage: 2, startingBalance: '10000', fee: '0.001' } },
    })
    expect(tradeLines(result)).toEqual(['long 1 100 -> 105 take-profit'])
    expect(fills(result)[0]).toBe('1 open long 1 @100')
  })
})
