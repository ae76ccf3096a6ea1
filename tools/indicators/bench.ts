/**
 * How long every indicator takes for a year of 1-minute bars, in milliseconds. A run starts with bars that no indicator
 * has seen, in memory, and allocates and computes all outputs: `column` asks for all rows at once, `bar by bar` for the
 * current value at each bar, as a strategy does. Both are time of this thread's processor, whose clock may tick in steps
 * of 4 ms: a batch of runs is measured and divided, and the median batch counts, after one that warms up. `fastest` is the
 * shortest run of a column by the wall clock. The floor is an exponential average written by hand into a new column.
 */
import { bufferOf, CandleSeries, denseBuffer } from '@hedgerow/core'
import { ta } from '@hedgerow/strategy-sdk'
import { synthesizeCandles } from 'hedgerow'

const COUNT = 525_600
const BATCHES = 5
const RUNS_OF_COLUMN = 8
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

interface Cost {
  /** Processor time of a run of the median batch, in ms. */
  readonly median: number
  /** Wall time of the fastest run, in ms. */
  readonly fastest: number
}

function measure(runs: number, work: () => unknown): Cost {
  const batches: number[] = []
  let fastest = Number.POSITIVE_INFINITY
  for (let batch = 0; batch <= BATCHES; batch++) {
    const before = process.threadCpuUsage()
    for (let run = 0; run < runs; run++) {
      const from = process.hrtime.bigint()
      work()
      fastest = Math.min(fastest, Number(process.hrtime.bigint() - from) / 1e6)
    }
    const { user, system } = process.threadCpuUsage(before)
    if (batch > 0) batches.push((user + system) / 1000 / runs)
  }
  return { median: batches.toSorted((a, b) => a - b)[Math.floor(BATCHES / 2)] ?? Number.NaN, fastest }
}

function floor(): Float64Array {
  const { close } = columns
  const column = new Float64Array(COUNT)
  let average = close[0] ?? 0
  for (let row = 0; row < COUNT; row++) {
    average += ((close[row] ?? 0) - average) * (2 / 21)
    column[row] = average
  }
  return column
}

function barByBar({ now }: Case): void {
  const candles = freshSeries(0)
  const buffer = bufferOf(candles)
  for (let length = 200; length <= COUNT; length++) {
    buffer.length = length
    now(candles)
  }
}

/** Runs whose titles the first argument, a regular expression, does not match are left out. */
const chosen = new RegExp(process.argv[2] ?? '')
const ground = measure(RUNS_OF_COLUMN, floor)
const line = (title: string, { median, fastest }: Cost, bars: string): string => `${title.padEnd(28)}${median.toFixed(1).padStart(8)}${fastest.toFixed(1).padStart(10)}${(median / ground.median).toFixed(1).padStart(10)}${bars.padStart(13)}`

let missed = 0
console.log(`${'525,600 bars'.padEnd(28)}${'column'.padStart(8)}${'fastest'.padStart(10)}${'x floor'.padStart(10)}${'bar by bar'.padStart(13)}   goal ${GOAL_MS} ms for the column`)
console.log(line('floor: EMA by hand', ground, ''))
for (const each of CASES.filter(({ title }) => chosen.test(title))) {
  const whole = measure(RUNS_OF_COLUMN, () => each.whole(freshSeries(COUNT)))
  const streamed = measure(1, () => barByBar(each))
  if (whole.median > GOAL_MS) missed++
  console.log(`${line(each.title, whole, streamed.median.toFixed(1))}${whole.median > GOAL_MS ? '   missed' : ''}`)
}
process.exitCode = missed === 0 ? 0 : 1
