/** How long every indicator takes for a year of 1-minute bars: the whole column at once, and bar by bar as a strategy asks. Medians, in milliseconds of CPU. */
import { bufferOf, CandleSeries, denseBuffer } from '@hedgerow/core'
import { ta } from '@hedgerow/strategy-sdk'
import { synthesizeCandles } from 'hedgerow'

const COUNT = 525_600
const RUNS = 7
const GOAL_MS = 25

/** A call of an indicator with its usual parameters. */
interface Case {
  readonly title: string
  readonly whole: (candles: CandleSeries) => unknown
  readonly now: (candles: CandleSeries) => unknown
}

function caseOf<Params extends readonly unknown[]>(
  name: string,
  indicator: { (candles: CandleSeries, ...params: Params): unknown; series(candles: CandleSeries, ...params: Params): unknown },
  ...params: Params
): Case {
  return { title: `${name}(${params.join(', ')})`, whole: (candles) => indicator.series(candles, ...params), now: (candles) => indicator(candles, ...params) }
}

const CASES: readonly Case[] = [
  caseOf('sma', ta.sma, 20), caseOf('ema', ta.ema, 20), caseOf('wma', ta.wma, 20), caseOf('rma', ta.rma, 20),
  caseOf('dema', ta.dema, 20), caseOf('tema', ta.tema, 20), caseOf('hma', ta.hma, 20),
  caseOf('macd', ta.macd, 12, 26, 9), caseOf('rsi', ta.rsi, 14), caseOf('stochastic', ta.stochastic, 14, 3, 3), caseOf('cci', ta.cci, 20),
  caseOf('cmo', ta.cmo, 14), caseOf('roc', ta.roc, 10), caseOf('mfi', ta.mfi, 14), caseOf('obv', ta.obv), caseOf('vwap', ta.vwap, '1D'),
  caseOf('atr', ta.atr, 14), caseOf('trueRange', ta.trueRange), caseOf('stddev', ta.stddev, 20), caseOf('bollinger', ta.bollinger, 20, 2), caseOf('keltner', ta.keltner, 20, 2, 10),
  caseOf('donchian', ta.donchian, 20), caseOf('highest', ta.highest, 20), caseOf('lowest', ta.lowest, 20),
  caseOf('di', ta.di, 14), caseOf('adx', ta.adx, 14), caseOf('supertrend', ta.supertrend, 10, 3), caseOf('ichimoku', ta.ichimoku, 9, 26, 52, 26),
]

const columns = synthesizeCandles({ seed: 1, start: Date.UTC(2024, 0, 1), count: COUNT })

/** A series that no indicator has seen: nothing is memoised for it. */
function freshSeries(shown: number): CandleSeries {
  const buffer = denseBuffer(columns)
  buffer.length = shown
  return new CandleSeries(buffer)
}

function medianOf(work: () => unknown): number {
  const costs: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const before = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(before)
    costs.push((user + system) / 1000)
  }
  return costs.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN
}

function barByBar({ now }: Case): void {
  const candles = freshSeries(0)
  const buffer = bufferOf(candles)
  for (let length = 200; length <= COUNT; length++) {
    buffer.length = length
    now(candles)
  }
}

let missed = 0
console.log(`${'525,600 bars'.padEnd(28)}${'column'.padStart(10)}${'bar by bar'.padStart(12)}   goal ${GOAL_MS} ms for the column`)
for (const each of CASES) {
  const whole = medianOf(() => each.whole(freshSeries(COUNT)))
  const streamed = medianOf(() => barByBar(each))
  if (whole > GOAL_MS) missed++
  console.log(`${each.title.padEnd(28)}${whole.toFixed(1).padStart(10)}${streamed.toFixed(1).padStart(12)}${whole > GOAL_MS ? '   missed' : ''}`)
}
process.exitCode = missed === 0 ? 0 : 1
