/** Timers, messages between strategies and kept variables, through the public door. */
import { decimalText, type PositionMode } from '@hedgerow/core'
import { Strategy, type RouteMessage, type RouteNews } from '@hedgerow/strategy-sdk'
import { backtest, type BacktestOptions, type BacktestResult } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { candlesOf, MARKET_START } from './support/random-market.ts'

const MODES: readonly PositionMode[] = ['one-way', 'hedge']
const MINUTE = 60_000

const candles = candlesOf(Array.from({ length: 60 }, (_, index) => [0, 1, 1, index % 2 === 0 ? 3 : -2]))

type Route = BacktestOptions['routes'][number]

function run(routes: readonly Route[], positionMode: PositionMode = 'hedge', more: Partial<BacktestOptions> = {}): Promise<BacktestResult> {
  return backtest({
    exchange: { profile: 'exact', positionMode, leverage: 2, startingBalance: '100000' },
    routes,
    candles: { XUSDT: candles },
    instruments: { XUSDT: { tickSize: '0.1', qtyStep: '0.001' } },
    warmupCandles: 0,
    ...more,
  })
}

const route = (strategy: Route['strategy'], more: Partial<Route> = {}): Route => ({ symbol: 'XUSDT', timeframe: '15m', strategy, ...more })
const close = (minutes: number): number | undefined => candles.close[minutes - 1]
const minute = (at: number): number => (at - MARKET_START) / MINUTE
const fillsOf = ({ events }: BacktestResult): string[] => events.flatMap((event) => (event.type === 'order.filled' ? [`${minute(event.at)} ${event.intent} ${event.leg} ${decimalText(event.qty)}`] : []))

describe('timers', () => {
  it.each(MODES)('%s: are due on engine time, after the bars of their moment, and may trade', async (positionMode) => {
    const calls: string[] = []
    class Timed extends Strategy {
      static timers = { rebalance: { every: '10m', offset: '5m' }, hour: { every: 30 * MINUTE } }
      onBar() { calls.push(`${minute(this.time)} bar`) }
      onTimer(name: string) {
        calls.push(`${minute(this.time)} ${name} at ${this.price}`)
        if (name === 'rebalance' && this.long.isFlat) this.long.open({ qty: 1 })
        else if (name === 'rebalance') this.long.close()
      }
    }
    const result = await run([route(Timed)], positionMode)
    expect(calls).toEqual([
      `5 rebalance at ${close(5)}`, '15 bar', `15 rebalance at ${close(15)}`, `25 rebalance at ${close(25)}`, '30 bar', `30 hour at ${close(30)}`,
      `35 rebalance at ${close(35)}`, '45 bar', `45 rebalance at ${close(45)}`, `55 rebalance at ${close(55)}`, '60 bar', `60 hour at ${close(60)}`,
    ])
    expect(fillsOf(result)).toEqual(['5 open long 1', '15 close long 1', '25 open long 1', '35 close long 1', '45 open long 1', '55 close long 1'])
  })

  it('both legs open: a timer sees both, and what it declares becomes orders', async () => {
    const seen: string[] = []
    class Guarded extends Strategy {
      static timers = { guard: { every: '20m' } }
      onBar() { if (this.index === 0) this.openPair({ long: { qty: 1 }, short: { qty: 2 }, onFailure: 'unwind' }) }
      onTimer() {
        seen.push(`${this.long.qty} ${this.short.qty}`)
        if (this.isOpen) this.short.protect({ stopLoss: this.price * 1.5 })
      }
      terminate() { seen.push(`${this.short.orders.length} on the short, ${this.long.orders.length} on the long`) }
      readonly preventForcedClosure = true
    }
    const result = await run([route(Guarded)])
    expect(seen.slice(0, 3)).toEqual(['1 2', '1 2', '1 2'])
    expect(result.events.filter((event) => event.type === 'order.submitted' && event.order.role === 'stop-loss').map(({ at }) => minute(at))).toContain(20)
    expect(result.openPositions.map(({ leg }) => leg)).toEqual(['long', 'short'])
  })

  it('fillAt close: what a timer orders fills at its moment', async () => {
    class AtClose extends Strategy {
      static timers = { once: { every: '20m' } }
      onTimer() { if (this.isClose) this.short.open({ qty: 1 }) }
    }
    expect(fillsOf(await run([route(AtClose)], 'hedge', { fillAt: 'close', closeAtEnd: false }))).toEqual(['20 open short 1'])
  })

  it.each([
    ['a time within a candle', { every: '90s' }, /Broken, timer broken\] TIMEFRAME_INVALID.*90s/],
    ['no length', { every: 'soon' }, /timer broken\] TIMEFRAME_INVALID.*soon/],
    ['an offset beyond', { every: '5m', offset: '5m' }, /timer broken\] TIMEFRAME_INVALID.*offset/],
  ])('refuses %s', async (_name, broken, message) => {
    class Broken extends Strategy {
      static timers = { broken }
      onTimer() { this.log('due') }
    }
    await expect(run([route(Broken)])).rejects.toThrow(message)
  })
})

describe('messages between strategies', () => {
  it.each(MODES)('%s: are told to all others after the hook has returned', async (positionMode) => {
    const told: string[] = []
    class Sender extends Strategy {
      onBar() {
        if (this.index !== 1) return
        this.emit('regime', { trend: 'up' })
        told.push('sent')
      }
      onRouteEvent({ name }: RouteMessage) { told.push(`Sender hears ${name}`) }
    }
    class Listener extends Strategy {
      onRouteEvent({ route: from, name, payload }: RouteMessage) {
        told.push(`${this.name} hears ${name} ${JSON.stringify(payload)} of ${from}`)
        this.short.open({ qty: 1 })
        if (this.name === 'first') this.emit('thanks')
      }
    }
    const result = await run([route(Sender, { legs: ['long'] }), route(Listener, { legs: ['short'], name: 'first' })], positionMode)
    expect(told).toEqual(['sent', 'first hears regime {"trend":"up"} of Sender', 'Sender hears thanks'])
    expect(fillsOf(result)[0]).toBe('30 open short 1')
  })

  it('a cancelled entry of another route is news', async () => {
    const told: string[] = []
    class Chasing extends Strategy {
      shouldLong() { return this.index === 0 }
      goLong() { this.buy = [1, this.price * 0.5] }
    }
    class Watching extends Strategy {
      onRouteCancel({ route: from, symbol, leg }: RouteNews) { told.push(`${minute(this.time)} ${from} ${symbol} ${leg}`) }
    }
    await run([route(Chasing, { legs: ['long'] }), route(Watching, { legs: ['short'] })])
    expect(told).toEqual(['30 Chasing XUSDT long'])
  })

  it('two that answer each other without end are stopped', async () => {
    class Echo extends Strategy {
      onBar() { this.emit('ping') }
      onRouteEvent() { this.emit('pong') }
    }
    await expect(run([route(Echo, { legs: ['long'], name: 'a' }), route(Echo, { legs: ['short'], name: 'b' })])).rejects.toThrow(/STRATEGY_LOOPS/)
  })
})

describe('variables', () => {
  class Counting extends Strategy<z.ZodObject<Record<string, never>>, typeof Counting.vars> {
    static vars = z.object({ bars: z.int().default(0), marks: z.array(z.object({ at: z.int(), note: z.string().nullable() })).default([]) })
    onBar() {
      this.vars.bars += 1
      if (this.vars.bars === 2) this.vars.marks.push({ at: this.index, note: null })
      if (this.vars.bars === 6) this.long.open({ qty: 1 })
    }
  }

  it.each(MODES)('%s: are in the result, and a run goes on from them', async (positionMode) => {
    const first = await run([route(Counting)], positionMode)
    expect(first.vars).toEqual({ Counting: { bars: 4, marks: [{ at: 1, note: null }] } })
    const second = await run([route(Counting, { vars: first.vars['Counting'] ?? {} })], positionMode)
    expect(second.vars).toEqual({ Counting: { bars: 8, marks: [{ at: 1, note: null }] } })
    expect(fillsOf(second)).toEqual(['30 open long 1', '60 close long 1'])
    expect(second.toJSON()['vars']).toEqual(second.vars)
  })

  it('a strategy that keeps none says nothing of them', async () => {
    class None extends Strategy {}
    const result = await run([route(None)])
    expect(result.vars).toEqual({})
    expect(result.toJSON()).not.toHaveProperty('vars')
  })

  it.each([
    ['saved variables of another strategy', { bras: 1 }, /vars\] PARAMETER_INVALID.*bras.*bars, marks/],
    ['saved variables of another type', { bars: 'many' }, /vars\.bars\] PARAMETER_INVALID/],
  ])('refuses %s', async (_name, vars, message) => {
    await expect(run([route(Counting, { vars })])).rejects.toThrow(message)
  })

  it('refuses what is no JSON', async () => {
    class Wrong extends Strategy<z.ZodObject<Record<string, never>>, typeof Wrong.vars> {
      static vars = z.object({ ratio: z.number().default(0) })
      onBar() { this.vars.ratio = Number.NaN }
    }
    await expect(run([route(Wrong)])).rejects.toThrow(/vars\.ratio\] DECLARATION_INVALID.*NaN/)
  })
})
