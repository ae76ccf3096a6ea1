/** The picture of a run: every fill of both legs has its sign, in both themes, and PNG comes out of it without a browser. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { comparisonSvg, runPng, runSvg, signedText, type FinishedRun } from '@hedgerow/report'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, candlesFromRows, finishedRun, writeResult, type BacktestOptions, type BacktestResult, type CandleRow } from 'hedgerow'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../apps/runner/src/cli/command.ts'

const [LIGHT, DARK] = [{ long: '#1f6feb', short: '#d9660a', paper: '#ffffff' }, { long: '#5aa2ff', short: '#ff9d4d', paper: '#151a22' }]
const START = Date.UTC(2024, 0, 1)
const priceAt = (index: number): number => Math.round(100 * (100 + Math.sin(index / 9))) / 100
const rows = Array.from({ length: 120 }, (_, index): CandleRow => [START + index * 60_000, priceAt(index), 103, 97, priceAt(index + 1), 1000])

class Pair extends Strategy {
  onBar(): void {
    if (this.index === 10) this.long.open({ qty: 2 })
    if (this.index === 30) this.short.open({ qty: 1 })
    if (this.index === 60) this.long.close()
    if (this.index === 90) this.short.close()
  }
}

class Busy extends Strategy {
  onBar(): void {
    for (const leg of [this.long, this.short]) {
      leg.open({ qty: 1 })
      if (this.index % 2 === 1) leg.open({ qty: 2 })
      if (this.index % 3 === 2) leg.close()
    }
  }
}

class Idle extends Strategy {}

function resultOf(strategy: BacktestOptions['routes'][number]['strategy'], symbols: readonly string[] = ['X']): Promise<BacktestResult> {
  return backtest({
    exchange: { profile: 'exact', positionMode: 'hedge', startingBalance: '10000' }, warmupCandles: 0,
    routes: symbols.map((symbol) => ({ symbol, timeframe: '1m', strategy })), candles: Object.fromEntries(symbols.map((symbol) => [symbol, candlesFromRows(rows)])),
  })
}

const runOf = async (...args: Parameters<typeof resultOf>): Promise<FinishedRun> => finishedRun(await resultOf(...args))

/** Triangles of one leg: those that open are filled with its colour, those that close with that of the paper. */
function triangles(svg: string, color: string, paper: string): { readonly filled: number; readonly hollow: number } {
  const count = (fill: string, stroke: string): number => [...svg.matchAll(new RegExp(`<path d="M[^"]*z" fill="${fill}" stroke="${stroke}"`, 'g'))].length
  return { filled: count(color, paper), hollow: count(paper, color) }
}

describe('the picture of a run', () => {
  it.each([['light', LIGHT], ['dark', DARK]] as const)('%s: two entries and two exits, by leg in colour and shape', async (theme, { long, short, paper }) => {
    const svg = runSvg(await runOf(Pair), { theme })
    expect(triangles(svg, long, paper)).toEqual({ filled: 1, hollow: 1 })
    expect(triangles(svg, short, paper)).toEqual({ filled: 1, hollow: 1 })
    expect(svg).toContain('X: quantity, long above, short below, net as a line')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('a run without trades, and texts that are no markup', async () => {
    const run = await runOf(Idle)
    const svg = runSvg({ ...run, header: { ...run.header, routes: [{ name: 'a < b & "c"', symbol: 'X', timeframe: '1m', legs: ['long', 'short'], params: {} }] } })
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot; on X 1m')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    expect(triangles(svg, LIGHT.long, LIGHT.paper)).toEqual({ filled: 0, hollow: 0 })
  })

  it('several symbols are below each other, three at most', async () => {
    const svg = runSvg(await runOf(Pair, ['A', 'B', 'C', 'D']))
    expect([...svg.matchAll(/>(\w): quantity/g)].map(([, symbol]) => symbol)).toEqual(['A', 'B', 'C'])
    expect(svg).toContain('1 more symbol not shown')
  })

  it('many fills are thinned, each leg for itself', async () => {
    const run = await runOf(Busy)
    expect(run.counts.fills).toBeGreaterThan(400)
    const svg = runSvg(run)
    expect(svg).toContain('signs of fills thinned')
    for (const color of [LIGHT.long, LIGHT.short]) {
      const { filled, hollow } = triangles(svg, color, LIGHT.paper)
      expect(filled + hollow).toBeGreaterThan(20)
      expect(filled + hollow).toBeLessThan(90)
    }
  })

  it('as PNG: 1920 pixels wide, with texts where the system has fonts', async () => {
    const { png, hasTexts } = await runPng(await runOf(Pair), { theme: 'dark' })
    const view = new DataView(png.buffer, png.byteOffset)
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([1920, 1464])
    expect(typeof hasTexts).toBe('boolean')
  })
})

describe('the picture of several runs', () => {
  it('has a curve and a column for each, in colours of their own, by the names that they were given', async () => {
    const runs = [{ name: 'pair', run: await runOf(Pair) }, { name: 'busy <1>', run: await runOf(Busy) }]
    const svg = comparisonSvg(runs, { theme: 'dark' })
    for (const { run } of runs) expect(svg).toContain(`>${signedText(run.metrics.total.totalPnl)}</text>`)
    // Blue and orange are legs.
    for (const color of ['#2ed3b7', '#ee7bd8']) expect([...svg.matchAll(new RegExp(`<path d="M[^"]+" stroke="${color}" stroke-width="1.8"`, 'g'))].length).toBe(1)
    expect(svg).toContain('>busy &lt;1&gt;</text>')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })
})

describe.skipIf(process.platform !== 'linux')('hedgerow report --open', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hedgerow-open-'))
  afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

  it('hands the page to the program for such files, of --png alone the picture', { timeout: 60_000 }, async () => {
    writeResult(await resultOf(Pair), join(folder, 'run'))
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" >> ${folder}/opened\n`, { mode: 0o755 })
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`)
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
    const opened = (): string => (existsSync(join(folder, 'opened')) ? readFileSync(join(folder, 'opened'), 'utf8') : '')
    try {
      const [png, html] = [join(folder, 'run.png'), join(folder, 'run.html')]
      expect(await runCommand(['report', join(folder, 'run'), '--png', png, '--open'])).toBe(0)
      await expect.poll(opened, { timeout: 20_000 }).toBe(`${png}\n`)
      expect(await runCommand(['report', join(folder, 'run'), '--png', png, '--out', html, '--open'])).toBe(0)
      await expect.poll(opened, { timeout: 20_000 }).toBe(`${png}\n${html}\n`)
    } finally {
      spy.mockRestore()
      vi.unstubAllEnvs()
    }
  })
})

describe('hedgerow report --png', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hedgerow-picture-'))
  afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

  it('writes the picture of one run, and no page unless --out asks for one', async () => {
    const run = join(folder, 'run')
    writeResult(await resultOf(Pair), run)
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
    const errors = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
    try {
      const png = join(folder, 'run.png')
      expect(await runCommand(['report', run, '--png', png])).toBe(0)
      expect(readFileSync(png).subarray(1, 4).toString()).toBe('PNG')
      expect(spy.mock.calls.map(([text]) => String(text)).join('')).toMatch(/^\S*run\.png\n$/)
      expect(await runCommand(['report', run, run, '--png', join(folder, 'both.png')])).toBe(0)
      expect(readFileSync(join(folder, 'both.png')).subarray(1, 4).toString()).toBe('PNG')
      expect(await runCommand(['report', run, '--png', png, '--theme', 'pink'])).toBe(2)
      expect(await runCommand(['report', run, '--theme', 'dark'])).toBe(2)
      expect(await runCommand(['report', run, '--png', folder])).toBe(1)
      expect(errors.mock.calls.map(([text]) => String(text)).join('')).toMatch(/"pink".*without --png.*OUTPUT_REFUSED/s)
    } finally {
      spy.mockRestore()
      errors.mockRestore()
    }
  })
})
