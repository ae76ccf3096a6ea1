/** Every criticism has a run that provokes it, and one that does not: backtests over a few made prices, in hedge mode with both legs. */
import { criticise, type Criticism } from '@hedgerow/report'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, candlesFromRows, finishedRun, synthesizeCandles, type BacktestOptions, type CandleRow } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const MINUTE = 60_000
const START = Date.UTC(2024, 0, 1)

/** What to do at which bar. */
type Plan = (strategy: Strategy, index: number) => void

interface Scene {
  /** Closes, or whole candles without time and volume. */
  readonly prices: readonly (number | readonly [open: number, high: number, low: number, close: number])[]
  readonly plan: Plan
  readonly options?: Partial<BacktestOptions>
  readonly exchange?: BacktestOptions['exchange']
  /** Candles that are left out, by index. */
  readonly without?: readonly number[]
}

function rowsOf({ prices, without = [] }: Scene): CandleRow[] {
  let last = typeof prices[0] === 'number' ? prices[0] : (prices[0]?.[0] ?? 0)
  return prices.flatMap((price, index): CandleRow[] => {
    const [open, high, low, close] = typeof price === 'number' ? [last, Math.max(last, price), Math.min(last, price), price] : price
    last = close
    return without.includes(index) ? [] : [[START + index * MINUTE, open, high, low, close, 1000]]
  })
}

const route = (plan: Plan): BacktestOptions['routes'][number] => ({
  symbol: 'X', timeframe: '1m', strategy: class Scripted extends Strategy { onBar() { plan(this, this.index) } },
})

async function said(scene: Scene): Promise<readonly Criticism[]> {
  const { exchange, options } = scene
  const result = await backtest({
    exchange: { profile: 'exact', positionMode: 'hedge', startingBalance: '10000', ...exchange }, warmupCandles: 0,
    routes: [route(scene.plan)], candles: { X: scene.prices.length === 0 ? [] : candlesFromRows(rowsOf(scene)) }, ...options,
  })
  return criticise(finishedRun(result))
}

const idsOf = (items: readonly Criticism[]): string[] => items.map(({ id }) => id)

const flat = (count: number, price = 100): number[] => Array.from({ length: count }, () => price)
/** Up by two, back, and so on. */
const wave = (count: number): number[] => Array.from({ length: count }, (_, index) => (index % 4 < 2 ? 100 : 102))

/** Opens every fourth bar at 100 and closes at 102. */
const rides = (leg: 'long' | 'short'): Plan => (strategy, index) => {
  if (index % 4 === 0) strategy[leg].open({ qty: 1 })
  if (index % 4 === 2) strategy[leg].close()
}

const once = (steps: Readonly<Record<number, (strategy: Strategy) => void>>): Plan => (strategy, index) => steps[index]?.(strategy)

const both = once({ 1: ({ long, short }) => { long.open({ qty: 1 }); short.open({ qty: 1 }) } })

/** Buys at 99 and sells at 101: inside the fourth candle, or in the fourth and the fifth. */
const oneRung = once({ 1: ({ long }) => { long.open({ qty: 1, price: 99, takeProfit: 101 }) } })

/** A long between a stop at 98.5 and a target at 101. */
const between = once({ 1: ({ long }) => { long.open({ qty: 1, takeProfit: 101, stopLoss: 98.5 }) } })

const FUNDING = { X: [[START, 0.0001], [START + 8 * 3_600_000, 0.0001]] } as const
const rounds = (count: number): Scene => ({ prices: wave(count * 4), plan: rides('long') })

const CASES: readonly (readonly [id: string, provokes: Scene, doesNot: Scene])[] = [
  ['no-trades', { prices: flat(5), plan: () => {} }, { prices: flat(5), plan: both }],
  ['few-trades', rounds(3), rounds(40)],
  ['one-trade', { prices: [...wave(12), 100, 100, 150, 150, 150], plan: rides('long') }, rounds(6)],
  ['open-loss', { prices: [...wave(12), 102, 104, 110, 120], plan: (strategy, index) => { rides('long')(strategy, index); if (index === 1) strategy.short.open({ qty: 1 }) }, options: { closeAtEnd: false } },
    { prices: [...wave(12), 102, 104, 110, 120], plan: (strategy, index) => { rides('long')(strategy, index); if (index === 1) strategy.short.open({ qty: 1 }) } }],
  ['inside-one-candle', { prices: [100, 100, 100, [100, 102, 98, 101], 101], plan: oneRung }, { prices: [100, 100, 100, [100, 100, 98, 100], [100, 102, 100, 101]], plan: oneRung }],
  ['path-decides', { prices: [100, 100, 100, [100, 102, 98, 101], 101], plan: between, options: { sim: { bracket: true } } }, { prices: [100, 100, 100, [100, 100, 98, 100], [100, 102, 100, 101]], plan: between, options: { sim: { bracket: true } } }],
  ['ambiguous-candles', { prices: [100, 100, 100, [100, 102, 98, 101], 101], plan: between }, { prices: [100, 100, 100, [100, 100, 98, 100], [100, 102, 100, 101]], plan: between }],
  ['reopened', { prices: wave(8), plan: once({ 1: ({ long }) => { long.open({ qty: 1 }) }, 3: ({ long }) => { long.close(); long.open({ qty: 2 }) } }) },
    { prices: wave(8), plan: once({ 1: ({ long }) => { long.open({ qty: 1 }) }, 3: ({ long }) => { long.close() }, 5: ({ long }) => { long.open({ qty: 2 }) } }) }],
  ['no-slippage', rounds(2), { ...rounds(2), options: { sim: { slippage: { bps: 2 } } } }],
  ['no-funding', { ...rounds(2), exchange: { profile: 'bybit-uta' } }, { ...rounds(2), exchange: { profile: 'bybit-uta' }, options: { funding: FUNDING } }],
  ['mark-is-last', rounds(2), { ...rounds(2), options: { marks: { X: rowsOf(rounds(2)) } } }],
  ['liquidated', { prices: [100, 100, 100, 90, 50, 40], plan: once({ 1: ({ long }) => { long.open({ qty: 900 }) } }), exchange: { profile: 'bybit-uta', leverage: 10 } }, rounds(2)],
  ['near-liquidation', { prices: [100, 100, 100, 92, 90.5, 95], plan: once({ 1: ({ long }) => { long.open({ qty: 900 }) } }), exchange: { profile: 'bybit-uta', leverage: 10 } },
    { prices: [100, 100, 100, 92, 90.5, 95], plan: once({ 1: ({ long }) => { long.open({ qty: 90 }) } }), exchange: { profile: 'bybit-uta', leverage: 10 } }],
  ['locked-loss', { prices: [110, 110, 110, 90, 90, 90, 90], plan: once({ 0: ({ long }) => { long.open({ qty: 20 }) }, 4: ({ short }) => { short.open({ qty: 20 }) } }) },
    { prices: [90, 90, 90, 110, 110, 110, 110], plan: once({ 0: ({ long }) => { long.open({ qty: 20 }) }, 4: ({ short }) => { short.open({ qty: 20 }) } }) }],
  ['costs', { ...rounds(2), exchange: { fee: '0.008' } }, { ...rounds(2), exchange: { fee: '0.0001' } }],
  ['short-never-pays', { prices: wave(40), plan: (strategy, index) => { rides('long')(strategy, index); if (index % 4 === 0) strategy.short.open({ qty: 0.5 }); if (index % 4 === 2) strategy.short.close() } }, rounds(10)],
  ['long-never-pays', { prices: wave(40), plan: (strategy, index) => { if (index % 4 === 2) strategy.short.open({ qty: 1 }); if (index % 4 === 0) strategy.short.close(); if (index % 4 === 2) strategy.long.open({ qty: 0.5 }); if (index % 4 === 0) strategy.long.close() } }, rounds(10)],
  ['gap-in-trade', { prices: flat(9), plan: once({ 1: ({ long }) => { long.open({ qty: 1 }) }, 6: ({ long }) => { long.close() } }), without: [4], options: { sim: { maxGapMinutes: 5 } } },
    { prices: flat(9), plan: once({ 1: ({ long }) => { long.open({ qty: 1 }) }, 2: ({ long }) => { long.close() } }), without: [6], options: { sim: { maxGapMinutes: 5 } } }],
]

describe('criticism of a run', () => {
  it.each(CASES)('%s', async (id, provokes, doesNot) => {
    const [found, other] = [await said(provokes), await said(doesNot)]
    expect(idsOf(found)).toContain(id)
    expect(idsOf(other)).not.toContain(id)
    for (const { headline, found: how, remedy } of [...found, ...other]) {
      expect(`${headline} ${how} ${remedy}`).not.toMatch(/NaN|undefined|null|Infinity/)
      for (const sentence of [headline, how, remedy]) expect(sentence).toMatch(/[.`]$/)
    }
  })

  it('parameter-edge', async () => {
    class Tuned extends Strategy<typeof Tuned.params> {
      static params = z.object({ fast: z.int().min(2).max(50).default(8) })
      onBar() { if (this.index === 1) this.long.open({ qty: 1 }) }
    }
    const run = async (fast: number): Promise<readonly Criticism[]> => said({ prices: flat(5), plan: () => {}, options: { routes: [{ symbol: 'X', timeframe: '1m', strategy: Tuned, params: { fast } }] } })
    expect((await run(2)).find(({ id }) => id === 'parameter-edge')?.found).toBe('fast is 2, the smallest of 2 to 50.')
    expect((await run(50)).find(({ id }) => id === 'parameter-edge')?.found).toBe('fast is 50, the largest of 2 to 50.')
    expect(idsOf(await run(8))).not.toContain('parameter-edge')
  })

  it('synthetic', async () => {
    const candles = { X: synthesizeCandles({ seed: 1, start: START, count: 60 }) }
    expect(idsOf(await said({ prices: [], plan: both, options: { candles } }))).toContain('synthetic')
    expect(idsOf(await said({ prices: flat(5), plan: both }))).not.toContain('synthetic')
  })

  it('says what matters most first', async () => {
    const severities = (await said({ prices: [100, 100, 100, [100, 102, 98, 101], 101], plan: oneRung })).map(({ severity }) => severity)
    expect(severities).toEqual(severities.toSorted((a, b) => ['severe', 'warning', 'note'].indexOf(a) - ['severe', 'warning', 'note'].indexOf(b)))
  })

  it('tells the share of the winnings that came from inside single candles', async () => {
    const items = await said({ prices: [100, 100, 100, [100, 102, 98, 101], 101], plan: oneRung })
    expect(items.find(({ id }) => id === 'inside-one-candle')).toMatchObject({ severity: 'severe', headline: '100.0 % of what was won came from 1 round trip opened and closed inside one candle.' })
  })
})
