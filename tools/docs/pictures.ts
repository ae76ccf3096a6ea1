/**
 * Takes the pictures of the documentation: the report of `ema-hedge` and of `hedge-grid` on real candles, in Chromium.
 * `npm run pictures`; needs the shared folder and Chromium (`CHROMIUM`, by default /usr/bin/chromium).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { reportHtml } from '@hedgerow/report'
import { backtest, finishedRun, loadCandles, type BacktestOptions } from 'hedgerow'
import { chromium, type Page } from 'playwright-core'
import EmaHedge from '../../examples/ema-hedge.ts'
import HedgeGrid from '../../examples/hedge-grid.ts'
import { ROOT } from './markdown.ts'

interface Picture {
  readonly name: string
  readonly page: string
  readonly theme: 'light' | 'dark'
  readonly width: number
  readonly height: number
  readonly prepare?: (page: Page) => Promise<void>
}

const TRADE = 27

/** Shows a trade and the market around it, with what is said of its entry. */
async function showTrade(page: Page): Promise<void> {
  await page.locator(`[data-trade="${TRADE}"]`).click()
  await page.evaluate("document.querySelector('.charts').scrollIntoView()")
}

const PICTURES: readonly Picture[] = [
  { name: 'report', page: 'ema', theme: 'light', width: 1280, height: 1000 },
  { name: 'report-trade', page: 'ema', theme: 'dark', width: 1280, height: 700, prepare: showTrade },
  { name: 'report-scorecard', page: 'ema', theme: 'light', width: 1280, height: 800, prepare: async (page) => { await page.evaluate("document.querySelector('#scorecard-title').closest('section').scrollIntoView()") } },
  { name: 'report-phone', page: 'grid', theme: 'dark', width: 390, height: 1000, prepare: async (page) => { await page.evaluate("scrollTo(0, document.querySelector('.charts').offsetTop - 160)") } },
]

const shared = resolve(ROOT, process.env['HEDGEROW_SHARED'] ?? '../shared')
const candles = await loadCandles(`${shared}/data/candles/bybit-linear_ETHUSDT_1m_2023-10.csv.gz`)
const options = (timeframe: string, strategy: BacktestOptions['routes'][number]['strategy']): BacktestOptions => ({
  exchange: { profile: 'bybit-uta', positionMode: 'hedge', leverage: 3, startingBalance: 10_000 }, routes: [{ symbol: 'ETHUSDT', timeframe, strategy }], candles: { ETHUSDT: candles }, warmupCandles: 60,
})
const folder = mkdtempSync(join(tmpdir(), 'hedgerow-pictures-'))
writeFileSync(join(folder, 'ema.html'), await reportHtml(finishedRun(await backtest(options('15m', EmaHedge)))))
writeFileSync(join(folder, 'grid.html'), await reportHtml(finishedRun(await backtest({ ...options('5m', HedgeGrid), end: '2023-10-10' }))))

const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
mkdirSync(join(ROOT, 'docs/images'), { recursive: true })
for (const { name, page: file, theme, width, height, prepare } of PICTURES) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' })
  await page.goto(`file://${join(folder, `${file}.html`)}`)
  await page.locator('html[data-ready]').waitFor()
  await prepare?.(page)
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  await page.screenshot({ path: join(ROOT, 'docs/images', `${name}.png`) })
  await page.close()
}
await browser.close()
rmSync(folder, { recursive: true })
