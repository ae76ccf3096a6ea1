/** The options of the engine through the public door: what each changes in a run, and the flag that sets it. */
import { decimalText } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, type BacktestOptions, type BacktestResult, type CandleRow, type StrategyClass } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { readFlags } from '../apps/runner/src/config/flags.ts'
import { summaryText } from '../apps/runner/src/output/summary.ts'

const START = Date.UTC(2024, 0, 1)

/** Candles of one minute: open, high, low, close, and 1000 of volume where none is named. */
const rows = (...bars: readonly (readonly [number, number, number, number, number?])[]): CandleRow[] =>
  bars.map(([open, high, low, close, volume = 1000], index) => [START + index * 60_000, open, high, low, close, volume])
const flat = (count: number, price: number = 100): [number, number, number, number][] => Array.from({ length: count }, () => [price, price, price, price])

/** Both legs at bar 1. */
class Both extends Strategy {
  override onBar(): void {
    if (this.index !== 1) return
    this.long.open({ qty: 1 })
    this.short.open({ qty: 1 })
  }
}

interface Given extends Omit<Partial<BacktestOptions>, 'candles'> {
  readonly strategy?: StrategyClass
  readonly candles?: readonly CandleRow[]
}

const run = ({ strategy = Both, candles = rows(...flat(10)), exchange = {}, ...more }: Given): Promise<BacktestResult> => backtest({
  exchange: { profile: 'exact', positionMode: 'hedge', startingBalance: '10000', ...exchange }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy }],
  instruments: [{ symbol: 'XUSDT', tickSize: '0.1', qtyStep: '0.1' }], warmupCandles: 0, ...more, candles: { XUSDT: candles },
})

const fills = ({ events }: BacktestResult): string[] => events.flatMap((event) => (event.type === 'order.filled' ? [`${(event.at - START) / 1000} ${event.intent} ${event.leg} ${decimalText(event.qty)} @ ${decimalText(event.price)} ${event.role}`] : []))

/** Time and intent of every fill but the first. */
const exits = (result: BacktestResult): string[] => fills(result).slice(1).map((text) => text.split(' ').slice(0, 2).join(' '))

/** How each trade ended. */
const ended = (result: BacktestResult): string[] => result.trades.map(({ leg, exitReason }) => `${leg} ${exitReason}`)
const reasons = ({ events }: BacktestResult): string[] => events.flatMap((event) => (event.type === 'order.canceled' ? [`${event.orderId} ${event.reason}`] : []))

/** What a typed flag becomes. */
const flag = (name: string, text: string): unknown => Object.fromEntries(readFlags({ [name]: text }).values)

describe('sim.latencyMs', () => {
  it('moves every order of a strategy, and only then', async () => {
    const candles = rows(...flat(2), [100, 106, 100, 106], ...flat(3, 106))
    const [now, late] = [await run({ candles }), await run({ candles, sim: { latencyMs: 30_000 } })]
    expect(fills(now).slice(0, 2)).toEqual(['120 open long 1 @ 100 entry', '120 open short 1 @ 100 entry'])
    expect(fills(late).slice(0, 2)).toEqual(['150 open long 1 @ 103 entry', '150 open short 1 @ 103 entry'])
    expect(late.header.sim.latencyMs).toBe(30_000)
  })

  it('is --latency-ms; a part of a millisecond is refused', async () => {
    expect(flag('latencyMs', '250')).toEqual({ 'sim.latencyMs': 250 })
    await expect(run({ sim: { latencyMs: 0.5 } })).rejects.toThrow(/CONFIG_INVALID.*sim\.latencyMs|sim\.latencyMs.*CONFIG_INVALID/)
  })
})

describe('sim.triggerBy and indexes', () => {
  /** A long with a stop at 95. */
  class Stopped extends Strategy {
    override onBar(): void {
      if (this.index === 1) this.long.open({ qty: 1 })
      if (this.index === 2) this.long.close({ trigger: 95 })
    }
  }
  /** The same, declared, with a trigger of its own. */
  class ByMark extends Strategy {
    override onBar(): void {
      if (this.index === 1) this.long.open({ qty: 1 })
      if (this.index === 2) this.long.stopLoss = { qty: 'all', trigger: 95, triggerBy: 'mark' }
    }
  }
  class ByIndex extends Strategy {
    override onBar(): void {
      if (this.index === 1) this.long.open({ qty: 1 })
      if (this.index === 2) this.long.close({ trigger: 95, triggerBy: 'index' })
    }
  }
  const candles = rows(...flat(10))
  const dipAt = (minute: number): CandleRow[] => candles.map((row, index) => (index === minute ? [row[0], 100, 100, 94, 100, 0] : row))
  const given = { candles, marks: { XUSDT: dipAt(5) }, indexes: { XUSDT: dipAt(7) }, closeAtEnd: false }

  it('fires by the series that the run or the order names, and fills at the last price', async () => {
    expect(exits(await run({ ...given, strategy: Stopped }))).toEqual([])
    const byMark = await run({ ...given, strategy: Stopped, sim: { triggerBy: 'mark' } })
    expect(fills(byMark)).toEqual(['120 open long 1 @ 100 entry', '316.666 close long 1 @ 100 stop-loss'])
    expect(exits(await run({ ...given, strategy: Stopped, sim: { triggerBy: 'index' } }))).toEqual(['436.666 close'])
    expect(exits(await run({ ...given, strategy: ByMark }))).toEqual(['316.666 close'])
    const byIndex = await run({ ...given, strategy: ByIndex })
    expect(exits(byIndex)).toEqual(['436.666 close'])
    expect(byIndex.events.flatMap((event) => (event.type === 'order.triggered' ? [`${event.triggerBy} ${decimalText(event.price)}`] : []))).toEqual(['index 95'])
  })

  it('without an index series never falls back on another', async () => {
    const { indexes: _, ...without } = given
    await expect(run({ ...without, strategy: Stopped, sim: { triggerBy: 'index' } })).rejects.toThrow(/sim\.triggerBy, XUSDT\] INDEX_MISSING.*`indexes`/)
    await expect(run({ ...without, strategy: ByIndex })).rejects.toThrow(/XUSDT\] INDEX_MISSING/)
    await expect(run({ ...given, indexes: { XUSDT: dipAt(7).slice(0, 8) }, strategy: ByIndex })).rejects.toThrow(/indexes of XUSDT\] DATA_GAP.*00:08Z/)
    await expect(run({ ...given, indexes: { YUSDT: dipAt(7) } })).rejects.toThrow(/indexes\] UNKNOWN_SYMBOL/)
    expect((await run({ candles, strategy: Stopped, sim: { triggerBy: 'mark' } })).warnings.map(({ code }) => code)).toContain('MARK_IS_LAST')
  })

  it('is bound by what the venue can trigger by', async () => {
    await expect(run({ ...given, exchange: { profile: 'binance-usdm' }, sim: { triggerBy: 'index' } })).rejects.toThrow(/sim\.triggerBy, driver binance\] CONFIG_INVALID.*Found: index.*last, mark/)
  })

  it('are --trigger-by and --indexes', () => {
    expect(flag('triggerBy', 'mark')).toEqual({ 'sim.triggerBy': 'mark' })
    expect(() => flag('triggerBy', 'bid')).toThrow(/--trigger-by\].*last or mark or index/)
    expect(readFlags({ indexes: ['XUSDT=index.csv'] }).files.indexes).toEqual([{ symbol: 'XUSDT', path: 'index.csv' }])
  })
})

describe('exchange.leverage by leg', () => {
  it('margins each leg by its own where the profile allows it', async () => {
    const result = await run({ exchange: { profile: 'bybit-uta', marginMode: 'isolated', leverage: { long: 2, short: 10 } }, candles: rows(...flat(3), [100, 112, 100, 112], ...flat(3, 112)), closeAtEnd: false, sim: { slippage: 'none' } })
    expect(result.trades.map(({ leg, exitReason }) => `${leg} ${exitReason}`)).toEqual(['short liquidation'])
    expect(result.openPositions.map(({ leg }) => leg)).toEqual(['long'])
    expect([decimalText(result.header.leverage.long), decimalText(result.header.leverage.short)]).toEqual(['2', '10'])
  })

  it('is --leverage long,short', () => {
    expect([flag('leverage', '3'), flag('leverage', '2,10')]).toEqual([{ 'exchange.leverage': '3' }, { 'exchange.leverage': { long: '2', short: '10' } }])
    expect(() => flag('leverage', '1,2,3')).toThrow(/--leverage\].*long,short/)
  })
})

describe('the modes of a venue', () => {
  it('bind a backtest under a profile of its driver, whether named or passed', async () => {
    const { oneWayVenue } = await import('./support/one-way-venue.ts')
    const [profile] = oneWayVenue.profiles
    for (const named of ['one-way-venue', profile]) {
      const attempt = (exchange: BacktestOptions['exchange']): Promise<BacktestResult> => run({ drivers: [oneWayVenue], exchange: { ...exchange, ...(named !== undefined && { profile: named }) } })
      await expect(attempt({ positionMode: 'hedge' })).rejects.toThrow(/exchange\.positionMode, driver one-way-venue\] MODE_UNSUPPORTED.*Found: hedge.*a mode that Venue has: one-way/)
      await expect(attempt({ positionMode: 'one-way', marginMode: 'isolated' })).rejects.toThrow(/exchange\.marginMode, driver one-way-venue\] MODE_UNSUPPORTED.*Found: isolated.*cross/)
      expect((await attempt({ positionMode: 'one-way' })).counts.fills).toBe(2)
    }
  })
})

describe('flags of other simulation keys', () => {
  it('become their values', () => {
    expect([flag('volumeShare', '0.05'), flag('limitFill', 'touch'), flag('onStopPassed', 'reject'), flag('maxGapMinutes', '1.5')]).toEqual([
      { 'sim.volumeShare': '0.05' }, { 'sim.limitFill': 'touch' }, { 'sim.onStopPassed': 'reject' }, { 'sim.maxGapMinutes': 1.5 },
    ])
  })
})

describe('sim.stp, sim.adl, exchange.autoAddMargin, sim.slippage by impact, sim.clampToRange', () => {
  /** A long bid rests at 99, where the price stops; the short then sells into it. */
  class Crossing extends Strategy {
    override onBar(): void {
      if (this.index === 1) this.long.open({ qty: 1, price: 99 })
      if (this.index === 3) this.short.open({ qty: 1 })
    }
  }
  class Tagged extends Crossing {
    override onBar(): void {
      if (this.index === 3) this.short.open({ qty: 1, stp: 'cancel-taker' })
      else super.onBar()
    }
  }
  /** Both legs when there are returns to measure. */
  class Later extends Strategy {
    override onBar(): void {
      if (this.index !== 5) return
      this.long.open({ qty: 1 })
      this.short.open({ qty: 1 })
    }
  }
  const falling = rows(...flat(3), [100, 100, 99, 99], ...flat(4, 99))

  it('own orders do not meet, or the rule cancels', async () => {
    const given = { candles: falling, closeAtEnd: false }
    expect(fills(await run({ ...given, strategy: Crossing }))).toEqual(['240 open short 1 @ 99 entry'])
    const prevented = await run({ ...given, strategy: Crossing, sim: { stp: 'cancel-maker' } })
    expect([fills(prevented), reasons(prevented)]).toEqual([['240 open short 1 @ 99 entry'], ['1 self-trade']])
    expect(reasons(await run({ ...given, strategy: Tagged, sim: { stp: 'cancel-maker' } }))).toEqual(['2 self-trade', '1 end-of-run'])
    expect(flag('stp', 'cancel-both')).toEqual({ 'sim.stp': 'cancel-both' })
  })

  it('auto-deleveraging is an event and a trade of its own, in both legs\' account', async () => {
    const candles = rows(...flat(3), [100, 104, 100, 104], ...flat(4, 104))
    const result = await run({ candles, sim: { adl: { rate: 1 } } })
    expect(result.events.flatMap((event) => (event.type === 'account.deleveraged' ? [`${event.symbol} ${event.leg} ${decimalText(event.mark)}`] : []))).toEqual(['XUSDT long 104'])
    expect(result.trades.map(({ leg, exitReason, fees }) => `${leg} ${exitReason} ${decimalText(fees)}`)).toEqual(['long adl 0.0708', 'short end-of-run 0.102'])
    expect(result.warnings.map(({ code }) => code)).toContain('DELEVERAGED')
    expect((await run({ candles })).trades.map(({ exitReason }) => exitReason)).toEqual(['end-of-run', 'end-of-run'])
    expect([flag('adlRate', '0.1'), flag('adlMove', '0.02'), flag('adlSeed', '7')]).toEqual([{ 'sim.adl.rate': '0.1' }, { 'sim.adl.move': '0.02' }, { 'sim.adl.seed': 7 }])
    await expect(run({ sim: { adl: { rate: 2 } } })).rejects.toThrow(/sim\.adl\.rate\].*from 0 to 1/)
  })

  it('margin is added to an isolated leg, where the profile has that', async () => {
    const candles = rows(...flat(3), [100, 112, 100, 112], ...flat(4, 112))
    const exchange = { profile: 'bybit-uta', marginMode: 'isolated', leverage: 10 } as const
    expect(ended(await run({ candles, exchange }))).toEqual(['short liquidation', 'long end-of-run'])
    const added = await run({ candles, exchange: { ...exchange, autoAddMargin: true } })
    expect(ended(added)).toEqual(['long end-of-run', 'short end-of-run'])
    expect(added.events.flatMap((event) => (event.type === 'margin.moved' ? [`${event.leg} ${event.amount.toNumber() > 10}`] : []))).toEqual(['short true'])
    for (const [profile, marginMode] of [['binance-usdm', 'isolated'], ['bybit-uta', 'cross']] as const) {
      await expect(run({ exchange: { profile, marginMode, autoAddMargin: true } })).rejects.toThrow(/exchange\.autoAddMargin\] CONFIG_INVALID.*bybit-uta/)
    }
    expect(readFlags({ autoAddMargin: true }).values.get('exchange.autoAddMargin')).toBe(true)
  })

  it('impact costs by size and volume; the range of the candle may end it', async () => {
    const candles = rows(...Array.from({ length: 8 }, (_, index): [number, number, number, number, number] => (index % 2 === 0 ? [100, 101, 100, 101, 4] : [101, 101, 100, 100, 4])))
    const opened = async (sim: NonNullable<BacktestOptions['sim']>): Promise<string[]> => fills(await run({ strategy: Later, candles, sim })).slice(0, 2).map((text) => text.split(' ').slice(2, 6).join(' '))
    expect(await opened({ slippage: { impact: 6 } })).toEqual(['long 1 @ 103.3', 'short 1 @ 96.7'])
    expect(await opened({ slippage: { impact: 6 }, clampToRange: true })).toEqual(['long 1 @ 101', 'short 1 @ 100'])
    expect([flag('slippage', '0.5impact'), readFlags({ clampToRange: true }).values.get('sim.clampToRange')]).toEqual([{ 'sim.slippage': { impact: '0.5' } }, true])
  })
})

describe('sim.bracket', () => {
  /** A long with a stop and a target that one candle reaches both. */
  class Undecided extends Strategy {
    override onBar(): void {
      if (this.index === 1) this.long.open({ qty: 1, takeProfit: 105, stopLoss: 95 })
    }
  }
  const candles = rows(...flat(4), [100, 106, 94, 100], ...flat(4))

  it('shows both extremes beside the headline result, which it does not change', async () => {
    const plain = await run({ candles, strategy: Undecided })
    const { bracket, journalHash } = await run({ candles, strategy: Undecided, sim: { bracket: true } })
    expect([plain.bracket, journalHash]).toEqual([null, plain.journalHash])
    expect([bracket?.olhc, bracket?.ohlc].map((one) => (one === undefined ? null : [decimalText(one.metrics.grossPnl), decimalText(one.endingBalance.minus('10000').plus(one.metrics.fees)), one.legs.long.metrics.count, one.counts.ambiguousCandles]))).toEqual([['-5', '-5', 1, 1], ['5', '5', 1, 1]])
    expect(bracket?.olhc.journalHash).toBe(journalHash)
    expect(bracket?.ohlc.journalHash).toBe((await run({ candles, strategy: Undecided, sim: { path: 'ohlc' } })).journalHash)
  })

  it('is in the JSON and the summary, and is --bracket', async () => {
    const result = await run({ candles, strategy: Undecided, sim: { bracket: true } })
    expect(result.toJSON()).toMatchObject({ bracket: { olhc: { metrics: { grossPnl: '-5' } }, ohlc: { metrics: { grossPnl: '5' } } } })
    expect(summaryText(result, { paint: (_style, text) => text, folder: null, files: [] })).toMatch(/Bracket +9,994\.\d\d \(-0\.05 %\) along O-L-H-C, 10,004\.\d\d \(\+0\.05 %\) along O-H-L-C/)
    expect(readFlags({ bracket: true }).values.get('sim.bracket')).toBe(true)
  })
})
