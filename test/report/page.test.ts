/** The page of a run, in a real browser: what it says is true, what it does works, and nothing leaves the file. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { comparisonHtml, readRun, reportHtml, type FinishedRun } from '@hedgerow/report'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, counterfactual, finishedRun, loadCandles, loadFunding, synthesizeCandles, writeResult, type BacktestOptions, type BacktestResult } from 'hedgerow'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import DcaHedge from '../../examples/dca-hedge.ts'
import EmaHedge from '../../examples/ema-hedge.ts'
import FundingHarvest from '../../examples/funding-harvest.ts'
import HedgeGrid from '../../examples/hedge-grid.ts'
import HedgeTimeline from '../../examples/hedge-timeline.ts'
import PairEntry from '../../examples/pair-entry.ts'
import { sharedFolder } from '../support/shared.ts'
import { boxOf, HAS_BROWSER, openBrowser, openPage, readAll } from './browser.ts'
import { numberOf } from './number-of.ts'
import { fillsOf } from './recomputed.ts'

/** True where tests that take long are run too. */
const ALL = process.env['HEDGEROW_TESTS'] === 'all'
const MEGABYTE = 1_000_000
const SLOW = 60_000
const shared = sharedFolder()
const START = Date.UTC(2024, 0, 29)
const candles = synthesizeCandles({ seed: 11, start: START, count: 5 * 1440 })

let folder = ''
let browser: Browser
let result: BacktestResult
let run: FinishedRun

const pathOf = (name: string): string => join(folder, name)
const account = { profile: 'bybit-uta', positionMode: 'hedge', leverage: 5, startingBalance: '10000' } as const

async function write(name: string, made: FinishedRun): Promise<string> {
  const path = pathOf(`${name}.html`)
  writeFileSync(path, await reportHtml(made))
  return path
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hedgerow-page-'))
  result = await counterfactual({ exchange: account, routes: [{ symbol: 'ETHUSDT', timeframe: '5m', strategy: EmaHedge }], candles: { ETHUSDT: candles }, warmupCandles: 60 })
  writeResult(result, pathOf('run'))
  run = readRun(pathOf('run'))
  await write('run', run)
  if (HAS_BROWSER) browser = await openBrowser()
}, SLOW)

afterAll(async () => {
  if (HAS_BROWSER) await browser.close()
  rmSync(folder, { recursive: true, force: true })
})

function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`there is no ${what}`)
  return value
}

describe.skipIf(!HAS_BROWSER || !ALL)('the page of a run', { timeout: SLOW }, () => {
  it('opens without an error, and nothing leaves the file', async () => {
    const { page, witness } = await openPage(browser, pathOf('run.html'))
    expect(result.trades.some(({ leg }) => leg === 'long') && result.trades.some(({ leg }) => leg === 'short'), 'both legs trade').toBe(true)
    expect(witness).toEqual({ errors: [], requests: [`file://${pathOf('run.html')}`] })
    await page.close()
  })

  it('filters and sorts its trades', async () => {
    const { page } = await openPage(browser, pathOf('run.html'))
    const cells = (name: string): Promise<string[]> => page.locator(`#trades tbody [data-cell="${name}"]`).allTextContents()
    await page.locator('[data-filter="leg"]').selectOption('short')
    const shorts = result.trades.filter(({ leg }) => leg === 'short')
    expect(await cells('id')).toEqual(shorts.slice(0, 50).map(({ id }) => String(id)))
    const reason = shorts[0]?.exitReason ?? ''
    await page.locator('[data-filter="reason"]').selectOption(reason)
    const few = shorts.filter(({ exitReason }) => exitReason === reason)
    expect(await cells('reason')).toEqual(few.slice(0, 50).map(() => reason))
    expect(await page.locator('#trades-count').textContent()).toContain(`${few.length} of ${result.trades.length} trades`)
    await page.locator('[data-filter="leg"]').selectOption('')
    await page.locator('[data-filter="reason"]').selectOption('')
    const nets = result.trades.map(({ netPnl }) => netPnl.toNumber()).sort((a, b) => a - b)
    await page.locator('[data-sort="netPnl"]').click()
    expect((await cells('netPnl')).map((text) => numberOf(text).value)).toEqual(nets.slice(0, 50).map((net) => Number(net.toFixed(2))))
    await page.locator('[data-sort="netPnl"]').press('Enter')
    expect((await cells('netPnl')).map((text) => numberOf(text).value)).toEqual(nets.toReversed().slice(0, 50).map((net) => Number(net.toFixed(2))))
    expect(await page.locator('th[aria-sort="descending"]').textContent()).toContain('net')
    await page.close()
  })

  it('jumps to a trade by key, shows real candles there, and says of its fills what the result says', async () => {
    const { page } = await openPage(browser, pathOf('run.html'))
    const index = result.trades.findIndex(({ orders }) => orders.length > 1)
    const trade = required(result.trades[index], 'a trade of several orders')
    await page.locator(`[data-trade="${index}"]`).press('Enter')
    await expect.poll(() => page.locator('html').getAttribute('data-step')).toBe('60000')
    expect(await page.locator('#card').textContent()).toContain(`${trade.leg} trade #${trade.id}`)
    const text = await hoverFill(page, trade.openedAt, { from: trade.openedAt, to: trade.closedAt })
    const fill = fillsOf(pathOf('run')).find(({ atMs, leg }) => Number(atMs) === trade.openedAt && leg === trade.leg)
    expect(text).toMatchObject({ price: fill?.['price'], qty: fill?.['qty'], fee: `${fill?.['fee']} (${fill?.['liquidity']})` })
    expect(text['order']).toMatch(new RegExp(`^#${fill?.['orderId']} `))
    expect(text['trade']).toMatch(new RegExp(`^#${trade.id}, net `))
    await page.close()
  })

  it('steps through fills by key', async () => {
    const { page } = await openPage(browser, pathOf('run.html'))
    const fills = fillsOf(pathOf('run'))
    await page.locator('#chart').focus()
    for (const fill of fills.slice(0, 4)) {
      await page.keyboard.press('n')
      expect(await page.locator('#card [data-hover="price"]').textContent()).toBe(fill['price'])
    }
    await page.keyboard.press('p')
    expect(await page.locator('#card [data-hover="price"]').textContent()).toBe(fills[2]?.['price'])
    await page.close()
  })

  it('is light or dark as the system or the reader has it, and fits a phone', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const { page, witness } = await openPage(browser, pathOf('run.html'), { width: 390, theme })
      const ground = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
      const before = await ground()
      expect(before).toBe(theme === 'dark' ? 'rgb(13, 17, 23)' : 'rgb(245, 246, 248)')
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
      await page.locator('#theme').click()
      expect(await ground()).not.toBe(before)
      expect(witness.errors).toEqual([])
      await page.close()
    }
  })

  it('keeps its view in another theme and in print, which is light', async () => {
    const { page, witness } = await openPage(browser, pathOf('run.html'), { theme: 'dark' })
    const frames = (count: number): Promise<unknown> => page.evaluate(`new Promise((done) => { let left = ${count}; const next = () => (left-- > 0 ? requestAnimationFrame(next) : done()); next() })`)
    const step = await page.locator('html').getAttribute('data-step')
    await page.locator('#theme').click()
    await frames(5)
    await page.locator('#theme').click()
    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize({ width: 718, height: 1000 })
    // Charts that cannot read a colour fail when they are drawn, and take a view with a later frame.
    await frames(5)
    expect(await page.locator('html').getAttribute('data-step'), 'the whole run, as before').toBe(step)
    expect(witness.errors).toEqual([])
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    expect(await page.evaluate<string[]>("['paper', 'ink', 'quiet', 'line'].map((name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()).filter((color) => !/^#[0-9a-f]{6}$/.test(color))")).toEqual([])
    await page.close()
  })

  it('leads a keyboard to the trades at once', async () => {
    const { page } = await openPage(browser, pathOf('run.html'))
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the trades')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate("document.activeElement.getAttribute('data-filter')")).toBe('leg')
    await page.close()
  })

  it('defines every figure, for the keyboard too', async () => {
    const { page } = await openPage(browser, pathOf('run.html'))
    const terms = page.locator('.scorecard .term')
    expect((await readAll(page, '.scorecard .term:not([tabindex="0"])', 'class')).length).toBe(0)
    const definitions = (await readAll(page, '.scorecard .term', 'aria-description')).filter(([definition]) => definition.length > 10)
    expect(definitions.length).toBe(await terms.count())
    await terms.first().focus()
    expect(await page.evaluate<string>("getComputedStyle(document.querySelector('.scorecard .term'), '::after').content")).toContain('Closed trades and what is still open')
    await page.close()
  })

  it('puts what the hedge bought beside the run', async () => {
    const { page } = await openPage(browser, pathOf('run.html'))
    const shown = await page.locator('.compared [data-figure$=".count"]').allTextContents()
    expect(shown).toEqual([result.metrics.count, ...result.counterfactuals.map(({ run: other }) => other?.metrics.count ?? '–')].map(String))
    await page.close()
  })

  it('shows what the path within candles decides, where it was asked', async () => {
    const bracketed = await backtest({ exchange: account, sim: { bracket: true }, routes: [{ symbol: 'ETHUSDT', timeframe: '5m', strategy: HedgeGrid }], candles: { ETHUSDT: candles }, end: '2024-01-31' })
    writeResult(bracketed, pathOf('bracketed'))
    const { page, witness } = await openPage(browser, await write('bracketed', readRun(pathOf('bracketed'))))
    const { olhc, ohlc } = required(bracketed.bracket, 'bracket')
    const shown = await Promise.all(['path', 'olhc', 'ohlc'].map((name) => page.locator(`[data-figure="${name}.fees"]`).textContent()))
    expect(shown.map((text) => numberOf(text ?? '').value)).toEqual([bracketed, olhc, ohlc].map(({ metrics }) => Number(metrics.fees.neg().toFixed(2))))
    expect(witness.errors).toEqual([])
    await page.close()
  })

  it('does without candles, as fills that were imported have none', async () => {
    const none = new Float64Array(0)
    const course = { ...run.course, length: 0, drawdown: none, gross: none, net: none, hedgeRatio: none, marginUse: none, liquidationDistance: none, nakedTime: none }
    const { page, witness } = await openPage(browser, await write('bare', { ...run, kind: 'import', markets: [], positions: [], course }))
    await page.locator('[data-trade="0"]').press('Enter')
    expect([await page.locator('canvas').count(), await page.locator('[data-trade]').count(), witness.errors]).toEqual([0, result.trades.length, []])
    await page.close()
  })

  it('puts several runs side by side', async () => {
    writeFileSync(pathOf('both.html'), await comparisonHtml([{ name: 'one', run }, { name: 'two', run: { ...run, header: { ...run.header, seed: 2 } } }]))
    const { page, witness } = await openPage(browser, pathOf('both.html'))
    expect(await page.locator('[data-figure="one.totalPnl"] b').textContent()).toBe(await page.locator('[data-figure="two.totalPnl"] b').textContent())
    expect(await page.getByText('seed', { exact: true }).count()).toBe(1)
    expect(witness.errors).toEqual([])
    await page.close()
  })
})

/** Moves the mouse over the price pane, at the place of a time, until a fill answers. */
async function hoverFill(page: Page, at: number, { from, to }: { readonly from: number; readonly to: number }): Promise<Record<string, string>> {
  const box = required(await page.locator('#chart canvas').nth(1).boundingBox(), 'a chart')
  const around = Math.max(0.35 * (to - from), 45 * 60_000)
  const x = box.x + (box.width * (at - from + around)) / (to - from + 2.5 * around)
  await page.locator('.charts').scrollIntoViewIfNeeded()
  const place = await boxOf(page, '#chart')
  for (let y = 10; y < 320; y += 5) {
    await page.mouse.move(x + 3, place.y + y)
    const read: Record<string, string> = Object.fromEntries(await readAll(page, '#card [data-hover]', 'data-hover'))
    if (read['price'] !== undefined) return read
  }
  return {}
}

class Idle extends Strategy {}

/** A fill every 25 minutes. */
class Busy extends Strategy {
  override onBar(): void {
    const act = [() => this.long.open({ qty: 0.1 }), () => this.short.open({ qty: 0.1 }), () => this.long.close(), () => this.short.close()][this.index % 4]
    act?.()
  }
}

/** More than the account can bear. */
class Reckless extends Strategy {
  override onBar(): void {
    if (this.index !== 5) return
    this.long.open({ qty: 25 })
    this.short.open({ qty: 1 })
  }
}

const falling = synthesizeCandles({ seed: 3, start: START, count: 1440, annualVolatility: 3 })
const EDGES: Readonly<Record<string, () => Promise<BacktestResult>>> = {
  'no trade': () => backtest({ exchange: account, routes: [{ symbol: 'ETHUSDT', timeframe: '5m', strategy: Idle }], candles: { ETHUSDT: candles } }),
  'a liquidated account': () => backtest({ exchange: { ...account, leverage: 20, startingBalance: '2500' }, routes: [{ symbol: 'ETHUSDT', timeframe: '5m', strategy: Reckless }], candles: { ETHUSDT: falling }, warmupCandles: 0 }),
}

describe.skipIf(!HAS_BROWSER).each(Object.keys(EDGES))('the page of %s', (name) => {
  it('opens without an error', { timeout: SLOW }, async () => {
    const made = await required(EDGES[name], name)()
    const path = await write('edge', finishedRun(made))
    const { page, witness } = await openPage(browser, path, { width: 390 })
    expect(witness).toEqual({ errors: [], requests: [`file://${path}`] })
    expect(readFileSync(path, 'utf8')).not.toMatch(/>(NaN|Infinity|undefined|null)</)
    expect(await page.locator('.badge').first().textContent()).toContain('Made-up')
    expect([made.trades.length === 0, await page.getByText('No trade was closed.').count()]).toEqual(name === 'no trade' ? [true, 1] : [false, 0])
    expect(await page.locator('.badge', { hasText: 'Liquidated' }).count()).toBe(made.counts.liquidations > 0 ? 1 : 0)
    expect(made.counts.liquidations > 0).toBe(name === 'a liquidated account')
    await page.close()
  })
})

const real = `${shared ?? ''}/data`
const eth = async (options: Partial<BacktestOptions> & Pick<BacktestOptions, 'routes'>): Promise<BacktestOptions> => ({ exchange: account, candles: { ETHUSDT: await loadCandles(`${real}/candles/bybit-linear_ETHUSDT_1m_2023-10.csv.gz`) }, end: '2023-10-14', ...options })
const both = async <T>(load: (symbol: string) => Promise<T>): Promise<Record<string, T>> => Object.fromEntries(await Promise.all(['SOLUSDT', 'XRPUSDT'].map(async (symbol) => [symbol, await load(symbol)] as const)))
const EXAMPLES: Readonly<Record<string, () => Promise<BacktestOptions>>> = {
  'ema-hedge': () => eth({ routes: [{ symbol: 'ETHUSDT', timeframe: '15m', strategy: EmaHedge }] }),
  'hedge-grid': () => eth({ routes: [{ symbol: 'ETHUSDT', timeframe: '5m', strategy: HedgeGrid }], end: '2023-10-08' }),
  'hedge-timeline': () => eth({ routes: [{ symbol: 'ETHUSDT', timeframe: '15m', strategy: HedgeTimeline }], end: '2023-10-06' }),
  'pair-entry': () => eth({ routes: [{ symbol: 'ETHUSDT', timeframe: '15m', strategy: PairEntry }] }),
  'dca-hedge': () => eth({ routes: [{ symbol: 'ETHUSDT', timeframe: '5m', strategy: DcaHedge, params: { anchor: '30m' } }], dataRoutes: [{ symbol: 'ETHUSDT', timeframe: '30m' }], warmupCandles: 360 }),
  'funding-harvest': async () => ({
    exchange: { ...account, profile: 'binance-usdm', leverage: 3 }, routes: [{ symbols: ['SOLUSDT', 'XRPUSDT'], timeframe: '1h', strategy: FundingHarvest }], warmupCandles: 0, end: '2025-05-20',
    candles: await both((symbol) => loadCandles(`${real}/candles/binance-usdm_${symbol}_1m_2025-05-04_2025-06-24.csv.gz`)), funding: await both((symbol) => loadFunding(`${real}/funding/binance-usdm_${symbol}_funding.csv.gz`)),
  }),
}

/** One is enough while working. */
const SHOWN = Object.keys(EXAMPLES)

describe.skipIf(!HAS_BROWSER || shared === null || !ALL).each(SHOWN)('the page of %s on real candles', (name) => {
  it('opens without an error, and every trade can be jumped to', { timeout: SLOW }, async () => {
    const made = await backtest(await required(EXAMPLES[name], name)())
    const path = await write(name, finishedRun(made))
    expect(statSync(path).size).toBeLessThan(3 * MEGABYTE)
    const { page, witness } = await openPage(browser, path)
    expect(await page.locator('[data-trade]').count()).toBe(Math.min(50, made.trades.length))
    for (const row of [0, made.trades.length - 1].filter((index) => index >= 0 && index < 50)) {
      await page.locator(`[data-trade="${row}"]`).click()
      expect(await page.locator('#card').textContent()).toContain(`trade #${row + 1}`)
    }
    expect(witness).toEqual({ errors: [], requests: [`file://${path}`] })
    await page.close()
  })
})

if (!ALL) console.warn('SKIPPED: what a page does under a hand, the pages of the examples and that of 20,000 fills over a year are seen by npm run test:long')

describe.skipIf(!HAS_BROWSER || !ALL)('the page of 20,000 fills over a year of minutes', () => {
  it('is under 3 MB and still shows the real candles around a trade', { timeout: 4 * SLOW }, async () => {
    const year = synthesizeCandles({ seed: 3, start: Date.UTC(2023, 0, 1), count: 525_600 })
    const made = await backtest({ exchange: account, routes: [{ symbol: 'ETHUSDT', timeframe: '25m', strategy: Busy }], candles: { ETHUSDT: year }, warmupCandles: 0 })
    const path = await write('year', finishedRun(made))
    expect(made.counts.fills).toBeGreaterThan(20_000)
    expect(statSync(path).size).toBeLessThan(3 * MEGABYTE)
    const { page, witness } = await openPage(browser, path)
    await page.locator('#trades-next').click()
    await page.locator('[data-trade="60"]').press('Enter')
    await expect.poll(() => page.locator('html').getAttribute('data-step')).toBe('60000')
    const { openedAt, closedAt } = required(made.trades[60], 'a trade')
    const middle = Math.floor((openedAt + closedAt) / 2 / 60_000) * 60_000
    const box = await boxOf(page, '#chart')
    await page.mouse.move(box.x + (box.width - 76) / 2, box.y + 300)
    const reading = (await page.locator('#reading').textContent()) ?? ''
    const shown = Date.parse(`${/^(\d{4}-\d\d-\d\d) (\d\d:\d\d)/.exec(reading)?.slice(1).join('T')}Z`)
    const row = (shown - year.start) / 60_000
    expect(Math.abs(shown - middle)).toBeLessThan(15 * 60_000)
    expect(reading).toContain([['O', year.open], ['H', year.high], ['L', year.low], ['C', year.close]].map(([name, column]) => `${String(name)} ${((column as Float64Array)[row] ?? 0).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',')}`).join(' '))
    expect(witness.errors).toEqual([])
    await page.close()
  })
})
