/** Makes us and the venue agree: asks for the account, folds what was missed, and halts what does not add up (SIMULATION 7.2, 7.3). */
import { decimalText, ZERO, type Decimal } from '../domain/decimal.ts'
import type { LiveInput } from '../domain/live-input.ts'
import { LEGS } from '../domain/leg.ts'
import type { TimeMs } from '../domain/time.ts'
import type { VenueSnapshot } from '../ports/venue-connection.ts'
import type { PositionReport } from '../ports/venue-report.ts'
import { isOwnClientId } from './client-id.ts'
import { settingDifference } from './ensure-settings.ts'
import type { LiveEngine } from './live-engine.ts'
import { planReconciliation, type ReconcileAction } from './reconcile.ts'
import { askVenue } from './venue-questions.ts'
import { walletDifference, type Deviation } from './shadow-ledger.ts'

/** Executions are asked for from so long before the last one that we know. */
const LOOK_BACK_MS = 600_000
/** An order that was sent so recently may be missing from a snapshot. */
const IN_FLIGHT_MS = 5_000
/** A difference has to be seen so often before it is believed: rows of a snapshot are asked for one after the other. */
const SNAPSHOTS = 3
const PAUSE_MS = 500

/** What a reconciliation found. */
export interface ReconcileReport {
  readonly at: TimeMs
  readonly why: string
  /** Differences that halt a symbol, in words. */
  readonly halts: readonly string[]
  /** Where our ledger and the venue's numbers differ: the model's errors. */
  readonly deviations: readonly Deviation[]
}

/** Reconciles one engine; only within its tasks. */
export class Reconciler {
  /** The last one that came to its end; null before. */
  last: ReconcileReport | null = null
  readonly #engine: LiveEngine
  #lastFillAt: TimeMs | null = null

  constructor(engine: LiveEngine) {
    this.#engine = engine
  }

  /** Asks for the account. */
  async snapshot(): Promise<VenueSnapshot> {
    const { symbols } = this.#engine.options.config
    return await askVenue(this.#engine, async (connection) => await connection.snapshot({ symbols, since: this.#since() }))
  }

  /** Folds what was missed and compares. Throws what the connection throws; then nothing is known and nothing was changed but what is proven. */
  async run(why: string, given?: VenueSnapshot): Promise<void> {
    const engine = this.#engine
    let actions: readonly ReconcileAction[] = []
    let snapshot = given ?? (await this.snapshot())
    for (let round = 1; ; round++) {
      await this.#fold(snapshot)
      actions = this.#plan(snapshot)
      const isSettled = actions.every(({ type }) => type !== 'halt-leg' && type !== 'adopt-leg' && type !== 'adjust-leg') && this.#walletDifference(snapshot) === null
      if (isSettled || round === SNAPSHOTS) break
      await this.#pause()
      snapshot = await this.snapshot()
    }
    await this.#act(actions, snapshot)
    await engine.commit([...this.#walletInputs(snapshot), ...this.#gateInputs(actions, snapshot)])
    engine.wallet = snapshot.wallet
    this.last = { at: engine.now(), why, halts: actions.flatMap(haltText), deviations: engine.options.shadow?.(snapshot) ?? [] }
    for (const { text } of this.last.deviations) engine.log('info', `model: ${text}`)
  }

  #since(): TimeMs {
    const { session, log } = this.#engine.options
    for (let index = log.events.length - 1; index >= 0 && this.#lastFillAt === null; index--) {
      const event = log.events[index]
      if (event?.type === 'order.filled') this.#lastFillAt = event.at
    }
    return (this.#lastFillAt ?? session.started?.at ?? this.#engine.now()) - (session.started === null ? 0 : LOOK_BACK_MS)
  }

  /** Orders first, so that executions find their orders by the venue's ids as well. */
  async #fold({ orders, executions, funding, at }: VenueSnapshot): Promise<void> {
    const engine = this.#engine
    this.#lastFillAt = null
    // Fresh strategies start anew; the account does not: what it missed before them is folded all the same.
    const since = engine.options.session.openedAt ?? at
    // A settlement is of what was held before it: it comes before the fills of its moment, and after those of earlier ones.
    const missed = [...funding, ...executions].filter((row) => row.at >= since).toSorted((a, b) => a.at - b.at)
    for (const report of [...orders, ...missed]) await engine.take(engine.orders.read(report))
    await engine.take(engine.orders.unpark(true))
    const present = new Set(orders.map(({ clientId }) => clientId))
    for (const tracked of engine.tracked.live()) {
      if (present.has(tracked.clientId) || tracked.sentAt > at - IN_FLIGHT_MS || tracked.machine.phase === 'unknown') continue
      await engine.supervisor.query(tracked, { isSettled: true })
    }
    await engine.flush()
  }

  #plan({ positions, orders }: VenueSnapshot): readonly ReconcileAction[] {
    const { options, tracked, orders: known } = this.#engine
    const { config, state } = options
    const symbols = new Set(config.symbols)
    return planReconciliation({
      localMode: config.positionMode, remoteMode: config.positionMode, maySwitchMode: false, adopt: config.adopt, trustVenue: config.trustVenue, foreignOrders: config.foreignOrders, isOwn: isOwnClientId,
      localLegs: [...symbols].flatMap((symbol) => LEGS.map((leg) => ({ symbol, leg, qty: state.positions.pair(symbol)[leg].qty }))),
      remoteLegs: positions.filter(({ symbol }) => symbols.has(symbol)),
      localOrders: [], remoteOrders: orders.filter((order) => tracked.find(order) === undefined).map(({ clientId, venueOrderId }) => clientId ?? venueOrderId),
      isApplied: (id, symbol) => known.isApplied(id, symbol), remoteExecutions: [],
    }).actions
  }

  async #act(actions: readonly ReconcileAction[], { positions, orders }: VenueSnapshot): Promise<void> {
    const { options } = this.#engine
    const inputs: LiveInput[] = []
    for (const action of actions) {
      switch (action.type) {
        case 'adopt-leg':
        case 'adjust-leg': {
          const row = positions.find(({ symbol, leg }) => symbol === action.symbol && leg === action.leg)
          if (row !== undefined) inputs.push(...this.#takeOver(row))
          break
        }
        case 'cancel-foreign-order': {
          const order = orders.find(({ clientId, venueOrderId }) => (clientId ?? venueOrderId) === action.clientId)
          if (order !== undefined) options.connection.cancel({ clientId: order.clientId ?? '', venueOrderId: order.venueOrderId, symbol: order.symbol, conditional: order.trigger !== null })
          break
        }
        case 'adopt-order':
          this.#engine.log('warn', `order ${action.clientId} was made by Hedgerow but is not in this journal: it is left alone`)
          break
        case 'ignore-foreign-order':
          this.#engine.log('info', `order ${action.clientId} is somebody else's: ignored`)
          break
        default:
      }
    }
    await this.#engine.commit(inputs)
  }

  /** A fill of nobody's that makes a leg what the venue says, at the venue's average price. */
  #takeOver({ symbol, leg, qty, entryPrice, at }: PositionReport): LiveInput[] {
    const { state } = this.#engine.options
    const held = state.positions.pair(symbol)[leg].qty
    const change = qty.minus(held)
    const price = entryPrice ?? this.#engine.prices.get(symbol)?.last
    if (change.isZero() || price === undefined) return []
    const intent = change.gt(0) ? 'open' : 'close'
    this.#engine.log('warn', `${symbol} ${leg}: taken over from the venue, ${decimalText(held)} -> ${decimalText(qty)}`)
    return [{ type: 'order.filled', at, fillId: `adopted:${symbol}:${leg}:${at}`, orderId: null, symbol, leg, intent, price, qty: change.abs(), fee: ZERO, liquidity: 'taker', source: 'external', role: intent === 'open' ? 'entry' : 'exit' }]
  }

  /** Halts what differs and lifts what no longer does. */
  #gateInputs(actions: readonly ReconcileAction[], { settings }: VenueSnapshot): LiveInput[] {
    const { config, gate } = this.#engine.options
    return config.symbols.flatMap((symbol): LiveInput[] => {
      const legs = actions.flatMap((action) => (action.type === 'halt-leg' && action.symbol === symbol ? haltText(action) : []))
      const row = settings.find((each) => each.symbol === symbol)
      const drift = row === undefined ? null : settingDifference(config, row)
      // Rows that are read back are the proof that a mode is as it should be again.
      const mode = drift?.code === 'POSITION_MODE_MISMATCH' ? `${drift.found}, configured ${drift.expected}` : null
      const wanted = [['position mode', gate.isHalted(symbol, 'position mode') ? mode : null], ['reconcile', legs.length === 0 ? null : legs.join('; ')], ['settings', drift === null ? null : `${drift.code}: ${drift.found}, configured ${drift.expected}`]] as const
      return wanted.flatMap(([name, reason]): LiveInput[] => {
        if (reason === null && !gate.isHalted(symbol, name)) return []
        if (reason !== null && gate.haltsOf(symbol).some((halt) => halt.name === name && halt.reason === reason)) return []
        this.#engine.log(reason === null ? 'info' : 'error', reason === null ? `${symbol}: ${name} halt lifted` : `${symbol}: openers halted: ${reason}`)
        return [{ type: 'gate.changed', at: this.#engine.now(), change: { kind: 'halt', symbol, name, reason } }]
      })
    })
  }

  #walletDifference({ wallet }: VenueSnapshot): Decimal | null {
    return walletDifference(this.#engine.options.state.positions.wallet, wallet.balance)
  }

  /** What the venue booked and we cannot explain: posted under its own name, never in silence. */
  #walletInputs(snapshot: VenueSnapshot): LiveInput[] {
    const amount = this.#walletDifference(snapshot)
    if (amount === null) return []
    this.#engine.log('error', `the venue's wallet differs by ${decimalText(amount)} after all fills and funding: posted as reconcile-adjust`)
    return [{ type: 'account.posted', at: this.#engine.now(), kind: 'reconcile-adjust', amount }]
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => { this.#engine.options.timers.after(PAUSE_MS, resolve) })
  }
}

function haltText(action: ReconcileAction): string[] {
  return action.type === 'halt-leg' ? [`${action.symbol} ${action.leg}: ${decimalText(action.local)} here, ${decimalText(action.remote)} at the venue`] : []
}
