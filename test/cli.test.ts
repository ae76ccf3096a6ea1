/** The command as a person calls it: a process with arguments, files, exit codes and two streams. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explanation } from '../apps/runner/src/cli/why-command.ts'
import { plain } from '../apps/runner/src/output/paint.ts'

const ROOT = resolve(import.meta.dirname, '..')
const MAIN = ['--conditions=@hedgerow/source', join(ROOT, 'apps/runner/src/main.ts')]
const FILES = ['candles.json', 'course.csv', 'equity.csv', 'events.jsonl', 'fills.csv', 'positions.csv', 'result.json', 'sources.json', 'trades.csv']
const TIMEOUT = 20_000

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

let folder = ''

/** Starts a program in the folder; `onError` is told standard error so far whenever there is more of it. */
function start(nodeArgs: readonly string[], onError: (text: string, child: ChildProcess) => void = () => {}): Promise<Ended> {
  const { promise, resolve: end, reject } = Promise.withResolvers<Ended>()
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...env } = process.env
  const child = spawn(process.execPath, nodeArgs, { cwd: folder, env })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    onError(stderr, child)
  })
  child.on('error', reject).on('close', (code) => { end({ code, stdout, stderr }) })
  return promise
}

/** `interruptOn` is a text of standard error upon which the command is interrupted. */
function hedgerow(args: string, interruptOn?: string): Promise<Ended> {
  return start([...MAIN, ...args.split(' ').filter((word) => word !== '')], (text, child) => {
    if (interruptOn !== undefined && !child.killed && text.includes(interruptOn)) child.kill('SIGINT')
  })
}

/** Flags of a run on the candles of the folder. */
const RUN = 'backtest --symbol XUSDT --timeframe 1m --candles candles.csv --position-mode hedge --warmup-candles 0'

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function strategy(name: string, body: string): string {
  return `import { Strategy } from '@hedgerow/strategy-sdk'\nimport { z } from 'zod'\nexport default class ${name} extends Strategy {\n${body}\n}\n`
}

/** Opens both legs on one bar and closes them on another. */
const PAIR = `  static params = z.object({ openAt: z.int().min(1).max(99).default(3).describe('Bar of the entry'), qty: z.number().positive().default(1) })
  onBar() {
    if (this.index === this.hp.openAt) { this.long.open({ qty: this.hp.qty }); this.short.open({ qty: this.hp.qty }) }
    if (this.index === 30) this.long.close()
    if (this.index === 40) this.short.close()
  }`

const MODULES: Readonly<Record<string, string>> = {
  'pair.ts': strategy('Pair', PAIR),
  'idle.ts': strategy('Idle', ''),
  'asks.ts': strategy('Asks', `  onBar() {
    if (this.index !== 0) return
    this.long.open({ qty: 1, price: 98, tag: 'touched' })
    this.short.open({ qty: 1, price: 112, tag: 'far' })
    this.long.open({ qty: 1e6 })
    this.long.open({ qty: 2 })
  }
  onOpenPosition(order, leg) { if (leg === 'long') this.long.close({ trigger: 90, tag: 'stop' }) }`),
  'prints.ts': strategy('Prints', `  onBar() { if (this.index === 0) { console.log('from console'); this.log('from the strategy') } }`),
  'throws.ts': strategy('Throws', `  onBar() { if (this.index === 7) this.fail() }\n  fail() { throw new RangeError('seven') }`),
  'endless.ts': strategy('Endless', `  onBar() { this.log('started'); for (;;); }`),
  'constructor.ts': strategy('Constructor', '  field = JSON.parse("{")'),
  'enum.ts': 'enum A { b }\nexport default A\n',
  'plain-params.ts': strategy('PlainParams', '  static params = { openAt: 3 }'),
  'empty.ts': '',
  'no-strategy.ts': 'export default { shouldLong: true }\n',
}

function configuration(more: string): string {
  return `import { defineConfig } from 'hedgerow'\nexport default defineConfig({ exchange: { positionMode: 'hedge', leverage: 2 }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy: './pair.ts' }], candles: { XUSDT: './candles.csv' }, warmupCandles: 0, ${more} })\n`
}

function candleRows(): string[] {
  return Array.from({ length: 120 }, (_, index) => {
    const open = 100 + (index % 10)
    return `${Date.UTC(2023, 9, 2) + index * 60_000},${open},${open + 2},${open - 2},${open + 1},50`
  })
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hedgerow-cli-'))
  mkdirSync(join(folder, 'node_modules'))
  for (const name of ['@hedgerow', 'hedgerow', 'zod']) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  for (const [path, text] of Object.entries(MODULES)) write(path, text)
  const rows = candleRows()
  write('candles.csv', ['timestamp_ms,open,high,low,close,volume', ...rows].join('\n'))
  write('broken.csv', ['timestamp_ms,open,high,low,close,volume', ...rows.with(5, '1696205100000,105,oops,103,106,50')].join('\n'))
  write('node_modules/published/package.json', JSON.stringify({ name: 'published', version: '1.0.0', type: 'module', exports: { '.': { import: './index.js' } } }))
  write('node_modules/published/index.js', strategy('Published', ''))
  write('project/hedgerow.config.ts', configuration("out: 'from-config'").replaceAll("'./", "'../"))
  write('wrong-key.config.ts', configuration("exchnage: { leverage: 3 }"))
  write('broken.config.ts', 'export default {')
})

afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

describe.concurrent('hedgerow', { timeout: TIMEOUT }, () => {
  it('explains itself', async () => {
    const [nothing, help, params, same] = await Promise.all([hedgerow(''), hedgerow('backtest --help'), hedgerow('params pair.ts'), hedgerow('help backtest')])
    expect(same).toEqual(help)
    expect([nothing.code, help.code, params.code]).toEqual([0, 0, 0])
    expect(nothing.stdout).toContain('hedgerow backtest --help')
    for (const flag of ['--strategy', '--position-mode <one-way|hedge>', '(default: 240)', 'Examples:', 'Exit codes:']) expect(help.stdout).toContain(flag)
    expect(params.stdout).toMatch(/openAt +an integer from 1 to 99 +default 3 +Bar of the entry/)
  })

  it.each([
    ['backtest --leverge 3', 2, /USAGE_INVALID[\s\S]*unknown option '--leverge'[\s\S]*Did you mean --leverage\?/],
    ['bactest', 2, /USAGE_INVALID[\s\S]*unknown command 'bactest'/],
    ['data import --ovrlap keep x.csv', 2, /unknown option '--ovrlap'[\s\S]*Did you mean --overlap\? See `hedgerow data import --help`/],
    ['data foo', 2, /unknown command 'foo'[\s\S]*See `hedgerow data --help`/],
    ['backtest', 2, /CONFIG_MISSING[\s\S]*hedgerow\.config\.ts[\s\S]*Pass flags/],
    ['backtest --config wrong-key.config.ts', 2, /UNKNOWN_KEY[\s\S]*wrong-key\.config\.ts[\s\S]*exchnage/],
    ['backtest --config broken.config.ts', 2, /MODULE_NOT_LOADED[\s\S]*broken\.config\.ts/],
    ['backtest --config missing.config.ts', 2, /CONFIG_MISSING[\s\S]*missing\.config\.ts/],
    [`${RUN} --strategy pair.ts --param openAt=100`, 2, /PARAMETER_INVALID[\s\S]*openAt[\s\S]*100[\s\S]*an integer from 1 to 99, default 3/],
    [`${RUN} --strategy pair.ts --candles missing.csv`, 2, /DATA_FILE_MISSING[\s\S]*missing\.csv/],
    [`${RUN} --strategy pair.ts --candles broken.csv --out never`, 2, /DATA_INVALID[\s\S]*broken\.csv, line 7[\s\S]*oops/],
    [`${RUN} --strategy pair.ts --marks YUSDT=candles.csv`, 2, /UNKNOWN_SYMBOL[\s\S]*"YUSDT"[\s\S]*XUSDT/],
    [`${RUN} --strategy missing.ts`, 2, /UNKNOWN_STRATEGY[\s\S]*missing\.ts/],
    [`${RUN} --strategy no-strategy.ts`, 2, /UNKNOWN_STRATEGY[\s\S]*no-strategy\.ts[\s\S]*export default class/],
    [`${RUN} --strategy empty.ts`, 2, /UNKNOWN_STRATEGY[\s\S]*empty\.ts[\s\S]*no default export/],
    [`${RUN} --strategy plain-params.ts`, 2, /PARAMETER_INVALID[\s\S]*PlainParams, static params[\s\S]*z\.object/],
    ['params plain-params.ts', 2, /PARAMETER_INVALID[\s\S]*PlainParams, static params[\s\S]*z\.object/],
    [`${RUN} --strategy pair.ts --fee -1`, 2, /CONFIG_INVALID[\s\S]*between -1 and 1/],
    [`${RUN} --strategy pair.ts --max-gap-minutes -3`, 2, /USAGE_INVALID[\s\S]*--max-gap-minutes[\s\S]*"-3"[\s\S]*a number from 0/],
    [`${RUN} --strategy pair.ts --start 2023-02-30`, 2, /CONFIG_INVALID[\s\S]*--start[\s\S]*"2023-02-30"/],
    [`${RUN} --strategy enum.ts`, 2, /MODULE_NOT_LOADED[\s\S]*enum\.ts[\s\S]*no enums/],
    [`${RUN} --strategy constructor.ts`, 2, /STRATEGY_THREW[\s\S]*Constructor[\s\S]*constructor\.ts:4:\d+[\s\S]*SyntaxError/],
    [`${RUN} --strategy throws.ts --out never`, 1, /STRATEGY_THREW[\s\S]*Throws, bar 7[\s\S]*throws\.ts:5:\d+[\s\S]*RangeError: seven/],
    [`${RUN} --strategy pair.ts --out .`, 2, /OUTPUT_REFUSED/],
  ])('%s ends with %i', async (args, code, message) => {
    const ended = await hedgerow(args)
    expect(ended.stderr).toMatch(message)
    expect(ended.stderr).toMatch(/remedy/)
    expect(ended.stderr).not.toMatch(/^ +at /m)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
    expect(existsSync(join(folder, 'never'))).toBe(false)
  })

  it('prints a plain summary of both legs where no screen is', async () => {
    const { code, stdout, stderr } = await hedgerow(`${RUN} --strategy pair.ts`)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/Strategy +Pair on XUSDT 1m, openAt 3, qty 1/)
    expect(stdout).toMatch(/Trades +1 +1 +2/)
    expect(stdout).toMatch(/Hedged time +2\d\.\d %/)
    expect(stdout).toContain('! FUNDING_NOT_MODELLED')
    expect(stdout).not.toContain('\u001B')
  })

  it('prints one JSON object and nothing else, whatever the strategy prints', async () => {
    const { code, stdout, stderr } = await hedgerow(`${RUN} --strategy prints.ts --json`)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ header: { profile: 'exact', positionMode: 'hedge', seed: 1 }, trades: [], metrics: { count: 0, winRate: null } })
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain('from console')
    expect(stderr).toContain('from the strategy')
  })

  it('writes all files of a run, and replaces them with those of the next', async () => {
    const first = await hedgerow(`${RUN} --strategy idle.ts --out results`)
    const { code, stdout } = await hedgerow(`${RUN} --strategy pair.ts --out results --quiet`)
    expect([first.code, code]).toEqual([0, 0])
    expect(stdout).toMatch(/Files +results/)
    expect(readdirSync(join(folder, 'results')).sort()).toEqual(FILES)
    const textOf = (name: string): string => readFileSync(join(folder, 'results', name), 'utf8')
    const result = JSON.parse(textOf('result.json')) as { journalHash: string; trades: { leg: string; netPnl: string }[] }
    expect(result.trades.map(({ leg }) => leg)).toEqual(['long', 'short'])
    expect(textOf('trades.csv').split('\r\n')).toHaveLength(4)
    expect(textOf('fills.csv').split('\r\n')).toHaveLength(6)
    const [header = '', ...events] = textOf('events.jsonl').trimEnd().split('\n')
    expect(JSON.parse(header)).toMatchObject({ type: 'run.header', journalHash: result.journalHash })
    expect(createHash('sha256').update(events.map((line) => `${line}\n`).join('')).digest('hex')).toBe(result.journalHash)
  })

  it('reads a configuration, with paths from its folder and flags over it', async () => {
    const { code, stdout } = await hedgerow('backtest --config project/hedgerow.config.ts --leverage 3 --param openAt=5')
    expect(code).toBe(0)
    expect(stdout).toMatch(/leverage 3/)
    expect(stdout).toMatch(/openAt 5/)
    expect(readdirSync(join(folder, 'project/from-config')).sort()).toEqual(FILES)
  })

  it('runs the strategy of an installed package', async () => {
    const { code, stdout } = await hedgerow(`${RUN} --strategy published`)
    expect([code, stdout.includes('Published on XUSDT')]).toEqual([0, true])
  })

  it('stops on Ctrl-C even in an endless loop, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await hedgerow(`${RUN} --strategy endless.ts --out interrupted`, 'started')
    expect(stderr).toContain('RUN_INTERRUPTED')
    expect([code, stdout]).toEqual([130, ''])
    expect(readdirSync(folder).filter((name) => name.includes('interrupted'))).toEqual([])
  })

  it('why: explains fills, missed fills and denials of both legs, and a bar', { timeout: 3 * TIMEOUT }, async () => {
    write('moved.csv', readFileSync(join(folder, 'candles.csv'), 'utf8'))
    await hedgerow(`${RUN.replace('candles.csv', 'moved.csv')} --strategy asks.ts --out asked --quiet`)
    const asked = join(folder, 'asked')
    const why = async (about?: string, candles: readonly string[] = []): Promise<string> => (await explanation(asked, about, { candles }, plain)).replaceAll(/\s+/g, ' ')
    const [overview, touched, far, denied, filled, stop, bar] = await Promise.all([undefined, 'touched', 'far', '3', '#4', 'stop', 'bar:1'].map((about) => why(about)))
    expect(overview).toMatch(/denied, INSUFFICIENT_MARGIN 1 3 /)
    expect(touched).toMatch(/opens long 1 XUSDT, limit 98.*did not fill.*lowest low was 98, .*touched, but under `through` the price has to trade below it/)
    expect(far).toMatch(/opens short 1 XUSDT, limit 112.*highest high was 111, .*: 1 short of it/)
    expect(denied).toMatch(/never sent.*INSUFFICIENT_MARGIN.*needed,.*available/)
    expect(filled).toMatch(/sent, at the close of bar 0 \(1m\).*filled 2 at 101, taker.*It filled whole/)
    expect(stop).toMatch(/closes long 2 XUSDT, stop-market, trigger 90.*lowest low was 98, .*: 8 short of it/)
    expect(bar).toMatch(/Bar 1 of Asks.*long 2, short 0.*Nothing: no order.*Order 1 opens long 1 XUSDT, limit 98/)
    rmSync(join(folder, 'moved.csv'))
    const [gone, named] = await Promise.all([why('far'), why('far', [join(folder, 'candles.csv')])])
    expect(gone).toMatch(/112.*not known: moved\.csv does not exist any more:.*--candles/)
    expect(named).toMatch(/highest high was 111/)
  })

  it('why: prints to standard output', async () => {
    await hedgerow(`${RUN} --strategy idle.ts --out idle --quiet`)
    const { code, stdout, stderr } = await hedgerow('why idle')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('No order was sent')
  })

  it.each([
    ['why', 2, /missing required argument 'run'/],
    ['why nowhere', 1, /DATA_FILE_MISSING[\s\S]*no such folder[\s\S]*backtest --out/],
    ['why node_modules', 1, /DATA_FILE_MISSING[\s\S]*a folder without events\.jsonl/],
    ['why cut', 1, /DATA_INVALID[\s\S]*events\.jsonl, line 1/],
  ])('%s ends with %i', async (args, code, message) => {
    write('cut/events.jsonl', '{"type":"run.hea')
    const ended = await hedgerow(args)
    expect(ended.stderr).toMatch(message)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
  })

  it('--watch runs again when a module of the strategy changes, goes on after an error, and ends cleanly on Ctrl-C', { timeout: 3 * TIMEOUT }, async () => {
    const qtyIs = (text: string): void => { write('watched/qty.ts', `export const qty = ${text}\n`) }
    qtyIs('1')
    write('watched/watched.ts', `import { qty } from './qty.ts'\n${strategy('Watched', '  onBar() { if (this.index === 3) this.short.open({ qty }) }')}`)
    let [runs, seen] = [0, '']
    const ended = start([...MAIN, ...`${RUN} --strategy watched/watched.ts --watch`.split(' ')], (all, child) => {
      const fresh = all.slice(seen.length)
      if (!fresh.includes('Ctrl-C ends.')) return
      seen = all
      runs++
      if (runs === 1) qtyIs('2 +')
      else if (runs === 2) qtyIs('3')
      else child.kill('SIGINT')
    })
    const { code, stdout, stderr } = await ended
    expect([code, runs]).toEqual([0, 3])
    expect(stderr.match(/── .* changed ──/g)).toEqual(['── watched/qty.ts changed ──', '── watched/qty.ts changed ──'])
    expect(stderr).toMatch(/changed ──[\s\S]*MODULE_NOT_LOADED[\s\S]*changed ──/)
    expect(stderr).toContain('Watching watched/watched.ts, watched/qty.ts. Ctrl-C ends.')
    expect(stdout.match(/Strategy +Watched/g)).toHaveLength(2)
  })

  it('says on an old Node which one it needs', async () => {
    write('old-node.cjs', "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })")
    const { code, stderr } = await start(['--require', './old-node.cjs', join(ROOT, 'apps/runner/bin/hedgerow.cjs'), 'backtest'])
    expect(code).toBe(78)
    expect(stderr).toMatch(/Node 20\.1\.0.*npx -p node@24 -p hedgerow hedgerow backtest/)
  })
})
