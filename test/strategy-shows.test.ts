/** What a strategy shows of its run: charts, its watch list, metrics and daily balances so far. */
import type { PositionMode } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, synthesizeCandles, type BacktestOptions, type BacktestResult } from 'hedgerow'
import { describe, expect, it } from 'vitest'

const MODES: readonly PositionMode[] = ['one-way', 'hedge']
const START = Date.UTC(2024, 0, 1)
const HOUR = 3_600_000
const candles = synthesizeCandles({ seed: 3, start: START, count: 3 * 1440 })

function run(strategy: BacktestOptions['routes'][number]['strategy'], positionMode: PositionMode = 'hedge', end: number = START + 3 * 24 * HOUR, name: string = strategy.name): Promise<BacktestResult> {
  return backtest({
    exchange: { profile: 'bybit-uta', positionMode, leverage: 3, startingBalance: '10000' }, routes: [{ symbol: 'ETHUSDT', timeframe: '1h', strategy, name }],
    candles: { ETHUSDT: candles }, warmupCandles: 0, end,
  })
}

/** Opens and closes a leg every few hours, never at midnight; both where the mode allows it. */
class Busy extends Strategy {
  onBar() {
    const legs = this.positionMode === 'hedge' ? [this.long, this.short] : [this.long]
    for (const leg of legs) {
      if (this.index % 6 === 0 && leg.isFlat) leg.open({ qty: leg.leg === 'long' ? 1 : 0.5 })
      if (this.index % 6 === 4 && leg.isOpen) leg.close()
    }
  }
}

describe('charts', () => {
  class Painter extends Busy {
    after() {
      this.addLineToCandleChart('price', -1)
      this.addLineToCandleChart('price', this.price, { color: 'green' })
      if (this.index % 2 === 0) this.addExtraLineChart('net', 'long', this.long.qty)
      this.addExtraLineChart('net', 'short', this.short.qty)
      this.addExtraLineChartHorizontalLine('net', 'most', this.index, { lineStyle: 'dashed', lineWidth: 2 })
      this.addHorizontalLineToCandleChart('entry', 100)
    }
  }

  it.each(MODES)('%s: are columns in the result, one value a line and moment', async (positionMode) => {
    const result = await run(Painter, positionMode, START + 6 * HOUR)
    const [onCandles, net] = result.charts['Painter'] ?? []
    expect(onCandles).toMatchObject({ symbol: 'ETHUSDT', name: null, levels: [{ title: 'entry', value: 100, color: null, lineWidth: 1, lineStyle: 'solid' }] })
    expect(onCandles?.lines.map(({ title, color }) => `${title} ${color}`)).toEqual(['price green'])
    expect([...(onCandles?.lines[0]?.time ?? [])]).toEqual([1, 2, 3, 4, 5, 6].map((hour) => START + hour * HOUR))
    expect([...(onCandles?.lines[0]?.value ?? [])]).toEqual([1, 2, 3, 4, 5, 6].map((hour) => candles.close[hour * 60 - 1]))
    expect(net?.lines.map(({ title, time, value }) => `${title} ${time.length} ${value.length}`)).toEqual(['long 3 3', 'short 6 6'])
    expect([...(net?.lines[0]?.value ?? [])]).toEqual([0, 1, 1])
    expect(net?.levels).toEqual([{ title: 'most', value: 5, color: null, lineWidth: 2, lineStyle: 'dashed', at: START + 6 * HOUR }])
    expect(result.toJSON()['charts']).toMatchObject({ Painter: [{ lines: [{ title: 'price' }] }, { lines: [{ value: [0, 1, 1] }, {}] }] })
  })

  it('change nothing of the run, and are absent where nothing was drawn', async () => {
    const [drawn, plain] = [await run(Painter), await run(Busy, 'hedge', undefined, 'Painter')]
    expect(drawn.journalHash).toBe(plain.journalHash)
    expect(drawn.charts['Painter']?.[0]?.lines[0]?.time.length).toBe(72)
    expect(plain.charts).toEqual({})
    expect(plain.toJSON()).not.toHaveProperty('charts')
  })

  it('refuse what is no number', async () => {
    class Wrong extends Strategy { after() { this.addExtraLineChart('net', 'ratio', this.index / 0) } }
    await expect(run(Wrong)).rejects.toThrow(/net chart, ratio\] DECLARATION_INVALID/)
  })
})

describe('the watch list', () => {
  it.each(MODES)('%s: is that of the end of the run', async (positionMode) => {
    class Watched extends Busy {
      watchList() { return [['bars', this.index + 1], ['long', this.long.isOpen], ['mode', this.positionMode]] as const }
    }
    expect((await run(Watched, positionMode)).watchLists).toEqual({ Watched: [['bars', 72], ['long', false], ['mode', positionMode]] })
  })
})

describe('metrics so far', () => {
  it.each(MODES)('%s: at the end are those of the result, and reading them changes nothing', async (positionMode) => {
    const seen: { readonly daily: readonly number[]; readonly count: number; readonly netPnl: string }[] = []
    class Reading extends Busy {
      before() { seen.push({ daily: this.dailyBalances, count: this.metrics.count, netPnl: this.metrics.netPnl.toFixed() }) }
      terminate() { this.before() }
    }
    const [read, plain] = [await run(Reading, positionMode), await run(Busy, positionMode, undefined, 'Reading')]
    expect(JSON.stringify(read)).toBe(JSON.stringify(plain))
    const last = seen.at(-1)
    expect([last?.count, last?.netPnl]).toEqual([read.metrics.count, read.metrics.netPnl.toFixed()])
    expect(seen.map(({ daily }) => daily.length).filter((length, index, all) => length !== all[index - 1])).toEqual([1, 2, 3, 4])
    expect(last?.daily).toEqual(read.equity.filter(({ at }) => at % (24 * HOUR) === 0).map(({ equity }) => equity.toNumber()))
  })
})
