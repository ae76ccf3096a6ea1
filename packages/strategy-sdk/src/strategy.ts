/** The class that a strategy extends. */
import { HedgerowError, isHedgerowError } from '@hedgerow/core'
import type { Leg, Strategy as StrategyPort, StrategyContext, StrategyEvent, Timer } from '@hedgerow/core'
import type { z } from '@hedgerow/core/zod'
import { BarCycle } from './bar-cycle.ts'
import { Books, type Book } from './book.ts'
import type { Declaration, ListedRow } from './declarations.ts'
import { Drawing } from './drawing.ts'
import { EventHooks } from './event-hooks.ts'
import { IntentGroups, type GroupMember, type GroupPolicy, type GroupView, type PairOrder } from './intent-group.ts'
import { KeptVars } from './kept-vars.ts'
import type { LegHandle } from './leg-handle.ts'
import type { Market } from './market.ts'
import { NO_PARAMETERS, readParameters, type NoParameters, type ParameterSchema } from './parameters.ts'
import type { PositionPair } from './position-view.ts'
import { refuseHiddenMembers, refuseMisspeltHooks, refuseMisspeltLists, refuseWaitingHooks } from './reserved-members.ts'
import { riskToQty, sizeToQty, type RiskInput, type SizeInput } from './sizing.ts'
import { readTimers, type TimerRules } from './timers.ts'

/** Everything that exists once a run has started. */
interface Running {
  readonly books: Books
  readonly groups: IntentGroups
  readonly cycle: BarCycle
  readonly events: EventHooks
  /** Null where the class declares no variables. */
  readonly keptVars: KeptVars | null
}

/**
 * A strategy: override hooks, read `this`, declare orders or trade the legs by their handles.
 *
 * `class Mine extends Strategy<typeof params> { static params = params }`
 */
export abstract class Strategy<P extends ParameterSchema = NoParameters, V extends ParameterSchema = NoParameters> extends Drawing implements StrategyPort {
  /** Schema of the parameters. */
  static params: ParameterSchema = NO_PARAMETERS
  /** Schema of `this.vars`: JSON that survives a restart. Every value needs a default. */
  static vars: ParameterSchema = NO_PARAMETERS
  /** Times at which `onTimer` is called beside the bars: `{ funding: { every: '8h', offset: '5m' } }`. */
  static timers: TimerRules = {}

  static {
    refuseMisspeltLists(this.prototype)
  }

  /** Parameters, checked and frozen. */
  readonly hp: Readonly<z.output<P>>
  /** State of the strategy that survives a restart: JSON, journalled on each bar that changes it. */
  readonly vars: z.output<V>
  /** What `static timers` says, as the session reads it. */
  readonly timers: readonly Timer[]
  /** True when open positions must survive the end of the run. */
  readonly preventForcedClosure: boolean = false
  #running: Running | null = null
  #lastTradeIndex: number | null = null

  /**
   * @param parameters By name; what is left out takes its default.
   * @throws HedgerowError `PARAMETER_INVALID`.
   */
  constructor(parameters: Readonly<Record<string, unknown>> = {}) {
    super()
    // The schemas of the class are those of its type arguments: `Strategy<typeof params>` with `static params = params`.
    this.hp = readParameters(new.target.params, parameters, new.target.name) as Readonly<z.output<P>>
    this.vars = new.target.vars.parse({}, { jitless: true }) as z.output<V>
    this.timers = readTimers(new.target.timers, new.target.name)
  }

  /** Rows that open the long leg; with leg `short`, rows that reduce the short. */
  get buy(): readonly ListedRow[] {
    return this.#book().declared.buy.list()
  }

  set buy(value: Declaration) {
    this.#book().declared.buy.assign(value)
  }

  /** Rows that open the short leg; with leg `long`, rows that reduce the long. */
  get sell(): readonly ListedRow[] {
    return this.#book().declared.sell.list()
  }

  set sell(value: Declaration) {
    this.#book().declared.sell.assign(value)
  }

  /** Stops of both legs. */
  get stopLoss(): readonly ListedRow[] {
    return this.#book().declared.stopLoss.list()
  }

  set stopLoss(value: Declaration) {
    this.#book().declared.stopLoss.assign(value)
  }

  /** Targets of both legs. */
  get takeProfit(): readonly ListedRow[] {
    return this.#book().declared.takeProfit.list()
  }

  set takeProfit(value: Declaration) {
    this.#book().declared.takeProfit.assign(value)
  }

  /** The long leg. */
  get long(): LegHandle {
    return this.#book().long
  }

  /** The short leg. */
  get short(): LegHandle {
    return this.#book().short
  }

  /** Both legs as one position. */
  get position(): PositionPair {
    return this.#book().position
  }

  /** Every symbol of the route, in its order. */
  get markets(): readonly Market[] {
    return this.#run().books.all.map(({ market }) => market)
  }

  /** One symbol of the route. Throws `UNKNOWN_SYMBOL`. */
  market(symbol: string): Market {
    return this.#run().books.of(symbol).market
  }

  /** Fills that enlarged the open legs since they opened. */
  get increasedCount(): number {
    return this.#sumOfLegs((leg) => leg.history.increasedCount)
  }

  /** Fills that reduced the open legs since they opened. */
  get reducedCount(): number {
    return this.#sumOfLegs((leg) => leg.history.reducedCount)
  }

  /** Bar index at which the last trade closed; null before the first. */
  get lastTradeIndex(): number | null {
    return this.#lastTradeIndex
  }

  /** Quantity-weighted price of the declared entries of the leg that is meant; null where nothing is declared. */
  get averageEntryPrice(): number | null {
    const leg = this.#meantLeg('averageEntryPrice')
    return leg === null ? null : averagePrice((leg === 'long' ? this.#book().declared.buy : this.#book().declared.sell).list(leg))
  }

  /** Quantity-weighted price of the declared stops of the leg that is meant; null where nothing is declared. */
  get averageStopLoss(): number | null {
    const leg = this.#meantLeg('averageStopLoss')
    return leg === null ? null : averagePrice(this.#book().declared.stopLoss.list(leg))
  }

  /** Quantity-weighted price of the declared targets of the leg that is meant; null where nothing is declared. */
  get averageTakeProfit(): number | null {
    const leg = this.#meantLeg('averageTakeProfit')
    return leg === null ? null : averagePrice(this.#book().declared.takeProfit.list(leg))
  }

  /** Closes a leg at market, or every open leg; of a portfolio those of all its symbols. */
  liquidate(leg?: Leg): void {
    for (const handle of this.markets.flatMap(({ long, short }) => [long, short])) if (handle.isOpen && (leg === undefined || leg === handle.leg)) handle.close()
  }

  /** Opens a long and a short leg as one group of intents. */
  openPair(pair: PairOrder): GroupView {
    return this.#run().groups.openPair(pair)
  }

  /** Opens several legs as one group of intents. */
  openGroup(members: readonly GroupMember[], policy: GroupPolicy): GroupView {
    return this.#run().groups.openGroup(members, policy)
  }

  /** Base units for a position size in quote units; at the current price by default. The broker floors to the step. */
  sizeToQty(size: number, options: Partial<Omit<SizeInput, 'size'>> = {}): number {
    return sizeToQty({ price: this.price, ...options, size })
  }

  /** Base units that lose `riskPercentage` of the capital at the stop; capital is the balance and entry the current price by default. */
  riskToQty(risk: Pick<RiskInput, 'riskPercentage' | 'stopPrice'> & Partial<RiskInput>): number {
    return riskToQty({ capital: this.balance, entryPrice: this.price, ...risk })
  }

  /** Called by the session: before the first bar. */
  start(context: StrategyContext): void {
    refuseHiddenMembers(this, Strategy.prototype, context.name)
    refuseWaitingHooks(this, context.name)
    refuseMisspeltHooks(this, Strategy.prototype, context.name)
    const books = new Books(context)
    this.attach(books)
    const groups = new IntentGroups(books.main.desk)
    this.#running = {
      books, groups,
      cycle: new BarCycle({ hooks: this, books, groups }),
      events: new EventHooks({ hooks: this, books, groups, onClosed: () => { this.#lastTradeIndex = this.index } }),
      keptVars: this.#keptVars(context),
    }
  }

  /** Called by the session: each closed bar. */
  bar(step: 'manage' | 'enter'): void {
    const { books, cycle, keptVars } = this.#run()
    books.desks.isAtBar = true
    try {
      if (step === 'manage') {
        cycle.manage()
        return
      }
      cycle.enter()
      keptVars?.keep()
    } catch (error) {
      throw this.#blame(error)
    }
  }

  /** Called by the session: each event of the route. */
  handle(event: StrategyEvent): void {
    const { books, events } = this.#run()
    books.desks.isAtBar = false
    try {
      events.handle(event)
    } catch (error) {
      throw this.#blame(error)
    }
  }

  /** Called by the session: the end of the run. */
  end(step: 'before' | 'after'): void {
    this.#run().books.desks.isAtBar = false
    try {
      if (step === 'after') {
        this.terminate()
        this.#run().keptVars?.keep()
        return
      }
      this.beforeTerminate()
      this.#run().books.diff('bar')
    } catch (error) {
      throw this.#blame(error)
    }
  }

  #run(): Running {
    if (this.#running === null) throw new HedgerowError('STRATEGY_THREW', { where: this.constructor.name, found: 'orders before the run has started', expected: 'orders inside hooks', remedy: 'Move the code from the constructor or a class field into a hook.' })
    return this.#running
  }

  /** What everything that names no symbol is about. */
  #book(): Book {
    return this.#run().books.current
  }

  #keptVars(context: StrategyContext): KeptVars | null {
    const schema = (this.constructor as typeof Strategy).vars
    return Object.keys(schema.shape).length === 0 && context.savedVars() === null ? null : new KeptVars(context, this.vars, schema)
  }

  #sumOfLegs(count: (leg: LegHandle) => number): number {
    return [this.long, this.short].reduce((sum, leg) => sum + (leg.isOpen ? count(leg) : 0), 0)
  }

  /** The leg that a reading means where it names none; null when nothing is open. */
  #meantLeg(place: string): Leg | null {
    return this.isClose && this.#book().declared.hookLeg === null ? null : this.#book().declared.impliedLeg(place)
  }

  /** An error that says where it happened: strategy, bar, and the place that it names itself. */
  #blame(error: unknown): unknown {
    const here = this.desk.where('')
    if (!isHedgerowError(error)) {
      const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      return new HedgerowError('STRATEGY_THREW', { where: `${here}${this.symbol} ${this.timeframe}`, found, cause: error })
    }
    const { where } = error.details
    return where?.startsWith(here) === true ? error : new HedgerowError(error.code, { ...error.details, where: `${here}${where ?? this.symbol}`, cause: error })
  }
}

function averagePrice(rows: readonly ListedRow[]): number | null {
  let qty = 0
  let value = 0
  for (const [rowQty, price] of rows) {
    const weight = rowQty === 'all' ? 1 : rowQty
    if (price === null) continue
    qty += weight
    value += weight * price
  }
  return qty === 0 ? null : value / qty
}
