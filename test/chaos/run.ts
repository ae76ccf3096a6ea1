/**
 * A chaos run: `hedgerow live` in a process of its own trades both legs of three symbols on a local venue while everything goes wrong that the venue
 * knows how to. After each minute both books have to agree again, or trading has halted and says why.
 */
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { decimal, LEGS, type LiveStatus } from '@hedgerow/core'
import { bybitUta } from '@hedgerow/driver-bybit'
import { randomOf, startBybitLab, type BybitLab } from '@hedgerow/venue-lab'
import { SqliteJournal } from '../../apps/runner/src/live/sqlite-journal.ts'
import { stateFiles } from '../../apps/runner/src/live/state-folder.ts'
import { leaksIn } from '../crash/secrets.ts'
import { LiveFolder } from '../live/live-process.ts'
import { bringTrouble } from './troubles.ts'

export interface ChaosOptions {
  readonly seed: number
  /** Ends once the venue has taken so many orders. */
  readonly orders: number
  /** Ends after so long. */
  readonly mostMs: number
  readonly onMinute?: (text: string) => void
}

/** What came of it. */
export interface ChaosResult {
  readonly orders: number
  readonly executions: number
  readonly minutes: number
  readonly troubles: Readonly<Record<string, number>>
  /** What is not as it should be; empty when all is well. */
  readonly findings: readonly string[]
  /** Why sessions ended by themselves and were started again. */
  readonly restarts: readonly string[]
  /** Why trading has halted; empty when it has not. */
  readonly halted: readonly string[]
  /** Of prices and troubles: what the seed decides by itself. */
  readonly plan: string
  /** Of everything that the venue booked, whatever came first of what came together. */
  readonly outcome: string
}

const START = { BTCUSDT: 60_000, ETHUSDT: 3_000, SOLUSDT: 150 }
const SYMBOLS = Object.keys(START) as (keyof typeof START)[]
const PLACES = { BTCUSDT: 1, ETHUSDT: 2, SOLUSDT: 2 }
/** Runs begin at the same time of the calendar of funding. */
const EIGHT_HOURS_MS = 28_800_000
const SETTLE_MS = 60_000
const POLL_MS = 5
/** The market waits so long for orders that are not answered. */
const LOCKSTEP_MS = 5_000
/** What a large account may send: the market of a run must not wait for the budget of a small one. */
const REQUESTS_A_SECOND = 400
const MOST_STARTS = 5
const TROUBLE_SHARE = 0.4
/** Largest move of a minute, a fraction. */
const MOVE = 0.004

/** Runs to its end; whatever it finds is in the result. */
export async function runChaos({ seed, orders, mostMs, onMinute }: ChaosOptions): Promise<ChaosResult> {
  const lab = await startBybitLab({
    profile: bybitUta, positionMode: 'hedge', leverage: '5', balance: '100000', seed: `chaos-${seed}`, sim: { slippage: 'none' }, market: { type: 'script', startAt: Math.ceil(Date.now() / EIGHT_HOURS_MS) * EIGHT_HOURS_MS, prices: Object.fromEntries(SYMBOLS.map((symbol) => [symbol, String(START[symbol])])) },
  })
  const run = new ChaosRun(lab, seed)
  const end = Date.now() + mostMs
  try {
    await run.start()
    while (lab.control.account.orders.all().length < orders && Date.now() < end && run.findings.length === 0 && run.halted.length === 0) {
      await run.minute()
      onMinute?.(`minute ${run.minutes}: ${lab.control.account.orders.all().length} orders, ${Object.values(run.troubles).reduce((sum, count) => sum + count, 0)} troubles${run.trouble === '' ? '' : `, now ${run.trouble}`}`)
    }
    return await run.end()
  } finally {
    await run.close()
  }
}

class ChaosRun {
  readonly findings: string[] = []
  readonly troubles: Record<string, number> = {}
  /** Why sessions ended by themselves. */
  readonly restarts: string[] = []
  halted: readonly string[] = []
  minutes = 0
  /** What goes wrong in this minute; empty for nothing. */
  trouble = ''
  readonly #lab: BybitLab
  readonly #folder: LiveFolder
  readonly #random: () => number
  readonly #prices = { ...START }
  readonly #plan = createHash('sha256')
  readonly #printed: string[] = []
  readonly #afterwards: (() => Promise<void> | void)[] = []
  #running: ReturnType<LiveFolder['spawn']> | null = null

  constructor(lab: BybitLab, seed: number) {
    this.#lab = lab
    this.#random = randomOf(seed)
    this.#folder = new LiveFolder(lab, { strategy: '../test/chaos/random-legs', symbols: SYMBOLS, params: { seed, startAt: lab.control.now }, live: liveOf(lab) })
    lab.control.limitRequests(REQUESTS_A_SECOND)
    lab.control.setLockstep({ mostMs: LOCKSTEP_MS, answered: async () => { await this.#folder.answered({ mostMs: LOCKSTEP_MS }) } })
  }

  /** Starts a session; one that ends by itself is started again, as a service manager would. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#running = this.#folder.spawn(['live', '--quiet'])
      const { child, ended } = this.#running
      while (child.exitCode === null && (await this.#folder.status()) === null) await pause()
      if (child.exitCode === null) return
      const { stdout, stderr } = await ended
      this.#printed.push(stdout, stderr)
      this.restarts.push(stderr.trim().split('\n').slice(0, 3).join(' '))
      if (attempt === MOST_STARTS) throw new Error(`the session does not start: ${stderr}`)
    }
  }

  /** Something goes wrong perhaps, prices move, and both sides come to agree again. */
  async minute(): Promise<void> {
    this.minutes += 1
    this.trouble = ''
    if (this.#random() < TROUBLE_SHARE) {
      const name = await bringTrouble({ lab: this.#lab, symbols: SYMBOLS, random: this.#random, crash: async () => { await this.#crash() }, afterwards: (act) => { this.#afterwards.push(act) } })
      this.troubles[name] = (this.troubles[name] ?? 0) + 1
      this.trouble = name
      this.#plan.update(name)
    }
    for (const symbol of SYMBOLS) this.#prices[symbol] = Number((this.#prices[symbol] * (1 + (this.#random() * 2 - 1) * MOVE)).toFixed(PLACES[symbol]))
    const targets = Object.fromEntries(SYMBOLS.map((symbol) => [symbol, String(this.#prices[symbol])]))
    this.#plan.update(JSON.stringify(targets))
    await this.#lab.control.glide(targets)
    for (const act of this.#afterwards.splice(0)) await act()
    await this.#settle()
  }

  async end(): Promise<ChaosResult> {
    this.#lab.control.faults.clear()
    await this.#settle()
    await this.#prove()
    const { account } = this.#lab.control
    const booked = account.records().map((record) => JSON.stringify(record.type === 'transfer' ? [record.kind, record.amount] : [record.type, record.symbol, record.leg, record.qty, record.price]))
    return {
      orders: account.orders.all().length, executions: account.records().filter(({ type }) => type === 'execution').length, minutes: this.minutes, troubles: this.troubles, findings: this.findings, restarts: this.restarts, halted: this.halted,
      plan: this.#plan.copy().digest('hex').slice(0, 16), outcome: createHash('sha256').update(booked.toSorted().join('\n')).digest('hex').slice(0, 16),
    }
  }

  async close(): Promise<void> {
    this.#running?.child.kill('SIGKILL')
    await this.#running?.ended
    this.#folder.remove()
    await this.#lab.close()
  }

  async #crash(): Promise<void> {
    this.#running?.child.kill('SIGKILL')
    const { stdout = '', stderr = '' } = await this.#running?.ended ?? {}
    this.#printed.push(stdout, stderr)
    await this.start()
  }

  async #settle(): Promise<void> {
    const end = Date.now() + SETTLE_MS
    let status: LiveStatus | null = null
    do {
      if (this.#running !== null && this.#running.child.exitCode !== null) {
        const { stdout, stderr } = await this.#running.ended
        this.#printed.push(stdout, stderr)
        this.restarts.push(stderr.trim().split('\n').slice(-3).join(' '))
        await this.start()
      }
      status = await this.#folder.status()
      if (status !== null && differences(status, this.#lab).length === 0 && closedOf(status).length === 0) return
      await pause()
    } while (Date.now() < end)
    this.halted = status === null ? [] : closedOf(status)
    const found = status === null ? ['the session does not answer'] : differences(status, this.#lab)
    if (this.halted.length === 0) this.findings.push(...found.map((text) => `minute ${this.minutes}: ${text}`))
    else this.halted = [...this.halted, ...found]
  }

  /** Venue, journal and store, one by one. */
  async #prove(): Promise<void> {
    const { account } = this.#lab.control
    const files = stateFiles(this.#folder.state)
    const journal = new SqliteJournal(files.journal, { readOnly: true })
    const [fills, wanted] = [new Array<string>(), new Set<number>()]
    for await (const { records } of journal.entries()) {
      for (const record of records) {
        if (record.type === 'order.filled') fills.push(record.fillId)
        if (record.type === 'order.submitted') wanted.add(record.order.id)
      }
    }
    await journal.close()
    const executed = account.records().flatMap((record) => (record.type === 'execution' ? [`${record.symbol}:${record.id}`] : []))
    if (fills.toSorted().join() !== executed.toSorted().join()) this.findings.push(`${fills.length} fills in the journal, ${executed.length} at the venue, ${fills.length - new Set(fills).size} of them twice`)
    const sent = account.orders.all().map(({ clientId }) => clientId).filter((id) => id !== '')
    if (new Set(sent).size < sent.length || sent.length > wanted.size) this.findings.push(`${sent.length} orders at the venue for ${wanted.size} in the journal, ${sent.length - new Set(sent).size} ids twice`)
    this.findings.push(...storeDifferences(files.positions, this.#lab), ...leaksIn(this.#folder.path, this.#printed, this.#lab.credentials))
  }
}

/** A session that notices within seconds what would take it a minute: a run of chaos has many of them. No trigger ends it early. */
function liveOf({ restUrl }: BybitLab): string {
  return `connection: { url: '${restUrl}', pingEveryMs: 250, staleAfterMs: 2000, timeoutMs: 2500, redial: { firstMs: 50, mostMs: 500 } }, reconcileEveryMs: 5000, triggers: { silentMs: 'none', rejectsPerMinute: 'none', marginRate: 'none' }`
}

/** What keeps openers from being sent. */
function closedOf({ halts, holds, killLevel, killCause }: LiveStatus): string[] {
  const kill = killLevel === 'running' ? [] : [`kill switch ${killLevel} by ${killCause?.name ?? '?'}: ${killCause?.reason ?? '?'}`]
  return [...kill, ...halts.map(({ symbol, name, reason }) => `${symbol} ${name}: ${reason}`), ...holds.map(({ name, reason }) => `${name}: ${reason}`)]
}

/** What a session and the venue say differently. */
function differences({ legs, wallet, openOrders, unprotected }: LiveStatus, { control }: BybitLab): string[] {
  const state = control.state()
  const found = legs.flatMap(({ symbol, leg, qty }) => {
    const venue = control.account.pair(symbol)[leg].qty.toFixed()
    return venue === qty ? [] : [`${symbol} ${leg}: ${qty} here, ${venue} at the venue`]
  })
  if (wallet !== state.wallet) found.push(`wallet: ${wallet} here, ${state.wallet} at the venue`)
  if (openOrders !== state.orders.length) found.push(`${openOrders} orders here, ${state.orders.length} at the venue`)
  return [...found, ...unprotected.map((leg) => `without its stop: ${leg}`)]
}

function storeDifferences(file: string, { control }: BybitLab): string[] {
  const store = new DatabaseSync(file, { readOnly: true })
  const rows = store.prepare('select symbol, leg, qty from positions').all() as { symbol: string; leg: string; qty: string }[]
  const wallet = (store.prepare("select value from account where key = 'wallet'").get() as { value: string } | undefined)?.value ?? 'none'
  store.close()
  const found = SYMBOLS.flatMap((symbol) => LEGS.flatMap((leg) => {
    const kept = rows.find((row) => row.symbol === symbol && row.leg === leg)?.qty ?? '0'
    const held = control.account.pair(symbol)[leg].qty
    return decimal(kept).eq(held) ? [] : [`store: ${symbol} ${leg} ${kept}, ${held.toFixed()} at the venue`]
  }))
  return wallet === control.state().wallet ? found : [...found, `store: wallet ${wallet}, ${control.state().wallet} at the venue`]
}

async function pause(): Promise<void> {
  await new Promise((resolve) => { setTimeout(resolve, POLL_MS) })
}
