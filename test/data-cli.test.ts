/** The data folder as a person uses it: the commands, what they say, what they leave behind when they are interrupted, and backtests by symbol. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../apps/runner/src/cli/command.ts'
import { sharedFolder } from './support/shared.ts'

const ROOT = resolve(import.meta.dirname, '..')
const MAIN = ['--conditions=@hedgerow/source', join(ROOT, 'apps/runner/src/main.ts')]
const TIMEOUT = 20_000
const START = Date.UTC(2023, 11, 31, 22)
const shared = sharedFolder()

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

let folder = ''

/** Runs the command here, which is quicker than a process of its own; so one after the other. */
async function hedgerow(args: string): Promise<Ended> {
  const said = { stdout: '', stderr: '' }
  const { stdout, stderr } = process
  const { console } = globalThis
  const into = (name: keyof typeof said): Writable => new Writable({ write: (chunk, _encoding, done) => { said[name] += String(chunk); done() } })
  Object.defineProperties(process, { stdout: { value: into('stdout'), configurable: true }, stderr: { value: into('stderr'), configurable: true } })
  try {
    return { code: await runCommand(args.split(' ')), ...said }
  } finally {
    Object.defineProperties(process, { stdout: { value: stdout, configurable: true }, stderr: { value: stderr, configurable: true } })
    globalThis.console = console
  }
}

/** Commands one after the other. */
async function each(...lines: readonly string[]): Promise<Ended[]> {
  const ended: Ended[] = []
  for (const line of lines) ended.push(await hedgerow(line))
  return ended
}

/** Runs the command as a process, which is killed once `until` is true. */
function killedWhen(args: string, until: () => boolean): Promise<Ended> {
  const { promise, resolve: end, reject } = Promise.withResolvers<Ended>()
  const child = spawn(process.execPath, [...MAIN, ...args.split(' ')], { cwd: folder })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  const watch = setInterval(() => { if (until()) child.kill('SIGKILL') }, 2)
  child.on('error', reject).on('close', (code) => {
    clearInterval(watch)
    end({ code, stdout, stderr })
  })
  return promise
}

function candle(minute: number, shift = 0): string {
  const open = 100 + (minute % 10) + shift
  return `${START + minute * 60_000},${open},${open + 2},${open - 2},${open + 1},50`
}

function csv(from: number, to: number, shift = 0): string {
  return ['timestamp_ms,open,high,low,close,volume', ...Array.from({ length: to - from }, (_, index) => candle(from + index, shift))].join('\n')
}

function sha256Of(ended: Ended | undefined): string {
  return /sha256 +([0-9a-f]{64})/.exec(ended?.stdout ?? '')?.[1] ?? 'none'
}

function textOf(path: string): string {
  return gunzipSync(readFileSync(path)).toString().trimEnd()
}

/** The hash of everything that happened in a run, from its JSON. */
function journalOf(json: string | undefined): string {
  return /"journalHash":"([0-9a-f]{64})"/.exec(json ?? '')?.[1] ?? 'none'
}

const STRATEGY = `import { Strategy } from '@hedgerow/strategy-sdk'
export default class Pair extends Strategy {
  onBar() {
    if (this.index === 1) { this.long.open({ qty: 1 }); this.short.open({ qty: 1 }) }
    if (this.index === 30) { this.long.close(); this.short.close() }
  }
}
`
const RUN = 'backtest --strategy pair.ts --timeframe 5m --position-mode hedge --warmup-candles 0'

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hedgerow-data-'))
  process.chdir(folder)
  process.env['NO_COLOR'] = '1'
  for (const name of ['FORCE_COLOR', 'HEDGEROW_DATA']) delete process.env[name]
  mkdirSync(join(folder, 'node_modules'))
  for (const name of ['@hedgerow', 'hedgerow']) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  writeFileSync(join(folder, 'pair.ts'), STRATEGY)
  writeFileSync(join(folder, 'venue_XUSDT_1m.csv'), csv(0, 240))
  writeFileSync(join(folder, 'venue_XUSDT_1m_other.csv'), csv(100, 300, 1))
  writeFileSync(join(folder, 'venue_XUSDT_funding.csv'), `timestamp_ms,rate\n${Date.UTC(2024, 0, 1)},0.0001\n`)
  writeFileSync(join(folder, 'elsewhere_XUSDT_1m.csv'), csv(0, 240))
  writeFileSync(join(folder, 'spoken_XUSDT_1m.csv'), csv(0, 240).replace(/^.*/, '"Open time","Open",High,Low,Close,Volume'))
  writeFileSync(join(folder, 'venue_HOLEUSDT_1m.csv'), csv(0, 50).replace('\n', '\n\n'))
  writeFileSync(join(folder, 'binary.csv'), Uint8Array.of(0x1B, 0x5B, 0x32, 0x4A, 0, 255, 254, 10, 1, 2))
  writeFileSync(join(folder, 'venue_BADUSDT_1m.csv'), csv(0, 50).replace(',50\n', ',fifty\n'))
})

afterAll(() => {
  process.chdir(ROOT)
  rmSync(folder, { recursive: true, force: true })
})

describe('hedgerow data', { timeout: TIMEOUT }, () => {
  it('explains itself, also where there is nothing yet', async () => {
    const ended = await each('data', 'data import --help', 'data list', 'data check', `${RUN} --symbol XUSDT`)
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 2])
    const [data, help, list, check, run] = ended.map(({ stdout, stderr }) => stdout + stderr)
    expect(data).toMatch(/import[\s\S]*list[\s\S]*check[\s\S]*export[\s\S]*synth[\s\S]*HEDGEROW_DATA/)
    for (const text of ['--column <ours=theirs>', '--overlap <rule>', 'Examples:', 'Exit codes:']) expect(help).toContain(text)
    for (const text of [list, check]) expect(text).toMatch(/No data yet in hedgerow-data[\s\S]*hedgerow data import[\s\S]*hedgerow data synth/)
    expect(run).toMatch(/DATA_NOT_STORED[\s\S]*no data yet[\s\S]*XUSDT[\s\S]*hedgerow data import FILE --venue VENUE --symbol XUSDT[\s\S]*--candles FILE/)
    expect(existsSync(join(folder, 'hedgerow-data'))).toBe(false)
  })

  it.each([
    ['data impotr x.csv', 2, /USAGE_INVALID[\s\S]*impotr/],
    ['data import', 2, /USAGE_INVALID[\s\S]*missing required argument 'file'/],
    ['data import none.csv --data d', 1, /DATA_FILE_MISSING[\s\S]*none\.csv/],
    ['data import pair.ts --data d', 1, /DATA_INVALID[\s\S]*pair\.ts, line 1/],
    ['data import binary.csv --data d', 1, /DATA_INVALID[\s\S]*binary\.csv, line 1[\s\S]*bytes that are no text/],
    ['data import venue_XUSDT_1m.csv --data pair.ts', 1, /OUTPUT_FAILED[\s\S]*not a directory[\s\S]*--data/],
    ['data synth --price -1 --end 2024-01-02', 2, /CONFIG_INVALID[\s\S]*price -1/],
    ['data fetch nowhere XUSDT', 2, /"nowhere"/],
    [`${RUN} --symbol XUSDT --start 2024-02-01 --end 2024-01-01`, 2, /CONFIG_INVALID[\s\S]*--end[\s\S]*a moment after the start/],
    ['data import venue_XUSDT_1m.csv --overlap maybe', 2, /--overlap[\s\S]*"maybe"[\s\S]*fail, keep, replace/],
    ['data export --symbol YUSDT --format xls', 2, /--format[\s\S]*"xls"[\s\S]*csv, csv\.gz, parquet/],
    ['data export --symbol YUSDT', 1, /DATA_NOT_STORED[\s\S]*YUSDT/],
    ['data check --kind candels', 2, /--kind[\s\S]*"candels"[\s\S]*candles, marks, funding/],
    ['data synth --end 2020-01-01', 2, /--end[\s\S]*2020-01-01/],
  ])('%s ends with %i', async (args, code, message) => {
    const ended = await hedgerow(args)
    expect(ended.stderr).toMatch(message)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
  })

  it('knows columns by the names that people write, and an empty line for what it is', async () => {
    const [spoken, hole, late] = await each('data import spoken_XUSDT_1m.csv --data d', 'data import venue_HOLEUSDT_1m.csv --data d', 'data import venue_XUSDT_1m.csv --time-unit s --data d')
    expect([spoken?.code, spoken?.stdout]).toEqual([0, expect.stringMatching(/240 new rows/)])
    expect([hole?.code, hole?.stdout]).toEqual([1, expect.stringMatching(/violations +1\n.*line 2: an empty line\. Expected: a row/)])
    expect([late?.code, late?.stdout]).toEqual([1, expect.stringMatching(/time 1\d{15} ms\. Expected: a time before the year 2286: see --time-unit/)])
  })

  it('goes from files to a backtest by symbol, and back to files', async () => {
    const imported = await hedgerow('data import venue_XUSDT_1m.csv venue_XUSDT_funding.csv venue_BADUSDT_1m.csv')
    expect([imported.code, imported.stderr]).toEqual([1, ''])
    expect(imported.stdout).toMatch(/venue XUSDT candles 1m[\s\S]*240, 2023-12-31T22:00Z to 2024-01-01T01:59Z[\s\S]*gaps +none[\s\S]*240 new rows/)
    expect(imported.stdout).toMatch(/venue BADUSDT candles 1m[\s\S]*violations +1[\s\S]*line 2: volume "fifty"\. Expected: a number[\s\S]*--skip-invalid[\s\S]*2 of 3 files imported into hedgerow-data/)
    const [again, conflict] = await each('data import venue_XUSDT_1m.csv', 'data import venue_XUSDT_1m_other.csv')
    expect(again?.stdout).toMatch(/0 new rows, 240 were there already/)
    expect([conflict?.code, conflict?.stderr]).toEqual([1, expect.stringMatching(/DATA_CONFLICT[\s\S]*2023-12-31T23:40Z[\s\S]*--overlap replace/)])
    const [run, list, check] = (await each(`${RUN} --symbol XUSDT --json`, 'data list --json', 'data check')).map(({ stdout }) => stdout)
    expect(JSON.parse(run ?? '')).toMatchObject({ header: { data: [{ symbol: 'XUSDT', source: 'venue XUSDT candles 1m' }] } })
    expect(run).toMatch(/"leg":"long"[^}]*"funding":"-0\.01\d*"[\s\S]*"leg":"short"[^}]*"funding":"0\.01/)
    expect(JSON.parse(list ?? '')).toMatchObject([{ venue: 'venue', symbol: 'XUSDT', kind: 'candles', timeframe: '1m', rows: 240 }, { kind: 'funding', rows: 1 }])
    expect(check).toContain('2 series, all whole.')
    const [exported, back, copy] = await each('data export --symbol XUSDT --out back/x.parquet', 'data import back/x.parquet --data copy', 'data check --data copy')
    expect([back?.code, sha256Of(exported)]).toEqual([0, sha256Of(copy)])
    const files = await each(...['venue_XUSDT_1m.csv', 'back/x.parquet'].map((file) => `${RUN} --symbol XUSDT --candles ${file} --funding venue_XUSDT_funding.csv --json`))
    expect(files.map(({ stdout }) => journalOf(stdout))).toEqual([journalOf(run), journalOf(run)])
  })

  it('says which series a backtest could mean, and which range there is', async () => {
    for (const file of ['venue_XUSDT_1m.csv', 'elsewhere_XUSDT_1m.csv']) await hedgerow(`data import ${file} --data two`)
    const run = `${RUN} --symbol XUSDT --data two`
    const [two, one, late, short] = await each(run, `${run} --venue venue --start 2023-12-31T22:30 --end 2024-01-01T01:00 --json`, `${run} --venue venue --end 2024-02-01`, `${run.replace('5m', '90s')} --venue venue`)
    expect(two?.stderr).toMatch(/DATA_AMBIGUOUS[\s\S]*XUSDT of elsewhere, venue[\s\S]*--venue elsewhere/)
    expect(JSON.parse(one?.stdout ?? '')).toMatchObject({ header: { start: START + 30 * 60_000, end: START + 180 * 60_000 } })
    expect(late?.stderr).toMatch(/DATA_NOT_STORED[\s\S]*venue XUSDT candles 1m from 2023-12-31T22:00Z to 2024-01-01T02:00Z[\s\S]*to 2024-02-01T00:00Z/)
    expect(short?.stderr).toMatch(/DATA_NOT_STORED[\s\S]*that 90s can be built from/)
    expect([two, late, short].map((ended) => ended?.code)).toEqual([2, 2, 2])
  })

  it('keeps what is made up apart', async () => {
    const synth = await hedgerow('data synth --seed 3 --symbol XUSDT --timeframe 5m --end 2024-02-01 --data made')
    expect([synth.code, synth.stdout]).toEqual([0, expect.stringMatching(/synthetic \(seed 3\) +no market printed this[\s\S]*synthetic XUSDT candles 5m, 8,928 rows[\s\S]*marks 5m, 8,928 rows[\s\S]*funding, 93 rows/)])
    const [run, exported, wrong, again] = await each(`${RUN} --symbol XUSDT --data made`, 'data export --symbol XUSDT --data made --format parquet', 'data import synthetic_XUSDT_5m_2024-01-01_2024-01-31.parquet --venue venue --data two', 'data synth --seed 3 --symbol XUSDT --timeframe 5m --end 2024-02-01 --data made-again')
    expect(run?.stdout).toMatch(/XUSDT from synthetic \(seed 3\)[\s\S]*! SYNTHETIC_DATA/)
    expect([exported?.code, wrong?.stderr, again?.code]).toEqual([0, expect.stringMatching(/synthetic \(seed 3\) as data of venue/), 0])
    const [first, second] = await each('data check --data made', 'data check --data made-again')
    expect(first?.stdout).toMatch(/violations +none[\s\S]*3 series, all whole/)
    expect(first).toEqual(second)
  })

  it('goes on after it was killed in the middle of an import', async () => {
    const days = Array.from({ length: 700 }, (_, day) => Array.from({ length: 24 }, (_hour, hour) => candle((day * 24 + hour) * 30))).flat()
    writeFileSync(join(folder, 'venue_LONG_30m.csv'), ['timestamp_ms,open,high,low,close,volume', ...days].join('\n'))
    const series = join(folder, 'killed/venue/LONG/candles/30m')
    const stored = (): number => (existsSync(series) ? readdirSync(series).filter((name) => name.endsWith('.parquet')).length : 0)
    const killed = await killedWhen('data import venue_LONG_30m.csv --data killed', () => stored() >= 3)
    expect([killed.code, stored() >= 3 && stored() < 12]).toEqual([null, true])
    expect((await hedgerow('data check --data killed')).stdout).toContain('1 series, all whole.')
    expect((await hedgerow('data import venue_LONG_30m.csv --data killed')).stdout).toMatch(/stored +[\d,]+ new rows, [\d,]+ were there already/)
    await hedgerow('data import venue_LONG_30m.csv --data whole')
    const [resumed, whole] = await each('data check --data killed', 'data check --data whole')
    expect(resumed).toEqual(whole)
    expect(resumed?.stdout).toContain('16,800')
  })

  it.skipIf(shared === null)('brings real files back byte for byte', async () => {
    const files = ['candles/binance-usdm_BTCUSDT_5m_2025-09-25_2025-10-25', 'mark/binance-usdm_ETHUSDT_mark_1h_2024-01_2026-04'].map((name) => `${shared}/data/${name}.csv.gz`)
    expect((await hedgerow(`data import ${files.join(' ')} --data real`)).code).toBe(0)
    await each('data export --symbol BTCUSDT --data real --out real/btc.csv.gz', 'data export --symbol ETHUSDT --kind marks --data real --out real/eth.csv.gz')
    expect(['btc', 'eth'].map((name) => textOf(join(folder, `real/${name}.csv.gz`)))).toEqual(files.map(textOf))
  })
})

if (shared === null) console.warn('SKIPPED: real files need the shared folder (HEDGEROW_SHARED)')
