/** What the hedge bought: three more runs of the same strategy, each the same as one made by hand. */
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, counterfactual, synthesizeCandles, type BacktestOptions, type BacktestResult, type Counterfactual } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import EmaHedge from '../examples/ema-hedge.ts'

const candles = synthesizeCandles({ seed: 3, start: Date.UTC(2024, 0, 1), count: 6 * 1440 })

function optionsOf(strategy: BacktestOptions['routes'][number]['strategy'], more: Partial<BacktestOptions> = {}): BacktestOptions {
  return {
    exchange: { profile: 'bybit-uta', positionMode: 'hedge', leverage: 3, startingBalance: '10000' },
    routes: [{ symbol: 'ETHUSDT', timeframe: '15m', strategy }], candles: { ETHUSDT: candles }, ...more,
  }
}

const ofKind = ({ counterfactuals }: BacktestResult, kind: Counterfactual['kind']): Counterfactual | undefined => counterfactuals.find((row) => row.kind === kind)

/** Everything but the trades, as text. */
function said({ metrics, legs, counts, equity, journalHash }: Pick<BacktestResult, 'metrics' | 'legs' | 'counts' | 'equity' | 'journalHash'>): string {
  return JSON.stringify({ metrics, legs, counts, equity, journalHash })
}

class BothAtOnce extends Strategy {
  shouldLong() { return this.index === 3 }
  shouldShort() { return this.index === 3 }
  goLong() { this.buy = [1, this.price] }
  goShort() { this.sell = [1, this.price] }
}

describe('counterfactual runs', () => {
  it('are the runs that one would make by hand', async () => {
    const result = await counterfactual(optionsOf(EmaHedge))
    const base = optionsOf(EmaHedge)
    const byHand = {
      'without-short': await backtest({ ...base, refuseLeg: 'short' }),
      'without-long': await backtest({ ...base, refuseLeg: 'long' }),
      'one-way': await backtest({ ...base, exchange: { ...base.exchange, positionMode: 'one-way' } }),
    }
    expect(result.journalHash).toBe((await backtest(base)).journalHash)
    expect(result.counterfactuals.map(({ kind }) => kind)).toEqual(Object.keys(byHand))
    for (const [kind, run] of Object.entries(byHand)) {
      const other = result.counterfactuals.find((row) => row.kind === kind)?.run
      expect(other === null || other === undefined ? null : said(other)).toBe(said(run))
    }
    expect(new Set([result.journalHash, ...result.counterfactuals.map(({ run }) => run?.journalHash)]).size, 'all of them differ').toBe(4)
  })

  it('a refused leg never opens, each attempt is denied with its code, and the other leg trades', async () => {
    const { trades, events, openPositions } = await backtest(optionsOf(EmaHedge, { refuseLeg: 'short' }))
    expect([...trades, ...openPositions].filter(({ leg }) => leg === 'short')).toEqual([])
    expect(trades.length).toBeGreaterThan(0)
    const denied = events.filter((event) => event.type === 'order.denied')
    expect(denied.length).toBeGreaterThan(0)
    expect(new Set(denied.map(({ code, leg }) => `${code} ${leg}`))).toEqual(new Set(['LEG_REFUSED short']))
  })

  it('a strategy that cannot run in one-way mode says why, and the others are there', async () => {
    const result = await counterfactual(optionsOf(BothAtOnce))
    expect(ofKind(result, 'one-way')?.run).toBeNull()
    expect(ofKind(result, 'one-way')?.reason).toContain('CONFLICTING_RULES')
    expect(ofKind(result, 'without-short')?.run?.metrics.count).toBe(1)
    expect(ofKind(result, 'without-long')?.run?.metrics.count).toBe(1)
  })

  it.each([
    ['one-way mode', { exchange: { positionMode: 'one-way' } }, /positionMode: 'one-way'.*hedge/],
    ['a refused leg', { refuseLeg: 'long' }, /refuseLeg: 'long'/],
  ] as const)('%s leaves nothing to compare with', async (_name, more, message) => {
    await expect(counterfactual(optionsOf(EmaHedge, more))).rejects.toThrow(message)
  })

  it('are in result.json, and absent where nobody asked', async () => {
    const without: unknown = (await backtest(optionsOf(EmaHedge))).toJSON()
    expect(without).not.toHaveProperty('counterfactuals')
    const result: unknown = (await counterfactual(optionsOf(EmaHedge))).toJSON()
    expect(result).toHaveProperty('counterfactuals[2].kind', 'one-way')
    expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity/)
  })
})
