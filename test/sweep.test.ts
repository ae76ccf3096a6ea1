/** Sweeps over real threads: the same bytes as runs alone, failures that stay where they are, an end that leaves nothing behind. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { decimal, isDecimal, type PositionMode } from '@hedgerow/core'
import { backtest, openSweep, parameterGrid, sweep, synthesizeCandles, type BacktestOptions, type FinishedTrial, type SweepOptions, type SweepProgress, type TrialOutcome } from 'hedgerow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const TIMEOUT = 60_000
const START = Date.UTC(2024, 0, 1)
const CANDLES = synthesizeCandles({ seed: 5, start: START, count: 3 * 1440 })
const SETS = parameterGrid({ fast: { min: 3, max: 9, step: 2 }, slow: [12, 20] })

/** Both legs on their own; `trouble` says what goes wrong. It sees to it that threads hold no state between runs: `calls` begins at zero. */
const CROSS = `import { Strategy, ta } from '@hedgerow/strategy-sdk'
import { z } from 'zod'
export default class Cross extends Strategy {
  static params = z.object({
    fast: z.int().min(2).max(50).default(8).meta({ step: 1 }), slow: z.int().min(3).max(90).default(21).meta({ step: 1 }), size: z.number().min(0.5).default(1),
    trouble: z.enum(['none', 'throw', 'exit', 'endless', 'memory', 'print']).default('none'),
  }).refine(({ fast, slow }) => fast < slow, { path: ['fast'], error: 'a fast average that is shorter than the slow one' })
  calls = 0
  before() {
    if (++this.calls !== 5) return
    if (this.hp.trouble === 'throw') throw new RangeError('fifth')
    if (this.hp.trouble === 'exit') process.exit(3)
    if (this.hp.trouble === 'print') console.log('from the strategy')
    if (this.hp.trouble === 'endless') { console.log('at work'); for (;;); }
  }
  get fast() { return ta.ema.series(this.candles, this.hp.fast) }
  get slow() { return ta.ema.series(this.candles, this.hp.slow) }
  shouldLong() { return ta.crossover(this.fast, this.slow) }
  shouldShort() { return ta.crossunder(this.fast, this.slow) }
  goLong() { this.buy = [this.hp.size, this.price]; this.stopLoss = ['all', this.price * 0.99]; this.takeProfit = ['all', this.price * 1.01] }
  goShort() { this.sell = [this.hp.size, this.price]; this.stopLoss = ['all', this.price * 1.01]; this.takeProfit = ['all', this.price * 0.99] }
}
`

let folder = ''
let strategy: BacktestOptions['routes'][number]['strategy']

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hedgerow-sweep-'))
  mkdirSync(join(folder, 'node_modules'))
  for (const name of ['@hedgerow', 'hedgerow', 'zod']) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  writeFileSync(join(folder, 'cross.ts'), CROSS)
  writeFileSync(join(folder, 'throws.ts'), 'throw new Error("not today")\n')
  const { open, high, low, close, volume } = CANDLES
  writeFileSync(join(folder, 'candles.csv'), ['time,open,high,low,close,volume', ...Array.from(open, (price, row) => [START + row * 60_000, price, high[row], low[row], close[row], volume[row]].join(','))].join('\n'))
  const loaded: unknown = await import(pathToFileURL(join(folder, 'cross.ts')).href)
  strategy = (loaded as { default: typeof strategy }).default
})

afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

const exchange = (positionMode: PositionMode): NonNullable<BacktestOptions['exchange']> => ({ profile: 'bybit-uta', positionMode, leverage: decimal('3'), fee: { maker: '0.0002', taker: '0.00055' } })
const funding = { XUSDT: Array.from({ length: 9 }, (_, index) => [START + (index + 1) * 28_800_000, decimal('0.0001')] as const) }
const common = (positionMode: PositionMode): Pick<BacktestOptions, 'exchange' | 'candles' | 'funding' | 'marks' | 'warmupCandles'> => ({ exchange: exchange(positionMode), candles: { XUSDT: CANDLES }, marks: { XUSDT: CANDLES }, funding, warmupCandles: 30 })
const swept = (positionMode: PositionMode, more: Partial<SweepOptions>): SweepOptions => ({ ...common(positionMode), routes: [{ symbol: 'XUSDT', timeframe: '15m', strategy: join(folder, 'cross.ts') }], sets: SETS, workers: 2, ...more })
const alone = (positionMode: PositionMode, params: Readonly<Record<string, unknown>>, more: Partial<BacktestOptions> = {}) => backtest({ ...common(positionMode), routes: [{ symbol: 'XUSDT', timeframe: '15m', strategy, params }], ...more })
const statuses = (outcomes: readonly TrialOutcome[]): string[] => outcomes.map((outcome) => (outcome.status === 'failed' ? outcome.error.code : outcome.status))
const isFinished = (outcome: TrialOutcome): outcome is FinishedTrial => outcome.status === 'finished'

describe('a sweep', { timeout: TIMEOUT }, () => {
  it.each(process.env['HEDGEROW_TESTS'] === 'all' ? (['hedge', 'one-way'] as const) : (['hedge'] as const))('gives the bytes of runs alone, in the order of the sets (%s)', async (mode) => {
    const progress: SweepProgress[] = []
    const { outcomes, failed, workers } = await sweep(swept(mode, { collect: 'result', onProgress: (step) => { progress.push(step) } }))
    expect([outcomes.length, failed, workers]).toEqual([SETS.length, 0, 2])
    expect(progress).toEqual(SETS.map((_, index) => ({ done: index + 1, failed: 0, total: SETS.length })))
    for (const outcome of outcomes.filter(isFinished)) {
      const single = await alone(mode, SETS[outcome.index] ?? {})
      expect(outcome.trial.params).toEqual(SETS[outcome.index])
      expect(JSON.stringify(outcome.result)).toBe(JSON.stringify(single))
      expect(single.trades.length).toBeGreaterThan(2)
      // What crossed as text is the same decimal again.
      expect(JSON.stringify([outcome.metrics, outcome.legs, outcome.counts, outcome.warnings])).toBe(JSON.stringify([single.metrics, single.legs, single.counts, single.warnings]))
      expect(isDecimal(outcome.metrics.netPnl)).toBe(true)
    }
    expect(new Set(outcomes.filter(isFinished).map(({ metrics }) => metrics.netPnl.toFixed())).size).toBeGreaterThan(4)
  })

  it('says of each set that fails which it was and why, and finishes the others', async () => {
    const sets = [{ fast: 3 }, { fast: 3, trouble: 'throw' }, { fast: 20, slow: 10 }, { fast: 3, trouble: 'exit' }, { speed: 1 }, { size: 1e9 }, { fast: 3 }]
    const { outcomes, failed } = await sweep(swept('hedge', { sets }))
    expect(statuses(outcomes)).toEqual(['finished', 'STRATEGY_THREW', 'PARAMETER_INVALID', 'WORKER_LOST', 'PARAMETER_INVALID', 'finished', 'finished'])
    expect(failed).toBe(4)
    expect(outcomes.map(({ trial }) => trial.params)).toEqual(sets)
    const errors = outcomes.map((outcome) => (outcome.status === 'failed' ? outcome.error.message : ''))
    expect(errors[1]).toMatch(/strategy Cross, bar 4.*RangeError: fifth/)
    expect(errors[2]).toMatch(/parameter fast.*Found: 20\. Expected: a fast average that is shorter/)
    expect(errors[3]).toMatch(/process\.exit/)
    expect(errors[4]).toMatch(/parameter speed.*an unknown parameter/)
    const [first, last] = [outcomes.at(0), outcomes.at(-1)]
    expect(first?.status === 'finished' && last?.status === 'finished' && first.metrics.netPnl.eq(last.metrics.netPnl)).toBe(true)
  })

  it('stops within a run, and its threads are gone', async () => {
    const stop = new AbortController()
    const running = sweep(swept('hedge', { sets: [{ fast: 3 }, ...Array.from({ length: 5 }, () => ({ trouble: 'endless' }))], signal: stop.signal, onProgress: () => { stop.abort() } }))
    await expect(running).rejects.toMatchObject({ code: 'RUN_INTERRUPTED', details: { found: 'stopped after 1 of 6 runs' } })
    await expect(sweep(swept('hedge', { signal: AbortSignal.abort() }))).rejects.toMatchObject({ code: 'RUN_INTERRUPTED' })
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Worker' || name === 'MessagePort').length).toBeLessThanOrEqual(BASELINE)
  })

  it('keeps both extremes of the path where results are kept and they were asked for', async () => {
    const sim = { bracket: true }
    const { outcomes } = await sweep(swept('hedge', { collect: 'result', sets: [{ fast: 5 }], sim }))
    const [found] = outcomes.filter(isFinished)
    expect(found?.result).toMatchObject({ bracket: { olhc: { journalHash: expect.any(String) as string }, ohlc: { journalHash: expect.any(String) as string } } })
    expect(JSON.stringify(found?.result)).toBe(JSON.stringify(await alone('hedge', { fast: 5 }, { sim })))
  })

  it('refuses what cannot start, before it does', async () => {
    const route = { symbol: 'XUSDT', timeframe: '15m' }
    await expect(sweep(swept('hedge', { sets: [] }))).rejects.toThrow(/GRID_INVALID.*no sets of parameters/)
    await expect(sweep(swept('hedge', { routes: [{ ...route, strategy: join(folder, 'missing.ts') }] }))).rejects.toThrow(/UNKNOWN_STRATEGY.*missing\.ts/)
    await expect(sweep(swept('hedge', { routes: [{ ...route, strategy: join(folder, 'throws.ts') }] }))).rejects.toThrow(/throws\.ts\] MODULE_NOT_LOADED.*not today/)
    await expect(sweep(swept('hedge', { routes: [{ ...route, strategy: strategy as never }] }))).rejects.toThrow(/routes\[0\]\.strategy\] CONFIG_INVALID.*Found: a class.*hedgerow\.config\.ts/)
    await expect(sweep({ ...swept('hedge', {}), drivers: [{ create: () => null }] as never })).rejects.toThrow(/drivers\[0\]\.create\] CONFIG_INVALID.*Found: a function/)
    await expect(sweep({ ...swept('hedge', {}), candles: { XUSDT: [[0, 1, 1, 1, 1, 1], [0, 1, 1, 1, 1, 1]] } })).rejects.toMatchObject({ code: 'DATA_UNSORTED' })
  })

  it('is open to batches, each with windows of its own', async () => {
    const { sets: _sets, ...base } = swept('hedge', { collect: 'result' })
    const pool = await openSweep(base)
    try {
      const window = { start: '2024-01-02', end: '2024-01-03' }
      const [whole, part] = [await pool.run([{ params: { fast: 5 } }]), await pool.run([{ params: { fast: 5 }, ...window }])]
      expect(statuses([...whole, ...part])).toEqual(['finished', 'finished'])
      expect(JSON.stringify(part.filter(isFinished)[0]?.result)).toBe(JSON.stringify(await alone('hedge', { fast: 5 }, window)))
      expect(await pool.run([])).toEqual([])
    } finally {
      await pool.close()
    }
    await expect(pool.run([{ params: {} }])).rejects.toMatchObject({ code: 'RUN_INTERRUPTED' })
  })
})

/** What the test runner itself holds. */
const BASELINE = process.getActiveResourcesInfo().filter((name) => name === 'Worker' || name === 'MessagePort').length

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** `end` is sent on the text "at work". It ends when nobody holds its streams any more: no orphan does. */
function hedgerow(args: string, end?: NodeJS.Signals): Promise<Ended> {
  const { promise, resolve: ended, reject } = Promise.withResolvers<Ended>()
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...env } = process.env
  const child = spawn(process.execPath, ['--conditions=@hedgerow/source', join(ROOT, 'apps/runner/src/main.ts'), ...args.split(' ')], { cwd: folder, env })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    if (end !== undefined && text.includes('at work')) child.kill(end)
  })
  child.on('error', reject).on('close', (code) => { ended({ code, stdout, stderr }) })
  return promise
}

const RUN = 'sweep --workers 1 --strategy cross.ts --symbol XUSDT --timeframe 15m --candles candles.csv --position-mode hedge --warmup-candles 30'

/** A process each. */
describe.runIf(process.env['HEDGEROW_TESTS'] === 'all').concurrent('hedgerow sweep', { timeout: TIMEOUT }, () => {
  it('prints the best first, with both legs, and what failed', async () => {
    const { code, stdout, stderr } = await hedgerow(`${RUN} --param fast=3:30:9 --param slow=20 --sort long.netPnl --limit 2 --out sweep.csv`)
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.split('\n').map((line) => line.trim())
    expect(lines[1]).toMatch(/^fast +net pnl +long +short +trades L\/S +won +max dd +factor +sharpe +long\.netPnl$/)
    const sorted = lines.slice(2, 4).map((line) => Number(line.split(/ +/).at(-1)?.replaceAll(',', '')))
    expect(sorted).toEqual(sorted.toSorted((a, b) => b - a))
    expect(stdout).toMatch(/2 of 4 sets failed:\n +fast 21: PARAMETER_INVALID .*\n +fast 30: PARAMETER_INVALID/)
    expect(stdout).toMatch(/4 sets on 1 thread in [\d.]+ s/)
    const rows = readFileSync(join(folder, 'sweep.csv'), 'utf8').trimEnd().split('\r\n')
    expect(rows).toHaveLength(5)
    expect(rows[0]).toMatch(/^fast,error,count,.*,long\.netPnl,.*,short\.netPnl,/)
    expect(rows[3]).toMatch(/^21,PARAMETER_INVALID,,/)
  })

  it('prints one JSON object with every run, whatever the strategy prints', async () => {
    const { code, stdout, stderr } = await hedgerow(`${RUN} --param fast=3,5 --param trouble=none,print --json`)
    expect(code).toBe(0)
    expect(stderr).toContain('from the strategy')
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    const single = await backtest({ exchange: { positionMode: 'hedge' }, candles: { XUSDT: CANDLES }, warmupCandles: 30, routes: [{ symbol: 'XUSDT', timeframe: '15m', strategy, params: { fast: 5 } }] })
    const { metrics, legs, counts } = JSON.parse(JSON.stringify(single)) as Record<string, unknown>
    const printed = JSON.parse(stdout) as { outcomes: unknown[] }
    expect(printed).toMatchObject({ schemaVersion: 1, kind: 'sweep', sets: 4, failed: 0 })
    expect(printed.outcomes[2]).toMatchObject({ status: 'finished', params: { fast: 5, trouble: 'none' }, metrics, legs, counts })
  })

  it.each([
    ['', 2, /GRID_INVALID[\s\S]*4,312 sets: fast 49 x slow 88[\s\S]*at most 1,000[\s\S]*--most-sets/],
    ['--param fast=5 --sort luck', 2, /USAGE_INVALID[\s\S]*--sort[\s\S]*"luck"[\s\S]*netPnl/],
    ['--param fast=5 --out sweep.txt', 2, /USAGE_INVALID[\s\S]*--out[\s\S]*\.json or \.csv/],
    ['--param fast=5 --param fast=8', 2, /GRID_INVALID[\s\S]*fast more than once[\s\S]*--param fast=5,8,13/],
    ['--param fast=5 --out cross.ts/sweep.csv', 2, /OUTPUT_FAILED[\s\S]*cross\.ts/],
    ['--param trouble=throw', 1, null],
  ])('%s ends with %i', async (args, code, message) => {
    const ended = await hedgerow(`${RUN} --most-sets 1000 ${args}`.trim())
    expect(ended.code).toBe(code)
    expect(message === null ? ended.stdout : ended.stderr).toMatch(message ?? /1 of 1 sets failed:\n +trouble throw: STRATEGY_THREW/)
  })

  it.each([['SIGINT', 130], ['SIGKILL', null]] as const)('%s ends it within a run, and leaves nothing behind', async (signal, code) => {
    const ended = await hedgerow(`${RUN} --param fast=3:9 --param trouble=endless --out ${signal}.json`, signal)
    expect(ended.stderr).toContain(code === null ? 'at work' : 'RUN_INTERRUPTED')
    expect([ended.code, ended.stdout]).toEqual([code, ''])
    expect(readdirSync(folder).filter((name) => name.includes(signal))).toEqual([])
  })
})
