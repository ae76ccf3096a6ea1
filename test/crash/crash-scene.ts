/** `hedgerow live` in a process of its own on a local venue in this one: it is killed with SIGKILL and started again on the same state and venue. */
import { deepEqual, equal } from 'node:assert/strict'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { decimal, decimalText, LEGS, MINUTE_MS, ZERO, type JournalRecord, type Leg, type LiveStatus } from '@hedgerow/core'
import { bybitUta } from '@hedgerow/driver-bybit'
import { startBybitLab, type BybitLab, type BybitLabOptions, type Fault } from '@hedgerow/venue-lab'
import { askControl } from '../../apps/runner/src/live/control-server.ts'
import { SqliteJournal } from '../../apps/runner/src/live/sqlite-journal.ts'
import { stateFiles } from '../../apps/runner/src/live/state-folder.ts'
import { LiveFolder } from '../live/live-process.ts'
import { leaksIn } from './secrets.ts'

export const SYMBOL = 'ETHUSDT'
/** Everything that the venue tells an account. */
export const NEWS: readonly Fault[] = ['execution', 'order', 'position', 'wallet'].map((topic) => ({ type: 'hold-frame', topic, times: 1_000 }))

/** For `NODE_OPTIONS`: see full-disk.ts. */
export const FULL_DISK: string = pathToFileURL(join(import.meta.dirname, 'full-disk.ts')).href
const DIE_AT = pathToFileURL(join(import.meta.dirname, 'die-at.ts')).href
const POLL_MS = 5
const MOST_MS = 45_000

export interface CrashOptions {
  readonly act?: 'hold' | 'withdraw' | 'tighten' | 'replace' | 'pair' | 'again'
  readonly lab?: Partial<BybitLabOptions>
  /** More lines of the `live` section; URL stands for the address of the lab. */
  readonly live?: string
}

export class CrashScene {
  readonly lab: BybitLab
  readonly folder: LiveFolder
  #running: ReturnType<LiveFolder['spawn']> | null = null
  /** Whatever its processes printed. */
  readonly printed: string[] = []

  private constructor(lab: BybitLab, { act = 'hold', live = '' }: CrashOptions) {
    this.lab = lab
    this.folder = new LiveFolder(lab, { strategy: '../test/crash/two-legs', symbols: [SYMBOL], params: { act }, live: live.replace('URL', `'${lab.restUrl}'`) })
  }

  /** A venue in hedge mode at a price of 100; nothing runs yet. */
  static async open(options: CrashOptions = {}): Promise<CrashScene> {
    const lab = await startBybitLab({ profile: bybitUta, market: { type: 'script', prices: { [SYMBOL]: '100' } }, positionMode: 'hedge', leverage: '5', sim: { slippage: 'none' }, ...options.lab })
    lab.control.setLockstep({ idleMs: 60, mostMs: 4_000 })
    return new CrashScene(lab, options)
  }

  /** Starts a process without waiting; `dieAt` as `die-at.ts` reads it. */
  launch(dieAt: string = '', more: NodeJS.ProcessEnv = {}): void {
    this.#running = this.folder.spawn(['live'], dieAt === '' ? more : { NODE_OPTIONS: `--import=${DIE_AT}`, HEDGEROW_TEST_DIE_AT: dieAt })
  }

  /** Waits until the process trades. */
  async running(): Promise<void> {
    await this.#running?.said('running on bybit')
  }

  /** False once the process has ended. */
  get isRunning(): boolean {
    return this.#running?.child.exitCode === null
  }

  signal(name: NodeJS.Signals): void {
    this.#running?.child.kill(name)
  }

  /** Secrets in what its processes printed and left behind. */
  leaks(): string[] {
    return leaksIn(this.folder.path, this.printed, this.lab.credentials)
  }

  /** Starts a process and waits until it trades. */
  async start(dieAt: string = ''): Promise<void> {
    this.launch(dieAt)
    await this.running()
  }

  /** Lets minutes pass. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) await this.lab.control.advance(MINUTE_MS)
  }

  /** Waits until the process has been killed: by itself, or right now. */
  async died({ now = false }: { readonly now?: boolean } = {}): Promise<void> {
    if (now) this.#running?.child.kill('SIGKILL')
    const running = this.#running
    if (running === null) throw new Error('nothing runs')
    const { stdout, stderr } = await running.ended
    this.printed.push(stdout, stderr)
    equal(running.child.signalCode, 'SIGKILL', stderr)
    this.#running = null
    this.lab.control.faults.clear()
  }

  /** The process ends by itself; with its exit code. */
  async ended(): Promise<number | null> {
    const end = await this.#running?.ended
    this.#running = null
    this.printed.push(end?.stdout ?? '', end?.stderr ?? '')
    return end?.code ?? null
  }

  /** Waits until the venue has seen so many requests of a route; the process is killed in the same turn. */
  async killAt(path: string, count: number = 1): Promise<void> {
    const before = this.seen(path)
    await this.until(() => this.seen(path) >= before + count)
    await this.died({ now: true })
  }

  seen(path: string): number {
    return this.lab.control.wire.filter((entry) => entry.path === path).length
  }

  /** Waits for something that comes by itself. */
  async until(holds: () => boolean | Promise<boolean>, found: () => string = () => ''): Promise<void> {
    const end = Date.now() + MOST_MS
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`did not come: ${holds.toString()}\n${found()}`)
      await new Promise((resolve) => { setTimeout(resolve, POLL_MS) })
    }
  }

  async status(): Promise<LiveStatus> {
    return await askControl(stateFiles(this.folder.state), '/status') as LiveStatus
  }

  async kill(level: 'pause' | 'cancel' | 'flatten'): Promise<void> {
    await askControl(stateFiles(this.folder.state), '/kill', { level, reason: 'test' })
  }

  /** What the venue holds: `long 1 short 0.5`. */
  held(): string {
    return LEGS.map((leg) => `${leg} ${this.#qty(leg)}`).join(' ')
  }

  /** Working orders of the venue that open, close at a price, and stop, each leg. */
  working(): string[] {
    return this.lab.control.state().orders.map(({ leg, intent, type, leavesQty, price, trigger }) => `${leg} ${intent} ${type} ${leavesQty} at ${trigger ?? price ?? 'market'}`).sort()
  }

  /** Orders that the owner placed to open, whatever became of them. */
  opened(): string[] {
    return this.lab.control.account.orders.all().filter(({ intent, clientId }) => intent === 'open' && clientId !== '').map(({ leg, qty }) => `${leg} ${qty.toFixed()}`)
  }

  /** Every record of the journal, as it is on the disk. */
  async records(): Promise<JournalRecord[]> {
    const journal = new SqliteJournal(stateFiles(this.folder.state).journal, { readOnly: true })
    const records: JournalRecord[] = []
    for await (const entry of journal.entries()) records.push(...entry.records)
    await journal.close()
    return records
  }

  /**
   * Waits until the running process and the venue agree, then proves it: each leg and the wallet to the last decimal, every execution booked once,
   * every leg under stops that cover it and no more, no client id twice, no secret in what was left behind. The answer is what is held: `long 1 short 0.5`.
   */
  async sound(): Promise<string> {
    const { control } = this.lab
    let status = await this.status()
    const agree = (): boolean => status.legs.map(({ leg, qty }) => `${leg} ${qty}`).join(' ') === this.held() && this.stops() === this.held() && status.wallet === control.state().wallet && this.working().length === status.openOrders
    await this.until(async () => {
      status = await this.status()
      return agree()
    }, () => `${JSON.stringify(status, null, 1)}\nvenue: ${this.held()}, stops ${this.stops()}, ${JSON.stringify(control.state(), null, 1)}`)
    deepEqual([status.phase, status.unprotected], ['running', []])
    const booked = (await this.records()).flatMap((record) => (record.type === 'order.filled' ? [record.fillId] : []))
    deepEqual(booked.toSorted(), control.account.records().flatMap((record) => (record.type === 'execution' ? [`${record.symbol}:${record.id}`] : [])).toSorted())
    const sent = control.account.orders.all().map(({ clientId }) => clientId).filter((id) => id !== '')
    equal(new Set(sent).size, sent.length)
    deepEqual(this.leaks(), [])
    return this.held()
  }

  async close(): Promise<void> {
    this.#running?.child.kill('SIGKILL')
    await this.#running?.ended
    this.folder.remove()
    await this.lab.close()
  }

  /** What stops at the venue cover: `long 1 short 0.5`. */
  stops(): string {
    return LEGS.map((leg) => {
      const stops = this.lab.control.state().orders.filter((order) => order.leg === leg && order.intent === 'close' && order.trigger !== null)
      return `${leg} ${decimalText(stops.reduce((sum, { leavesQty }) => sum.plus(decimal(leavesQty)), ZERO))}`
    }).join(' ')
  }

  #qty(leg: Leg): string {
    return decimalText(this.lab.control.account.pair(SYMBOL)[leg].qty)
  }
}
