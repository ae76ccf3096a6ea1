/** `hedgerow venue bybit` as a person starts and ends it. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const ARGS = ['--conditions=@hedgerow/source', join(ROOT, 'apps/runner/src/main.ts'), 'venue', 'bybit']

describe('hedgerow venue bybit', () => {
  let folder = ''

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hedgerow-venue-'))
    const rows = Array.from({ length: 120 }, (_, minute) => `${Date.UTC(2024, 0, 1) + minute * 60_000},2000,2001,1999,2000,10`)
    writeFileSync(join(folder, 'bybit-linear_ETHUSDT_1m.csv'), `timestamp_ms,open,high,low,close,volume\n${rows.join('\n')}\n`)
  })

  afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

  it('says where it is and what it accepts, serves, and ends at an interrupt with what the account holds', async () => {
    const child = spawn(process.execPath, [...ARGS, '--candles', join(folder, 'bybit-linear_ETHUSDT_1m.csv'), '--speed', '60', '--position-mode', 'hedge'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const startedAt = Date.now()
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => { said += text })
    const ended = new Promise<number | null>((done) => { child.once('exit', (code) => done(code)) })
    await expect.poll(() => said, { timeout: 20_000 }).toContain('Ctrl-C ends it.')
    const addressOf = (label: string): string => new RegExp(`${label} +(http://[0-9.:]+)`).exec(said)?.[1] ?? ''
    expect(said).toMatch(/BYBIT_API_KEY=\S+\s+BYBIT_API_SECRET=\S+/)
    const klines = await (await fetch(`${addressOf('REST')}/v5/market/kline?category=linear&symbol=ETHUSDT&interval=1&limit=1000`)).json() as { result: { list: string[][] } }
    // Half of the candles are history, and it reaches up to now: a bot that starts goes on from there.
    expect(klines.result.list.length).toBeGreaterThanOrEqual(60)
    expect(Number(klines.result.list[0]?.[0])).toBeGreaterThanOrEqual(startedAt - 2 * 60_000)
    await fetch(`${addressOf('control')}/order`, { method: 'POST', body: JSON.stringify({ symbol: 'ETHUSDT', leg: 'short', intent: 'open', qty: '0.5' }) })
    child.kill('SIGINT')
    expect(await ended).toBe(0)
    expect(said).toMatch(/ended +\S+ +ETHUSDT \d{4}(\.\d{1,2})? long 0 short 0\.5 +0 orders/)
  }, 40_000)

  it('names a flag that is wrong', () => {
    const { status, stderr } = spawnSync(process.execPath, [...ARGS, '--candles', join(folder, 'bybit-linear_ETHUSDT_1m.csv'), '--speed', '0'], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr).toContain('USAGE_INVALID')
    expect(stderr).toContain('--speed')
  }, 40_000)

  it('names a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { status, stderr } = spawnSync(process.execPath, [...ARGS, '--candles', join(folder, 'bybit-linear_ETHUSDT_1m.csv'), '--port', String(port)], { encoding: 'utf8' })
    other.close()
    expect(status).toBe(2)
    expect(stderr).toContain(`port ${port}: another program listens there`)
  }, 40_000)
})
