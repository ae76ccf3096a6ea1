/** Every figure and every point on the page of a run, read from the page in a browser, equals what its files and candles give. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { CandleColumns } from '@hedgerow/core'
import { readRun, reportHtml } from '@hedgerow/report'
import { backtest, synthesizeCandles, writeResult, type BacktestOptions } from 'hedgerow'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unpackColumn } from '../../packages/report/src/shared/column.ts'
import type { ColumnRef, PageData } from '../../packages/report/src/shared/page-data.ts'
import EmaHedge from '../../examples/ema-hedge.ts'
import { boxOf, HAS_BROWSER, openBrowser, openPage, readAll } from './browser.ts'
import { accountRows, recomputedAccount, type AccountRow, type MarginTerms } from './recomputed-account.ts'
import { equityOf, recomputed, recomputedMonths, tradesOf, type Figures, type PlainTrade } from './recomputed.ts'
import { numberOf } from './number-of.ts'

/** True where tests that take long are run too. */
const ALL = process.env['HEDGEROW_TESTS'] === 'all'
if (!ALL) console.warn('SKIPPED: every figure of a page is computed once more by npm run test:long')
const SLOW = 120_000
const START = Date.UTC(2024, 0, 29)
const account = { profile: 'bybit-uta', positionMode: 'hedge', leverage: 5, startingBalance: '10000' } as const

/** A run, and what is known of it without the framework. */
interface Subject {
  readonly folder: string
  readonly candles: CandleColumns
  readonly terms: MarginTerms
  readonly figures: Figures
  readonly page: Page
}

/** Calm holds its legs for hours; in wild a stop and a target meet within many a minute. */
const MARKETS = { calm: { volatility: 0.8, params: {} }, wild: { volatility: 8, params: { stop: 0.3, target: 0.2, hedgeAt: 0.15 } } } as const
type Name = keyof typeof MARKETS
const NAMES: readonly Name[] = ['calm', 'wild']

let root = ''
let browser: Browser
const subjects = new Map<Name, Subject>()
let trades: readonly PlainTrade[]
let rows: readonly AccountRow[]
let drawn: { readonly data: PageData; readonly column: (ref: ColumnRef) => Float64Array }

function subjectOf(name: Name): Subject {
  const subject = subjects.get(name)
  if (subject === undefined) throw new Error(`${name} was not run`)
  return subject
}

function setupOf(name: Name, candles: CandleColumns): BacktestOptions {
  return { exchange: account, routes: [{ symbol: 'ETHUSDT', timeframe: '5m', strategy: EmaHedge, params: MARKETS[name].params }], candles: { ETHUSDT: candles }, warmupCandles: 60 }
}

function figuresOf(folder: string, candles: CandleColumns, terms: MarginTerms): Figures {
  return { ...recomputed(folder, candles, terms), ...recomputedAccount(folder, candles, terms) }
}

async function make(name: Name): Promise<Subject> {
  const candles = synthesizeCandles({ seed: 11, start: START, count: 5 * 1440, annualVolatility: MARKETS[name].volatility })
  const folder = join(root, name)
  writeResult(await backtest({ ...setupOf(name, candles), sim: { bracket: name === 'wild' } }), folder)
  const run = readRun(folder)
  writeFileSync(`${folder}.html`, await reportHtml(run))
  const { start, end } = run.header
  const terms = { balance: 10_000, start, end, leverage: 5, takerRate: 0.00055, maintenanceRate: 0.005 }
  return { folder, candles, terms, figures: figuresOf(folder, candles, terms), page: (await openPage(browser, `${folder}.html`)).page }
}

beforeAll(async () => {
  if (!HAS_BROWSER || !ALL) return
  root = mkdtempSync(join(tmpdir(), 'hedgerow-figures-'))
  browser = await openBrowser()
  for (const name of NAMES) subjects.set(name, await make(name))
  const { folder, candles, terms, page } = subjectOf('calm')
  trades = tradesOf(folder, candles)
  rows = accountRows(folder, candles, terms)
  drawn = await readPayload(page)
}, SLOW)

afterAll(async () => {
  if (!HAS_BROWSER || !ALL) return
  await browser.close()
  rmSync(root, { recursive: true, force: true })
})

/** The columns that the page draws from. */
async function readPayload(from: Page): Promise<typeof drawn> {
  const textOf = async (id: string): Promise<string> => (await readAll(from, `#${id}`, 'id')).map(([, text]) => text).join('')
  const [data, block] = [await textOf('data'), await textOf('block')]
  const bytes = gunzipSync(Buffer.from(block, 'base64'))
  return { data: JSON.parse(data) as PageData, column: (ref) => unpackColumn(bytes.subarray(ref.at, ref.at + ref.bytes), ref) }
}

/** What is written differs from what it should be by more than its last digit. */
function isOff(text: string, wanted: number | null | undefined): boolean {
  const { value, step } = numberOf(text)
  return wanted === undefined || (value === null ? wanted !== null : wanted === null || Math.abs(value - wanted) > 0.5001 * step + 1e-9)
}

describe.skipIf(!HAS_BROWSER || !ALL).each(NAMES)('the figures of a page, %s', { timeout: SLOW }, (name) => {
  it('every one of the scorecard, none left out', async () => {
    const { page, figures } = subjectOf(name)
    const shown = await readAll(page, '.scorecard [data-figure]', 'data-figure')
    expect(shown.filter(([figure, text]) => isOff(text, figures[figure])).map(([figure, text]) => `${figure}: ${text} instead of ${figures[figure]}`)).toEqual([])
    expect(shown.length).toBeGreaterThan(95)
    expect(Math.min(figures['long.count'] ?? 0, figures['short.count'] ?? 0, -(figures['long.slippage'] ?? 0), -(figures['short.slippage'] ?? 0))).toBeGreaterThan(0)
    expect((figures['ambiguousCandles'] ?? 0) > 0).toBe(name === 'wild')
  })

  it('the tiles at the top and their notes', async () => {
    const { page, figures } = subjectOf(name)
    const costs = (figures['total.fees'] ?? 0) + (figures['total.slippage'] ?? 0)
    const wanted: Figures = { totalPnl: figures['total.totalPnl'] ?? null, 'long.totalPnl': figures['long.totalPnl'] ?? null, 'short.totalPnl': figures['short.totalPnl'] ?? null, intradayMaxDrawdown: figures['total.intradayMaxDrawdown'] ?? null, hedgedTimeRatio: figures['total.hedgedTimeRatio'] ?? null, costs }
    const shown = await readAll(page, '.tile [data-figure]', 'data-figure')
    expect(shown.filter(([figure, text]) => isOff(text, wanted[figure])).map(([figure, text]) => `${figure}: ${text} instead of ${wanted[figure]}`)).toEqual([])
    const notes = (await readAll(page, '.tile .note', 'class')).map(([, text]) => text)
    const numbers = notes.map((text) => [...text.matchAll(/[-+]?\d[\d,.]*(?: %)?/g)].map(([number]) => number))
    const expected = [[figures['total.totalReturn'], 10_000], [figures['long.count'], figures['long.winRate']], [figures['short.count'], figures['short.winRate']], [Math.min(figures['long.intradayMaxDrawdown'] ?? 0, figures['short.intradayMaxDrawdown'] ?? 0)], [figures['total.timeInMarket']]]
    expect(expected.flatMap((values, tile) => values.filter((value, index) => isOff(numbers[tile]?.[index] ?? '–', value)).map((value) => `${notes[tile]} instead of ${value}`))).toEqual([])
    expect([shown.length, notes.length]).toEqual([6, 6])
  })
})

describe.skipIf(!HAS_BROWSER || !ALL)('what the path within candles decides', { timeout: SLOW }, () => {
  it('both extremes are the two runs made by hand', async () => {
    const { candles, terms, page, folder } = subjectOf('wild')
    const ends = [equityOf(folder).at(-1)?.equity]
    for (const path of ['olhc', 'ohlc'] as const) {
      const byHand = join(root, path)
      writeResult(await backtest({ ...setupOf('wild', candles), sim: { path } }), byHand)
      const figures = figuresOf(byHand, candles, terms)
      const shown = await readAll(page, `[data-figure^="${path}."]`, 'data-figure')
      expect(shown.filter(([figure, text]) => isOff(text, figures[figure.replace(path, 'total')])).map(([figure, text]) => `${figure}: ${text}`)).toEqual([])
      expect(shown.length).toBeGreaterThan(7)
      ends.push(equityOf(byHand).at(-1)?.equity)
    }
    expect(new Set(ends).size, 'the path matters here').toBe(3)
  })
})

describe.skipIf(!HAS_BROWSER || !ALL)('the small charts of a page', { timeout: SLOW }, () => {
  it('the distribution: each bar counts the trades that netted between its label and the next', async () => {
    const bars = await barsOf('Trades by net pnl')
    const edges = bars.map(({ label }) => Number(label))
    const counted = bars.map(({ label }, index) => ({ label, ...countOf(trades.filter(({ net }) => (index === 0 || net >= (edges[index] ?? 0)) && (index === bars.length - 1 || net < (edges[index + 1] ?? 0)))) }))
    expect(bars).toEqual(counted)
    expect(bars.reduce((sum, { long, short }) => sum + long + short, 0)).toBe(trades.length)
  })

  it('the holding times', async () => {
    const [minute, hour] = [60_000, 3_600_000]
    const edges = [0, minute, 5 * minute, 15 * minute, hour, 4 * hour, 12 * hour, 24 * hour, 72 * hour, 168 * hour, Number.POSITIVE_INFINITY]
    const bars = await barsOf('Trades by holding time')
    expect(bars).toEqual(bars.map(({ label }, index) => ({ label, ...countOf(trades.filter(({ held }) => held >= (edges[index] ?? 0) && held < (edges[index + 1] ?? 0))) })))
    expect(bars.reduce((sum, { long, short }) => sum + long + short, 0)).toBe(trades.length)
  })

  it('the months: gains, returns, legs and trades', async () => {
    const { page } = subjectOf('calm')
    const months = recomputedMonths(subjectOf('calm').folder)
    const cells = await Promise.all(months.map(({ month }) => page.locator(`[data-month="${month}"] td:not(.bar)`).allTextContents()))
    let equity = 10_000
    for (const [index, { month, gain, long, short }] of months.entries()) {
      const closed = trades.filter(({ closedAt }) => new Date(closedAt - 1).toISOString().startsWith(month)).length
      expect([gain / equity, gain, long, short, closed].filter((value, column) => isOff(cells[index]?.[column] ?? '', value))).toEqual([])
      equity += gain
    }
    expect(months.length).toBe(2)
  })

  it('the scatter: a point for each trade, at its worst and best moment in percent of the most that it held', async () => {
    const { page } = subjectOf('calm')
    const { data, column } = drawn
    const [mae, mfe, peak] = [data.trades.mae, data.trades.mfe, data.trades.peakNotional].map(column)
    const texts = (await readAll(page, '.scatter svg text', 'x')).map(([, text]) => numberOf(text.replace(/worst /, '')).value ?? 0)
    const [right = 0, , top = 0] = texts
    const points = (await readAll(page, '.scatter path', 'd')).flatMap(([d]) => [...d.matchAll(/M([\d.]+) ([\d.]+)(h0|a3)/g)].map(([, x, y, kind]) => [Number(x) + (kind === 'a3' ? 3 : 0), Number(y)] as const))
    const wanted = trades.map((trade, index) => {
      expect(peak?.[index]).toBeCloseTo(trade.peak, 4)
      const [worst, best] = [trade.inside.worst, trade.inside.best]
      // What happened before the entry or after the exit within their candles is not the trade's: the truth lies between without and with them.
      expect(mae?.[index], `worst of trade ${index + 1}`).toBeLessThanOrEqual(worst + 1e-6)
      expect(mae?.[index]).toBeGreaterThanOrEqual(trade.around.worst - 1e-6)
      expect(mfe?.[index], `best of trade ${index + 1}`).toBeGreaterThanOrEqual(best - 1e-6)
      expect(mfe?.[index]).toBeLessThanOrEqual(trade.around.best + 1e-6)
      return [44 + ((100 * Math.abs(mae?.[index] ?? 0)) / trade.peak / (100 * Math.abs(right))) * 424, 246 - ((100 * (mfe?.[index] ?? 0)) / trade.peak / Math.abs(top)) * 236] as const
    })
    expect(points.length).toBe(trades.length)
    const far = wanted.filter(([x, y]) => !points.some(([px, py]) => Math.abs(px - x) < 0.2 && Math.abs(py - y) < 0.2))
    expect(far).toEqual([])
  })

  it('exposure, margin use, distance to liquidation and naked-leg time over time', () => {
    const { data: { course }, column } = drawn
    const columns = (['gross', 'net', 'hedgeRatio', 'marginUse', 'liquidationDistance', 'drawdown', 'nakedTime'] as const).map((name) => column(course[name]))
    const byRow = Map.groupBy(rows, ({ at }) => Math.floor((at - course.start) / course.step))
    expect(byRow.size).toBe(columns[0]?.length)
    let [peak, held, candles, naked] = [10_000, 0, 0, 0]
    for (const [row, inside] of byRow) {
      const last = inside.at(-1)
      const depths = inside.map(({ equity }) => equity / (peak = Math.max(peak, equity)) - 1)
      const distances = inside.flatMap(({ liquidationDistance }) => (liquidationDistance === null ? [] : [liquidationDistance]))
      held += distances.length
      candles += inside.length
      naked += inside.filter((each) => each.gross > 0 && each.hedgeRatio === 0).length
      const wanted = [last?.gross, last?.net, last?.hedgeRatio, Math.max(...inside.map((each) => each.marginUse)), distances.length === 0 ? Number.NaN : Math.min(...distances), Math.min(...depths), naked / candles]
      const shown = columns.map((values) => values[row])
      for (const [index, value] of wanted.entries()) expect(Number.isNaN(value) ? Number.isNaN(shown[index]) : Math.abs((shown[index] ?? Number.NaN) - (value ?? 0)) < 2e-6, `row ${row}, column ${index}: ${shown[index]} instead of ${value}`).toBe(true)
    }
    expect(held).toBeGreaterThan(1000)
  })

  it('the curves: the legs sum to the account at every bar that can be pointed at, as fills and candles give it', async () => {
    const { page, terms, folder } = subjectOf('calm')
    await page.locator('.charts').scrollIntoViewIfNeeded()
    const box = await boxOf(page, '#chart')
    const byEnd = new Map(rows.map((row) => [row.at + 60_000, row]))
    const step = Number(await page.locator('html').getAttribute('data-step'))
    const seen = new Set<string>()
    for (let x = 4; x < box.width - 80; x += 7) {
      await page.mouse.move(box.x + x, box.y + 200)
      const reading = (await page.locator('#reading').textContent()) ?? ''
      const [, day, clock] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d)/.exec(reading) ?? []
      // What is closed at the very end is no part of a candle.
      const row = byEnd.get(Date.parse(`${day}T${clock}Z`) + step)
      if (row === undefined || row.at + 60_000 >= terms.end) continue
      seen.add(`${day} ${clock}`)
      const shown = ['account', 'long leg', 'short leg'].map((name) => numberOf(new RegExp(`${name} ([-+]?[\\d,.]+)`).exec(reading)?.[1] ?? '–').value ?? Number.NaN)
      for (const [index, value] of [row.long + row.short, row.long, row.short].entries()) expect(Math.abs((shown[index] ?? Number.NaN) - value), `${reading}, ${index}`).toBeLessThan(0.00502)
      expect(Math.abs((shown[0] ?? Number.NaN) - (shown[1] ?? Number.NaN) - (shown[2] ?? Number.NaN))).toBeLessThan(0.0151)
    }
    expect(seen.size).toBeGreaterThan(80)
    for (const { equity, long, short } of equityOf(folder)) expect(Math.abs(terms.balance + long + short - equity)).toBeLessThan(1e-8)
  })
})

/** The bars of a chart as it describes itself to those who cannot see it. */
async function barsOf(title: string): Promise<readonly { readonly label: string; readonly long: number; readonly short: number }[]> {
  const [described] = (await readAll(subjectOf('calm').page, `svg.bars[aria-label^="${title}"]`, 'aria-label')).map(([label]) => label)
  return (described ?? '').slice(title.length + 2).split('; ').map((text) => {
    const [, label = '', long, short] = /^(.*): (\d+) long, (\d+) short$/.exec(text) ?? []
    return { label, long: Number(long), short: Number(short) }
  })
}

function countOf(own: readonly PlainTrade[]): { readonly long: number; readonly short: number } {
  return { long: own.filter(({ leg }) => leg === 'long').length, short: own.filter(({ leg }) => leg === 'short').length }
}
