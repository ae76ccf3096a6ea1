/** What the hedge bought on the month of real ETH minutes: `--counterfactual` says the same as the same runs made by hand. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LEGS, type Decimal, type Leg } from '@hedgerow/core'
import { readRun, reportHtml } from '@hedgerow/report'
import { backtest, loadCandles, type BacktestOptions, type BacktestResult } from 'hedgerow'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../apps/runner/src/cli/command.ts'
import EmaHedge from '../../examples/ema-hedge.ts'
import { sharedFolder } from '../support/shared.ts'

const ALL = process.env['HEDGEROW_TESTS'] === 'all'
const shared = sharedFolder()
const FILE = `${shared ?? ''}/data/candles/bybit-linear_ETHUSDT_1m_2023-10.csv.gz`
if (shared === null) console.warn('SKIPPED: what the hedge bought on real candles needs the shared folder (HEDGEROW_SHARED)')
else if (!ALL) console.warn('SKIPPED: what the hedge bought on a month of real minutes is checked by npm run test:long')

function percent(value: Decimal | null): string {
  return `${value?.times(100).toFixed(2) ?? ''} %`
}

/** The strategy as somebody would write it who wants no orders of one leg. */
function without(leg: Leg): typeof EmaHedge {
  return class extends EmaHedge {
    override shouldLong(): boolean { return leg !== 'long' && super.shouldLong() }
    override shouldShort(): boolean { return leg !== 'short' && super.shouldShort() }
    override shouldLongHedge(): boolean { return leg !== 'long' && super.shouldLongHedge() }
    override shouldShortHedge(): boolean { return leg !== 'short' && super.shouldShortHedge() }
  }
}

describe.skipIf(shared === null || !ALL)('ema-hedge on the real ETH file with --counterfactual', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'hedgerow-eth-'))
  const byHand = new Map<string, BacktestResult>()
  let [printed, code] = ['', -1]

  beforeAll(async () => {
    const exchange: BacktestOptions['exchange'] = { profile: 'bybit-uta', positionMode: 'hedge', leverage: 3, startingBalance: '10000' }
    const made = async (more: Partial<BacktestOptions> & Pick<BacktestOptions, 'routes'>): Promise<BacktestResult> => backtest({ exchange, candles: { ETHUSDT: await loadCandles(FILE) }, warmupCandles: 60, ...more })
    const route = { symbol: 'ETHUSDT', timeframe: '15m' }
    byHand.set('real', await made({ routes: [{ ...route, strategy: EmaHedge }] }))
    for (const leg of LEGS) byHand.set(`without-${leg}`, await made({ routes: [{ ...route, strategy: without(leg) }] }))
    byHand.set('one-way', await made({ exchange: { ...exchange, positionMode: 'one-way' }, routes: [{ ...route, strategy: EmaHedge }] }))
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => { printed += String(text); return true })
    try {
      code = await runCommand(['backtest', '--config', 'examples/hedgerow.config.ts', '--candles', `ETHUSDT=${FILE}`, '--counterfactual', '--quiet', '--out', join(folder, 'run')])
    } finally {
      spy.mockRestore()
    }
  }, 120_000)

  afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

  it('each run of the result, and its equity at every point', () => {
    expect(code).toBe(0)
    const { counterfactuals, metrics } = readRun(join(folder, 'run'))
    expect(counterfactuals.map(({ kind }) => kind).toSorted()).toEqual(['one-way', 'without-long', 'without-short'])
    for (const { kind, run, reason } of [{ kind: 'real', run: { metrics: metrics.total, equity: readRun(join(folder, 'run')).equity }, reason: null }, ...counterfactuals]) {
      const own = byHand.get(kind)
      expect(reason).toBe(null)
      expect(JSON.stringify(run?.metrics), kind).toBe(JSON.stringify(own?.metrics))
      expect(run?.equity.map(({ at, equity }) => `${at} ${equity.toFixed()}`), kind).toEqual(own?.equity.map(({ at, equity }) => `${at} ${equity.toFixed()}`))
    }
    expect(new Set([...byHand.values()].map((run) => run.metrics.totalPnl.toFixed())).size, 'the hedge matters').toBe(4)
  })

  it('the table of the page and that in the terminal', async () => {
    const page = await reportHtml(readRun(join(folder, 'run')))
    for (const [kind, { metrics }] of byHand) {
      const shown = (name: string): string | undefined => new RegExp(`data-figure="${kind}\\.${name}">([^<]*)<`).exec(page)?.[1]
      expect([shown('totalReturn'), shown('intradayMaxDrawdown'), shown('count')]).toEqual([percent(metrics.totalReturn), percent(metrics.intradayMaxDrawdown), String(metrics.count)])
      expect(printed).toContain(percent(metrics.totalReturn))
      const [real, other] = [byHand.get('real')?.metrics.totalReturn, metrics.totalReturn]
      if (kind === 'real' || real === null || real === undefined || other === null) continue
      const change = `${real.gt(other) ? '+' : ''}${percent(real.minus(other))}`
      expect([page.includes(`data-change="totalReturn">${change}<`), printed.includes(change)], `${kind}: ${change}`).toEqual([true, true])
    }
    expect(readFileSync(join(folder, 'run', 'result.json'), 'utf8')).toContain('"kind": "without-short"')
  })
})
