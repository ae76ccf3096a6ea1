/** `hedgerow live` as a person starts it: a process of its own, with a configuration, secrets in the environment, and a local venue. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { LiveStatus } from '@hedgerow/core'
import type { BybitLab } from '@hedgerow/venue-lab'
import { askControl } from '../../apps/runner/src/live/control-server.ts'
import { stateFiles } from '../../apps/runner/src/live/state-folder.ts'

const POLL_MS = 5
const ROOT = resolve(import.meta.dirname, '../..')
const MAIN = ['--conditions=@hedgerow/source', join(ROOT, 'apps/runner/src/main.ts')]

/** Waits for what another process brings about; the test's own timeout ends it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((wake) => { setTimeout(wake, POLL_MS) })
}

/** What a process printed, and how it ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder with a configuration for one local venue. */
export class LiveFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), 'hedgerow-live-'))
  readonly #lab: BybitLab

  constructor(lab: BybitLab, { strategy, symbols, params = {}, live = '' }: { readonly strategy: string; readonly symbols: readonly string[]; readonly params?: object; readonly live?: string }) {
    this.#lab = lab
    const routes = symbols.map((symbol) => `{ symbol: '${symbol}', timeframe: '1m', strategy: '${join(ROOT, 'examples', `${strategy}.ts`)}', params: ${JSON.stringify(params)} }`)
    writeFileSync(join(this.path, 'hedgerow.config.mts'), `export default {
      exchange: { profile: 'bybit-uta', positionMode: 'hedge', leverage: 5 },
      routes: [${routes.join(', ')}],
      warmupCandles: 200,
      live: {
        connection: { url: '${lab.restUrl}' }, state: 'state', allowModeSwitch: true, staleMarketMs: 120000,
        limits: { gross: '50000', perLeg: '20000', dailyLoss: 'none' }, triggers: { silentMs: 'none' }, ${live}
      },
    }\n`)
    mkdirSync(join(this.path, 'state'))
  }

  get state(): string {
    return join(this.path, 'state')
  }

  /** Starts a command; the running process, and its end. `more` is added to its environment. */
  spawn(args: readonly string[], more: NodeJS.ProcessEnv = {}): { readonly child: ChildProcess; readonly ended: Promise<Ended>; readonly said: (text: string) => Promise<void> } {
    const { key, secret } = this.#lab.credentials
    const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...env } = process.env
    const child = spawn(process.execPath, [...MAIN, ...args], { cwd: this.path, env: { ...env, BYBIT_API_KEY: key, BYBIT_API_SECRET: secret, ...more } })
    let [stdout, stderr] = ['', '']
    let waiting: (() => void)[] = []
    const heard = (): void => {
      const now = waiting
      waiting = []
      for (const call of now) call()
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      heard()
    })
    const ended = new Promise<Ended>((done, fail) => {
      child.on('error', fail).on('close', (code) => {
        done({ code, stdout, stderr })
        heard()
      })
    })
    const said = async (text: string): Promise<void> => {
      while (!stderr.includes(text)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ended before "${text}":\n${stderr}`)
        await new Promise<void>((resume) => { waiting.push(resume) })
      }
    }
    return { child, ended, said }
  }

  /** Runs a command to its end. */
  async run(...args: readonly string[]): Promise<Ended> {
    return await this.spawn(args).ended
  }

  /** What the running session says of itself; null while none answers. */
  async status(state: string = this.state): Promise<LiveStatus | null> {
    return await askControl(stateFiles(state), '/status').catch(() => null) as LiveStatus | null
  }

  /** Until all that was heard has been handled, no order waits for the venue's word and nothing holds trading, or for so long that the market goes on without it. */
  async answered({ state = this.state, mostMs = 5_000 }: { readonly state?: string; readonly mostMs?: number } = {}): Promise<void> {
    for (const end = Date.now() + mostMs; Date.now() < end; await new Promise((wake) => { setTimeout(wake, POLL_MS) })) {
      const status = await this.status(state)
      if (status === null || (status.queued === 0 && status.unsettledOrders === 0 && status.holds.length === 0)) return
    }
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8')
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
