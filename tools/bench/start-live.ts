/** What `hedgerow live` costs until its strategy sees the first candle of a venue: processor time of the built command, beside that of Node and one ccxt class alone. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bybitUta } from '@hedgerow/driver-bybit'
import { startBybitLab, type BybitLab } from '@hedgerow/venue-lab'
import { spreadOf } from './measure.ts'

const MAIN = resolve(import.meta.dirname, '../../apps/runner/dist/main.js')
const RUNS = 7
const MINUTE_MS = 60_000
const SYMBOL = 'BTCUSDT'
const DRIVER = createRequire(resolve(import.meta.dirname, '../../packages/driver-ccxt/package.json'))

/** Milliseconds of processor time, medians. */
export interface StartOfLive {
  readonly node: number
  readonly ccxtClass: number
  readonly live: number
}

/** The built command on a local venue in this process. Null when nothing is built. */
export async function measureStartLive(): Promise<StartOfLive | null> {
  if (!existsSync(MAIN)) return null
  const ccxt = join(dirname(DRIVER.resolve('ccxt')), '..', 'js', 'src', 'pro', 'bybit.js')
  const report = 'const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)'
  const folder = mkdtempSync(join(tmpdir(), 'hedgerow-start-'))
  const lab = await startBybitLab({ profile: bybitUta, positionMode: 'hedge', leverage: '5', market: { type: 'script', prices: { [SYMBOL]: '60000' } } })
  try {
    const runs: StartOfLive[] = []
    // Once before, for the compile cache: it knows a configuration by its path.
    await live(lab, folder)
    for (let run = 0; run < RUNS; run += 1) runs.push({ node: script(report), ccxtClass: script(`await import(${JSON.stringify(pathToFileURL(ccxt).href)}); ${report}`), live: await live(lab, folder) })
    const middle = (key: keyof StartOfLive): number => spreadOf(runs.map((each) => each[key])).median
    return { node: middle('node'), ccxtClass: middle('ccxtClass'), live: middle('live') }
  } finally {
    await lab.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function script(text: string): number {
  return Number(spawnSync(process.execPath, ['--input-type=module', '-e', text], { encoding: 'utf8' }).stdout)
}

/** A first start in the folder. */
async function live(lab: BybitLab, folder: string): Promise<number> {
  rmSync(join(folder, 'state'), { recursive: true, force: true })
  writeFileSync(join(folder, 'hedgerow.config.mts'), `export default {
    exchange: { profile: 'bybit-uta', positionMode: 'hedge', leverage: 5 }, routes: [{ symbol: '${SYMBOL}', timeframe: '1m', strategy: '${join(import.meta.dirname, 'strategies/first-bar.ts')}' }], warmupCandles: 0,
    live: { connection: { url: '${lab.restUrl}' }, state: 'state', limits: { gross: '1', perLeg: '1', dailyLoss: 'none' } },
  }\n`)
  const child = spawn(process.execPath, [MAIN, 'live'], { cwd: folder, env: { ...process.env, BYBIT_API_KEY: lab.credentials.key, BYBIT_API_SECRET: lab.credentials.secret } })
  let [out, told] = ['', '']
  let isAsked = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text
    if (isAsked || !told.includes('running on')) return
    isAsked = true
    void lab.control.advance(MINUTE_MS)
  })
  await new Promise((ended) => { child.on('close', ended) })
  const { cpuMs } = JSON.parse(out || '{}') as { cpuMs?: number }
  if (cpuMs === undefined) throw new Error(`no first bar: ${told}`)
  return cpuMs
}
