/** Profile `jesse`: bars, the gap fix, what a strategy sees of longer bars and what its indicators see. */
import { Strategy, ta } from '@hedgerow/strategy-sdk'
import { backtest } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { after, candles, fills, jesse, minuteOf, mirrored, mirroredMinute, MODES, MODES_AND_LEGS, START, still, SYMBOL, type Minute } from '../support/jesse.ts'

/** Writes down each bar as it was called: when, and what the bar was. */
function diary(): { readonly lines: string[]; readonly strategy: new () => Strategy } {
  const lines: string[] = []
  return {
    lines,
    strategy: class Diary extends Strategy {
      before(): void { lines.push(`${minuteOf(this.time)}: ${this.open} ${this.high} ${this.low} ${this.close}`) }
    },
  }
}

/** Minute n opens at 100 + n, closes at 101 + n and reaches one further both ways. */
const climb = (count: number): Minute[] => Array.from({ length: count }, (_, n) => [100 + n, 102 + n, 99 + n, 101 + n])

describe.each(MODES)('bars, %s', (mode) => {
  it('larger timeframes count from the first candle, not from the hour', async () => {
    // Candles from 00:03. Five minutes close at 00:08 and 00:13; the last two minutes are no bar.
    const { lines, strategy } = diary()
    await jesse({ mode, strategy, timeframe: '5m', candles: { [SYMBOL]: candles(climb(12), { start: after(3) }) } })
    expect(lines).toEqual(['8: 100 106 99 105', '13: 105 111 104 110'])
  })

  it('they count from the start of trading where warm-up candles lie before it', async () => {
    // Candles from 00:00, trading from 00:07: 00:12 is the first close; of the seven minutes before, the last five are one bar of warm-up.
    const { lines, strategy } = diary()
    const lengths: number[] = []
    class Counted extends strategy {
      after(): void { lengths.push(this.candles.length) }
    }
    await jesse({ mode, strategy: Counted, timeframe: '5m', minutes: climb(17), start: after(7), warmupCandles: 1 })
    expect(lines).toEqual(['12: 107 113 106 112', '17: 112 118 111 117'])
    expect(lengths).toEqual([2, 3])
  })

  it('two routes count their bars from the same minute', async () => {
    const [fast, slow] = [diary(), diary()]
    await jesse({
      mode, minutes: climb(8), start: after(1),
      routes: [{ symbol: SYMBOL, timeframe: '2m', strategy: fast.strategy, name: 'fast', legs: ['long'] }, { symbol: SYMBOL, timeframe: '3m', strategy: slow.strategy, name: 'slow', legs: ['short'] }],
    })
    expect(fast.lines.map((line) => line.split(':')[0])).toEqual(['3', '5', '7'])
    expect(slow.lines.map((line) => line.split(':')[0])).toEqual(['4', '7'])
  })
})

describe.each(MODES)('the gap fix, %s', (mode) => {
  it('a candle opens at the previous close, and its range is widened to include it', async () => {
    const { lines, strategy } = diary()
    await jesse({ mode, strategy, minutes: [[100, 101, 99, 100], [90, 92, 88, 91], [95, 96, 94, 95], [95, 97, 93, 96]] })
    expect(lines).toEqual([
      '1: 100 101 99 100',
      '2: 100 100 88 91', // opened at 90, below 100: the high rises from 92 to 100
      '3: 91 96 91 95', // opened at 95, above 91: the low falls from 94 to 91
      '4: 95 97 93 96', // no gap
    ])
  })

  it('longer bars are built from candles without gaps', async () => {
    const { lines, strategy } = diary()
    await jesse({ mode, strategy, timeframe: '2m', minutes: [still(100), [90, 92, 88, 91], [95, 96, 94, 95], still(95)] })
    expect(lines).toEqual(['2: 100 100 88 91', '4: 91 96 91 95'])
  })
})

describe.each(MODES_AND_LEGS)('no slippage in a gap, %s, %s leg', (mode, leg) => {
  class Stopped extends Strategy {
    shouldLong(): boolean { return leg === 'long' && this.index === 0 }
    shouldShort(): boolean { return leg === 'short' && this.index === 0 }
    goLong(): void { this.buy = [1, 100]; this.stopLoss = [1, 95] }
    goShort(): void { this.sell = [1, 100]; this.stopLoss = [1, 105] }
  }

  it('a stop at 95 fills at 95 on an open of 90', async () => {
    const minutes: Minute[] = [still(100), mirroredMinute(leg, [90, 92, 88, 91])]
    const result = await jesse({ mode, strategy: Stopped, minutes })
    expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`, `2 ${leg} close 1 @ ${mirrored(leg, 95)}`])
    expect(result.trades.map(({ netPnl, exitReason }) => [netPnl.toFixed(), exitReason])).toEqual([['-5', 'stop-loss']])
  })
})

describe.each(MODES)('forming candles, %s', (mode) => {
  class Reader extends Strategy {
    static seen: string[] = []
    after(): void {
      const bars = this.getCandles(SYMBOL, '3m')
      const { open, high, low, close, volume } = bars.at(-1)
      Reader.seen.push(`${minuteOf(this.time)}: ${bars.length} bars, ${open} ${high} ${low} ${close} ${volume}`)
    }
  }
  // climb: minute n is 100+n, 102+n, 99+n, 101+n; each has a volume of 1000.
  const FORMING = [
    '1: 1 bars, 100 102 99 101 1000', '2: 1 bars, 100 103 99 102 2000', '3: 1 bars, 100 104 99 103 3000', '4: 2 bars, 103 105 102 104 1000',
  ]

  it('getCandles of a larger timeframe ends with the forming candle, with a warning', async () => {
    Reader.seen = []
    const { warnings } = await jesse({ mode, strategy: Reader, minutes: climb(4), dataRoutes: [{ symbol: SYMBOL, timeframe: '3m' }] })
    expect(Reader.seen).toEqual(FORMING)
    expect(warnings.map(({ code }) => code)).toContain('FORMING_CANDLES')
  })

  it('also where another route trades that timeframe, which itself sees closed bars', async () => {
    Reader.seen = []
    const slow = diary()
    const { warnings } = await jesse({
      mode, minutes: climb(4),
      routes: [{ symbol: SYMBOL, timeframe: '1m', strategy: Reader, legs: ['long'] }, { symbol: SYMBOL, timeframe: '3m', strategy: slow.strategy, legs: ['short'] }],
    })
    expect(Reader.seen).toEqual(FORMING)
    expect(slow.lines).toEqual(['3: 100 104 99 103'])
    expect(warnings.map(({ code }) => code)).toContain('FORMING_CANDLES')
  })

  it('bars as long as the route’s are closed, and nothing is warned of', async () => {
    const { lines, strategy } = diary()
    const { warnings } = await jesse({ mode, strategy, timeframe: '2m', minutes: climb(4), dataRoutes: [{ symbol: SYMBOL, timeframe: '1m' }] })
    expect(lines).toEqual(['2: 100 103 99 102', '4: 102 105 101 104'])
    expect(warnings.map(({ code }) => code)).not.toContain('FORMING_CANDLES')
  })
})

describe.each(MODES)('indicators, %s', (mode) => {
  it('see the last warmupCandles bars only, unless asked for the whole series', async () => {
    const seen: [current: number, whole: number | undefined][] = []
    class Averaged extends Strategy {
      after(): void { seen.push([ta.ema(this.candles, 3), ta.ema.series(this.candles, 3).at(-1)]) }
    }
    // Closes 40, 8, 8, 8 warm up; 16 and 20 are traded. EMA(3) weighs by 1/2 and begins with the mean of three.
    await jesse({ mode, strategy: Averaged, minutes: [40, 8, 8, 8, 16, 20].map(still), warmupCandles: 4 })
    expect(seen).toEqual([
      // last four 8, 8, 8, 16: (8+8+8)/3 = 8, then (8+16)/2 = 12. All five: (40+8+8)/3 = 56/3, (56/3+8)/2 = 40/3, (40/3+16)/2 = 44/3.
      [12, expect.closeTo(44 / 3, 12)],
      // last four 8, 8, 16, 20: 32/3, then (32/3+20)/2 = 46/3. All six: (44/3+20)/2 = 52/3.
      [expect.closeTo(46 / 3, 12), expect.closeTo(52 / 3, 12)],
    ])
  })

  it('warmupCandles is 240 where nothing is said', async () => {
    const indexes: number[] = []
    class Counted extends Strategy {
      before(): void { indexes.push(this.candles.length) }
    }
    const { header } = await backtest({
      exchange: { profile: 'jesse', positionMode: mode },
      routes: [{ symbol: SYMBOL, timeframe: '1m', strategy: Counted }],
      candles: { [SYMBOL]: candles(Array.from({ length: 242 }, () => still(100))) },
    })
    expect(header.start).toBe(START + 240 * 60_000)
    expect(indexes).toEqual([241, 242])
  })
})
