/** Every code block of README and docs runs here, every generated section is fresh, and every link leads somewhere. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ERRORS, isHedgerowError, type CandleColumns, type PositionMode } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, type BacktestOptions, type BacktestResult } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { fileOf, folderOf, moduleOf, showsOutput } from '../tools/docs/examples.ts'
import { blocksOf, pages, refreshed, ROOT, type Block, type Page } from '../tools/docs/markdown.ts'
import { SECTIONS } from '../tools/docs/sections.ts'
import { typeProblems, Workspace, type Ran } from '../tools/docs/workspace.ts'
import { candlesOf } from './support/random-market.ts'
import { sharedFolder } from './support/shared.ts'

type StrategyClass = BacktestOptions['routes'][number]['strategy']

const SLOW = 60_000
const shared = sharedFolder()
const isModule = ({ language, notRun }: Block): boolean => language === 'ts' && notRun === null

/** A page with its folder, and what its last command or program has said. */
class Stage {
  readonly page: Page
  readonly blocks: readonly Block[]
  readonly workspace: Workspace
  said: Ran = { status: null, stdout: '', stderr: '' }

  constructor(page: Page) {
    this.page = page
    this.blocks = blocksOf(page)
    this.workspace = new Workspace(folderOf(page.path))
  }

  /** Saves a block where a reader would save it, and a module without a name as well. */
  save(block: Block): void {
    if (isModule(block)) this.workspace.write(fileOf(block), moduleOf(block))
    else if (block.words.has('file')) this.workspace.write(fileOf(block), `${block.code}\n`)
  }

  pathOf(block: Block): string {
    return join(this.workspace.folder, fileOf(block))
  }
}

/** Runs a command or a program, which has to end with the status that the block names (`fails=2`), else well. */
function execute(stage: Stage, block: Block): void {
  const { workspace } = stage
  if (block.words.has('shared') && shared !== null) workspace.shared = shared
  stage.said = block.language === 'sh' ? workspace.shell(block.code) : workspace.program(fileOf(block))
  expect(stage.said).toEqual({ ...stage.said, status: Number(block.words.get('fails') ?? 0) })
}

function expectOutput({ said }: Stage, { words, code }: Block): void {
  const actual = words.get('output') === 'stderr' ? said.stderr : said.stdout
  expect(showsOutput(code, actual) ? code : actual).toBe(code)
}

/** A file is there for a command or another file further down; a configuration is found by its name. */
function expectUse({ blocks }: Stage, block: Block): void {
  const name = fileOf(block) === 'hedgerow.config.ts' ? 'hedgerow' : basename(fileOf(block))
  const later = blocks.slice(blocks.indexOf(block) + 1)
  expect(later.map(({ code }) => code).join('\n')).toContain(name)
}

/** A calm market around 2000, with enough movement for every kind of order. */
function market(): CandleColumns {
  const moves = Array.from({ length: 600 }, (_, index): [number, number, number, number] => [0, 8, 8, Math.round(30 * Math.sin(index / 9) + 12 * Math.sin(index * 1.7))])
  return candlesOf(moves, 20_000)
}

function run(strategy: StrategyClass, positionMode: PositionMode): Promise<BacktestResult> {
  return backtest({
    exchange: { profile: 'bybit-uta', positionMode, leverage: 5, startingBalance: '100000' },
    routes: [{ symbol: 'ETHUSDT', timeframe: '1m', strategy }], candles: { ETHUSDT: market() }, warmupCandles: 60,
  })
}

function isStrategy(value: unknown): value is StrategyClass {
  return typeof value === 'function' && value.prototype instanceof Strategy
}

/** Loads a module of a page; a strategy is run, in both modes unless the block is about one outcome. */
async function runModule({ words }: Block, path: string): Promise<void> {
  const loaded: unknown = await import(pathToFileURL(path).href)
  const exported = typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined
  if (!isStrategy(exported)) return expect(words.has('in'), 'a fragment has to be part of a strategy').toBe(false)
  const thrown = words.get('throws')
  if (thrown !== undefined) return expect(await run(exported, 'hedge').then(() => 'nothing', codeOf)).toBe(thrown)
  const result = await run(exported, 'hedge')
  const denied = words.get('denied')
  expect(deniedCodes(result)).toEqual(denied === undefined ? [] : [denied])
  expect(result.counts.orders + result.counts.denied, 'orders of a strategy that is shown').toBeGreaterThan(0)
}

function codeOf(error: unknown): unknown {
  return isHedgerowError(error) ? error.code : error
}

function deniedCodes({ events }: BacktestResult): string[] {
  return [...new Set(events.flatMap((event) => (event.type === 'order.denied' ? [event.code] : [])))]
}

/** What a block has to be that is no program. */
const CHECKS: Readonly<Record<string, (block: Block) => void>> = {
  json: ({ code }) => expect(() => JSON.parse(code) as unknown).not.toThrow(),
  csv: ({ code }) => expect(new Set(code.split('\n').map((line) => line.split(',').length)).size).toBe(1),
  mermaid: ({ code }) => expect(code).toMatch(/^(flowchart|sequenceDiagram|stateDiagram)/),
}

async function check(stage: Stage, block: Block): Promise<void> {
  const { language, words } = block
  stage.save(block)
  if (language === 'sh' || words.has('run')) execute(stage, block)
  else if (words.has('file')) expectUse(stage, block)
  else if (language === 'ts') await runModule(block, stage.pathOf(block))
  else if (language === 'text' && words.has('output')) expectOutput(stage, block)
  else if (CHECKS[language] !== undefined) CHECKS[language](block)
  else throw new Error(`"${language}" blocks are not run. Use ts, sh, text output, ${Object.keys(CHECKS).join(', ')}, or say why above it: <!-- not run: reason -->`)
}

/** Programs and commands of these pages are run with every test, those of the others with the tests that take long: a process each. */
const FIRST_PAGES: readonly string[] = ['README.md', 'docs/getting-started.md', 'docs/report-imports.md']
const ALL = process.env['HEDGEROW_TESTS'] === 'all'

function waits({ page: { path } }: Stage, { language, words }: Block): boolean {
  return !ALL && !FIRST_PAGES.includes(path) && (language === 'sh' || words.has('run') || words.has('output'))
}

const stages = pages().map((page) => new Stage(page))

function textOf(path: string): string {
  return stages.find(({ page }) => page.path === path)?.page.text ?? ''
}

describe.each(stages)('$page.path', (stage) => {
  const { page, blocks } = stage

  it('has fresh generated sections', () => {
    expect(refreshed(page, SECTIONS), 'stale: run `npm run docs`').toBe(page.text)
  })

  it('links to what exists', () => {
    const links = [...page.text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => resolve(ROOT, dirname(page.path), target))
    const named = [...page.text.matchAll(/`((?:packages|apps|tools|test|examples|docs)\/[\w./-]+)`/g)].map(([, path = '']) => resolve(ROOT, path))
    expect([...links, ...named].filter((path) => !existsSync(path))).toEqual([])
  })

  it.for([...blocks])('$language at line $line', { timeout: SLOW }, async (block, { skip }) => {
    expect.hasAssertions()
    if (block.notRun !== null) skip(block.notRun)
    if (waits(stage, block)) skip('npm run test:long runs it')
    if (block.words.has('shared') && shared === null) skip('the shared data is not here')
    await check(stage, block)
  })
})

describe('the documentation as a whole', () => {
  it.runIf(ALL)('type-checks every module', () => {
    const modules = stages.flatMap((stage) => stage.blocks.filter(isModule).map((block) => ({ stage, block })))
    for (const { stage, block } of modules) stage.save(block)
    expect(typeProblems(modules.map(({ stage, block }) => stage.pathOf(block)))).toEqual([])
  }, SLOW)

  it('explains every warning, and names only codes that exist', () => {
    const found = ['apps/runner/src/backtest/assemble.ts', 'packages/strategy-sdk/src/declared-variable.ts', 'packages/report/src/import/imported-run.ts', 'packages/report/src/import/binance.ts'].flatMap((file) => [...readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:\bwarn\((?:.*?, )?|\{ code: )'([A-Z_]+)',/g)])
    const warnings = found.map(([, code = '']) => code)
    expect(warnings.length).toBeGreaterThan(10)
    expect(warnings.filter((code) => !textOf('docs/errors.md').includes(`| \`${code}\` |`))).toEqual([])
    const known = new Set([...Object.keys(ERRORS), ...warnings, 'HEDGEROW_SHARED'])
    const named = stages.flatMap(({ page: { path, text } }) => [...text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, code = '']) => ({ path, code })))
    expect(named.filter(({ code }) => !known.has(code))).toEqual([])
  })

  it('explains reasons of cancellations that exist', () => {
    const union = /type CancelReason =([\s\S]*?)\n\n/.exec(readFileSync(join(ROOT, 'packages/core/src/domain/events.ts'), 'utf8'))?.[1] ?? ''
    const explained = [...textOf('docs/errors.md').matchAll(/`([a-z-]+)`(?=[^|\n]*\|[^|\n]*\|$)/gm)].map(([, reason = '']) => reason)
    expect(explained.length).toBeGreaterThan(10)
    expect(explained.filter((reason) => !union.includes(`'${reason}'`))).toEqual([])
  })

  it('defines every key of a result', async () => {
    class Once extends Strategy {
      shouldLong(): boolean { return this.index === 0 }
      goLong(): void { this.buy = [1, this.price] }
    }
    const { metrics, counts, trades, equity } = await run(Once, 'hedge')
    const text = textOf('docs/metrics.md')
    const keys = [metrics, counts, trades[0], equity[0]].flatMap((part) => Object.keys(part ?? {}))
    expect(keys.filter((key) => !new RegExp(`\`(\\{ |[^\`]*, )?${key}\\b`).test(text))).toEqual([])
  })

  it('defines every row of the summary', () => {
    const rows = [...readFileSync(join(ROOT, 'apps/runner/src/output/metric-rows.ts'), 'utf8').matchAll(/(?:text|money|ratio)\('([^']+)'/g)].map(([, label = '']) => label)
    expect(rows.length).toBeGreaterThan(15)
    expect(rows.filter((label) => !textOf('docs/metrics.md').includes(label))).toEqual([])
  })

  it('follows the way of an order through functions that exist', () => {
    const text = textOf('docs/architecture.md')
    const steps = [...text.matchAll(/\]\(\.\.\/([^)]+\.ts)\) \| `(\w+)`/g)].map(([, file = '', name = '']) => ({ file, name }))
    expect(steps.length).toBeGreaterThanOrEqual(10)
    expect(steps.filter(({ file, name }) => !new RegExp(`\\b${name}\\(`).test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([])
  })

  it('uses only hooks and members of a strategy that exist', () => {
    const text = textOf('docs/strategy-guide.md')
    const hooks = [...text.matchAll(/^\| (?:\d \| )?`(\w+)\(/gm)].map(([, name = '']) => name)
    expect(hooks.filter((name) => !(name in Strategy.prototype) && !['open', 'close', 'order', 'protect', 'maxOpenQty'].includes(name))).toEqual([])
  })
})
