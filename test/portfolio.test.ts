/** Routes over several symbols: one strategy, called once a bar of all of them. */
import { decimalText, LEGS, type CandleColumns, type Leg, type PositionMode, type Trade } from '@hedgerow/core'
import { Strategy, type AccountNews, type GroupView, type OrderNews, type OrderView } from '@hedgerow/strategy-sdk'
import { backtest, type BacktestOptions, type BacktestResult } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { candlesOf, MARKET_START } from './support/random-market.ts'

const MODES: readonly PositionMode[] = ['one-way', 'hedge']
const MINUTE = 60_000

/** A calm market: 100 and 50, each rising by 0.1 a minute. */
const rising = (ticks: number, length: number = 40): CandleColumns => candlesOf(Array.from({ length }, () => [0, 0, 0, 1]), ticks)
const MARKETS = { AUSDT: rising(1000), BUSDT: rising(2000) }

type Route = BacktestOptions['routes'][number]

function run(strategy: Route['strategy'], { route = {}, positionMode = 'hedge', ...more }: Partial<BacktestOptions> & { readonly route?: Partial<Route>; readonly positionMode?: PositionMode } = {}): Promise<BacktestResult> {
  return backtest({
    exchange: { profile: 'exact', positionMode, leverage: 2, startingBalance: '100000' },
    routes: [{ symbols: ['AUSDT', 'BUSDT'], timeframe: '5m', strategy, ...route }],
    candles: MARKETS,
    instruments: { AUSDT: { tickSize: '0.1', qtyStep: '0.001' }, BUSDT: { tickSize: '0.1', qtyStep: '0.001' } },
    warmupCandles: 0,
    ...more,
  })
}

const minute = (at: number): number => (at - MARKET_START) / MINUTE
const fillsOf = ({ events }: BacktestResult): string[] => events.flatMap((event) => (event.type === 'order.filled' ? [`${minute(event.at)} ${event.symbol} ${event.intent} ${event.leg} ${decimalText(event.qty)}`] : []))
const deniedOf = ({ events }: BacktestResult): string[] => events.flatMap((event) => (event.type === 'order.denied' ? [`${event.symbol} ${event.leg} ${event.code}`] : []))

describe('a portfolio route', () => {
  it.each(MODES)('%s: calls one strategy once a bar, and shows it every symbol', async (positionMode) => {
    const seen: string[] = []
    class Reader extends Strategy {
      onBar() {
        seen.push(`${minute(this.time)}: ${this.markets.map(({ symbol, price, candles }) => `${symbol} ${price} of ${candles.length}`).join(', ')}; ${this.symbol} ${this.price}`)
      }
    }
    const result = await run(Reader, { positionMode, end: MARKET_START + 10 * MINUTE })
    expect(seen).toEqual(['5: AUSDT 100.5 of 1, BUSDT 200.5 of 1; AUSDT 100.5', '10: AUSDT 101 of 2, BUSDT 201 of 2; AUSDT 101'])
    expect(result.header.routes.map(({ name, symbol }) => `${name} ${symbol}`)).toEqual(['Reader AUSDT+BUSDT'])
  })

  it.each(MODES)('%s: trades the legs of each symbol on their own', async (positionMode) => {
    class Spread extends Strategy {
      onBar() {
        if (this.index === 0) {
          this.market('AUSDT').long.open({ qty: 2 })
          this.market('BUSDT').short.open({ qty: 1 })
        }
        if (this.index === 2) this.market('AUSDT').long.close()
      }
    }
    const result = await run(Spread, { positionMode })
    expect(fillsOf(result)).toEqual(['5 AUSDT open long 2', '5 BUSDT open short 1', '15 AUSDT close long 2', '40 BUSDT close short 1'])
    expect(result.trades.map(({ symbol, leg, strategy, netPnl }) => `${symbol} ${leg} ${strategy} ${netPnl.gt(0)}`)).toEqual(['AUSDT long Spread true', 'BUSDT short Spread false'])
  })

  it('hedge: both legs of both symbols at once; exits, tags and modes of one leave the others alone', async () => {
    const left: string[] = []
    class Four extends Strategy {
      onBar() {
        const [a, b] = [this.market('AUSDT'), this.market('BUSDT')]
        if (this.index === 0) for (const { long, short, price } of [a, b]) {
          long.open({ qty: 1, tag: 'core', takeProfit: price + 1 })
          short.open({ qty: 2, tag: 'core' })
          short.protect({ stopLoss: price * 2 })
        }
        if (this.index === 1) b.short.mode = 'panic'
        if (this.index === 4) left.push(...this.orders.map(({ symbol, leg, qty }) => `${symbol} ${leg} ${qty}`), `${a.long.qty} ${a.short.qty} ${b.long.qty} ${b.short.qty}`)
      }
    }
    const result = await run(Four, { closeAtEnd: false })
    expect(left).toEqual(['AUSDT short 2', '0 2 0 0'])
    expect(result.trades.map(({ symbol, leg, exitReason }) => `${symbol} ${leg} ${exitReason}`).sort()).toEqual(['AUSDT long take-profit', 'BUSDT long take-profit', 'BUSDT short signal'])
  })

  it('in a hook about a leg everything that names no symbol is about that symbol', async () => {
    const told: string[] = []
    class Guarding extends Strategy {
      onBar() { if (this.index === 0) for (const { long, short } of this.markets) { long.open({ qty: 1 }); short.open({ qty: 1 }) } }
      onOpenPosition(order: OrderView | null, leg: Leg) {
        told.push(`${order?.symbol} ${leg} at ${this.symbol} ${this.price}`)
        this.stopLoss = [1, leg === 'long' ? this.price / 2 : this.price * 2]
      }
      onOrder({ kind, order }: OrderNews) { if (kind === 'accepted' && order.role === 'stop-loss') told.push(`${order.symbol} ${order.leg} stop @${order.trigger}`) }
      after() { told.push(this.symbol) }
    }
    await run(Guarding, { end: MARKET_START + 10 * MINUTE })
    expect(told.filter((line) => line.includes(' at '))).toEqual(['AUSDT long at AUSDT 100.5', 'AUSDT short at AUSDT 100.5', 'BUSDT long at BUSDT 200.5', 'BUSDT short at BUSDT 200.5'])
    expect(told.filter((line) => line.includes('stop')).sort()).toEqual(['AUSDT long stop @50.2', 'AUSDT short stop @201', 'BUSDT long stop @100.2', 'BUSDT short stop @401'])
    expect(told.at(-1)).toBe('AUSDT')
  })

  it.each(LEGS)('a group over symbols opens whole or is unwound on each (%s rests)', async (leg) => {
    const told: string[] = []
    class Pair extends Strategy {
      group: GroupView | null = null
      onBar() {
        if (this.index !== 0) return
        const away = leg === 'long' ? 50 : 400
        this.group = this.openGroup([{ symbol: 'AUSDT', leg: leg === 'long' ? 'short' : 'long', qty: 3 }, { symbol: 'BUSDT', leg, qty: 1, price: away }], { onFailure: 'unwind', completeWithin: 5 * MINUTE })
      }
      onClosePosition(_order: OrderView | null, trade: Trade) { told.push(`${trade.symbol} closed`) }
      terminate() { told.push(`${this.group?.status}`) }
    }
    const other = leg === 'long' ? 'short' : 'long'
    const result = await run(Pair)
    expect(fillsOf(result)).toEqual([`5 AUSDT open ${other} 3`, `10 AUSDT close ${other} 3`])
    expect(told).toEqual(['AUSDT closed', 'unwound'])
  })

  it('funding is read and told by symbol, and never before its time', async () => {
    const seen: string[] = []
    class Funded extends Strategy {
      onBar() {
        if (this.index === 0) this.market('BUSDT').short.open({ qty: 1 })
        seen.push(`${minute(this.time)} ${this.market('AUSDT').lastFundingRate} ${this.market('BUSDT').lastFundingRate}`)
      }
      onAccount({ kind, symbol, leg, amount }: AccountNews) { seen.push(`${minute(this.time)} ${kind} ${symbol} ${leg} ${(amount ?? 0) > 0} ${this.symbol}`) }
    }
    await run(Funded, { funding: { BUSDT: [[MARKET_START + 10 * MINUTE, 0.001]] }, end: MARKET_START + 15 * MINUTE })
    expect(seen).toEqual(['5 null null', '10 funding BUSDT short true BUSDT', '10 null 0.001', '15 null 0.001'])
  })

  it('a symbol that starts later has no bars until then, and the others go on', async () => {
    const seen: string[] = []
    class Late extends Strategy {
      onBar() { seen.push(this.markets.map(({ candles }) => candles.length).join(' ')) }
    }
    const late = { ...rising(2000, 20), start: MARKET_START + 10 * MINUTE }
    await run(Late, { candles: { AUSDT: rising(1000, 20), BUSDT: late } })
    expect(seen).toEqual(['1 0', '2 0', '3 1', '4 2', '4 3', '4 4'])
  })

  it('a leg that the route does not own is denied on every symbol; another route may own it', async () => {
    class Both extends Strategy {
      onBar() { if (this.index === 0) for (const { long, short } of this.markets) { long.open({ qty: 1 }); short.open({ qty: 1 }) } }
    }
    const result = await run(Both, {
      routes: [{ symbols: ['AUSDT', 'BUSDT'], timeframe: '5m', strategy: Both, legs: ['long'], name: 'longs' }, { symbol: 'BUSDT', timeframe: '5m', strategy: Both, legs: ['short'], name: 'short' }],
    })
    expect(deniedOf(result)).toEqual(['AUSDT short LEG_OWNED', 'BUSDT short LEG_OWNED', 'BUSDT long LEG_OWNED'])
    expect(result.trades.map(({ strategy, symbol, leg }) => `${strategy} ${symbol} ${leg}`).sort()).toEqual(['longs AUSDT long', 'longs BUSDT long', 'short BUSDT short'])
  })
})

describe('a portfolio route is refused', () => {
  class Idle extends Strategy {}
  it.each([
    ['with symbol and symbols', { symbol: 'AUSDT' }, /CONFIG_INVALID.*either symbol or symbols/],
    ['with a symbol twice', { symbols: ['AUSDT', 'AUSDT'] }, /CONFIG_INVALID.*each symbol once/],
    ['without symbols', { symbols: [] }, /CONFIG_INVALID.*at least one symbol/],
    ['with a symbol without candles', { symbols: ['AUSDT', 'CUSDT'] }, /UNKNOWN_SYMBOL.*CUSDT/],
  ])('%s', async (_name, route, message) => {
    await expect(run(Idle, { route })).rejects.toThrow(message)
  })

  it('where a leg of one of its symbols has an owner', async () => {
    const routes = [{ symbols: ['AUSDT', 'BUSDT'], timeframe: '5m', strategy: Idle, name: 'a' }, { symbol: 'BUSDT', timeframe: '5m', strategy: Idle, name: 'b' }]
    await expect(run(Idle, { routes })).rejects.toThrow(/LEG_OWNED.*BUSDT long/)
  })

  it('a market and a group member have to be symbols of the route', async () => {
    class Elsewhere extends Strategy { onBar() { this.market('CUSDT').long.open({ qty: 1 }) } }
    class Nameless extends Strategy { onBar() { this.openGroup([{ leg: 'long', qty: 1 }], { onFailure: 'keep' }) } }
    await expect(run(Elsewhere)).rejects.toThrow(/UNKNOWN_SYMBOL.*CUSDT.*AUSDT, BUSDT/)
    await expect(run(Nameless)).rejects.toThrow(/UNKNOWN_SYMBOL.*no symbol.*AUSDT, BUSDT/)
  })
})
