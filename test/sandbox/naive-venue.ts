/**
 * The matching rules once more, slow and plain: every order is looked at on every leg of every candle, nothing is skipped, cached or
 * sorted ahead. Tests compare the sandbox with it. It follows the text of the matching rules, not the sandbox.
 */
import {
  cell, crossRisk, decimal, decimalOfDouble, isUncovered, liquidateCross, minDecimal, roundToStep, sideOf, ZERO,
  type CandleColumns, type Decimal, type Leg, type Order, type TierTable, type VenueProfile,
} from '@hedgerow/core'

export interface NaiveOrder extends Order {
  readonly fromCandle: number
}

export interface NaiveInput {
  readonly tick: Decimal
  readonly makerRate: Decimal
  readonly takerRate: Decimal
  readonly wallet: Decimal
  readonly slippageTicks: number
  readonly limitFill: 'touch' | 'through'
  readonly path: 'bar-color' | 'ohlc' | 'olhc' | 'adaptive' | 'pessimistic'
  readonly volumeShare: Decimal | null
  readonly onStopPassed: 'close' | 'reject'
  readonly seeds: Readonly<Record<Leg, { readonly qty: Decimal; readonly entry: Decimal } | null>>
  readonly candles: CandleColumns
  readonly marks: CandleColumns | null
  readonly orders: readonly NaiveOrder[]
  readonly margin: { readonly profile: VenueProfile; readonly tiers: TierTable; readonly leverage: Decimal; readonly qtyStep: Decimal } | null
}

export interface NaiveResult {
  readonly fills: readonly string[]
  readonly ends: readonly string[]
  readonly liquidations: readonly string[]
  readonly open: readonly number[]
  readonly long: string
  readonly short: string
  readonly wallet: string
  /** Candles whose two monotone paths give different fills. */
  readonly ambiguous: number
  /** Paths chosen by `pessimistic`; empty for the other rules. */
  readonly paths: readonly string[]
}

interface Resting {
  readonly order: NaiveOrder
  readonly buys: boolean
  /** What it waits for. */
  state: 'new' | 'limit' | 'conditional' | 'activation' | 'trailing' | 'market' | 'done'
  left: Decimal
  extreme: number
  /** True: arrived at the venue. */
  arrived: boolean
  takesAs: 'market' | 'stop'
}

/** A place on a leg: `num / den`, both exact. */
interface Place {
  readonly num: Decimal
  readonly den: Decimal
}

/** A value that is there by the rules of the input. */
function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the input lacks a value that its order type needs')
  return value
}

/** The ends of a leg. */
function pick(corners: readonly [number, number, number, number], leg: number): [number, number] {
  const [a, b, c, d] = corners
  if (leg === 0) return [a, b]
  return leg === 1 ? [b, c] : [c, d]
}

const START: Place = { num: ZERO, den: decimal('1') }
const END: Place = { num: decimal('1'), den: decimal('1') }
const before = (a: Place, b: Place): boolean => a.num.times(b.den).lt(b.num.times(a.den))

export class NaiveVenue {
  readonly #input: NaiveInput
  readonly #all: Resting[]
  readonly #held: Record<Leg, { qty: Decimal; cost: Decimal }>
  readonly #fills: string[] = []
  readonly #ends: string[] = []
  readonly #liquidations: string[] = []
  readonly #closes: string[] = []
  #wallet: Decimal
  #candle = 0
  /** Overrides the rule of the input. */
  #forced: 'ohlc' | 'olhc' | null = null
  #ambiguous = 0
  readonly #paths: string[] = []
  #budget: Decimal | null = null
  /** Ends of the present leg, of both series, and the place on it. */
  #last: readonly [number, number] = [0, 0]
  #mark: readonly [number, number] = [0, 0]
  #place: Place = START

  constructor(input: NaiveInput) {
    this.#input = input
    this.#wallet = input.wallet
    this.#all = input.orders.map((order) => ({ order, buys: sideOf(order.leg, order.intent) === 'buy', state: 'new', left: order.qty, extreme: Number.NaN, arrived: false, takesAs: 'market' }))
    const seed = (leg: Leg): { qty: Decimal; cost: Decimal } => {
      const own = input.seeds[leg]
      return own === null ? { qty: ZERO, cost: ZERO } : { qty: own.qty, cost: own.qty.times(own.entry) }
    }
    this.#held = { long: seed('long'), short: seed('short') }
  }

  /** `countAmbiguous: false` leaves the count and the choice of `pessimistic` paths out: they run every candle three times. */
  run({ countAmbiguous = true } = {}): NaiveResult {
    for (let candle = 0; candle < this.#input.candles.length; candle += 1) {
      if (!countAmbiguous) {
        this.#runCandle(candle)
        continue
      }
      const [olhc, ohlc] = [this.#tried('olhc', candle), this.#tried('ohlc', candle)]
      if (olhc.fills !== ohlc.fills) this.#ambiguous += 1
      if (this.#input.path === 'pessimistic') {
        const worse = olhc.liquidates === ohlc.liquidates ? ohlc.equity.lt(olhc.equity) : ohlc.liquidates
        this.#forced = worse ? 'ohlc' : 'olhc'
        this.#paths.push(this.#forced)
      }
      this.#runCandle(candle)
    }
    return {
      ambiguous: this.#ambiguous, paths: this.#paths,
      fills: this.#fills, ends: this.#ends, liquidations: this.#liquidations,
      open: this.#all.filter(({ arrived, state }) => arrived && state !== 'done').map(({ order }) => order.id),
      long: this.#held.long.qty.toFixed(), short: this.#held.short.qty.toFixed(), wallet: this.#wallet.toFixed(18),
    }
  }

  /** One candle on a copy of everything. */
  #tried(path: 'ohlc' | 'olhc', candle: number): { readonly fills: string; readonly equity: Decimal; readonly liquidates: boolean } {
    const copy = new NaiveVenue(this.#input)
    copy.#all.forEach((own, index) => Object.assign(own, this.#all[index]))
    Object.assign(copy.#held.long, this.#held.long)
    Object.assign(copy.#held.short, this.#held.short)
    copy.#wallet = this.#wallet
    copy.#forced = path
    copy.#runCandle(candle)
    const close = decimalOfDouble(cell(this.#input.candles.close, candle))
    const { long, short } = copy.#held
    const equity = copy.#wallet.plus(long.qty.times(close).minus(long.cost)).plus(short.cost.minus(short.qty.times(close)))
    return { fills: copy.#fills.toSorted().concat(copy.#closes).join('\n'), equity, liquidates: copy.#liquidations.length > 0 }
  }

  #runCandle(candle: number): void {
    const { candles, marks, volumeShare } = this.#input
    this.#candle = candle
    this.#budget = volumeShare === null ? null : volumeShare.times(decimalOfDouble(cell(candles.volume, candle)))
    const last = this.#corners(candles, candle)
    const mark = marks === null ? last : this.#corners(marks, candle)
    this.#standAt([last[0], last[0]], [mark[0], mark[0]], START)
    this.#liquidate()
    this.#atOpen(last[0], mark[0])
    const arriving = this.#all.filter(({ order }) => order.fromCandle === candle)
    for (const one of arriving) one.arrived = true
    for (const one of arriving) if (one.state === 'new') this.#arrive(one)
    for (let leg = 0; leg < 3; leg += 1) {
      this.#standAt(pick(last, leg), pick(mark, leg), START)
      this.#runLeg()
    }
  }

  #corners({ open, high, low, close }: CandleColumns, i: number): [number, number, number, number] {
    const [o, h, l, c] = [cell(open, i), cell(high, i), cell(low, i), cell(close, i)]
    const path = this.#forced ?? this.#input.path
    const nearer = decimalOfDouble(h).minus(decimalOfDouble(o)).lt(decimalOfDouble(o).minus(decimalOfDouble(l)))
    const highFirst = path === 'ohlc' || (path === 'bar-color' && c < o) || (path === 'adaptive' && nearer)
    return highFirst ? [o, h, l, c] : [o, l, h, c]
  }

  #standAt(last: readonly [number, number], mark: readonly [number, number], place: Place): void {
    this.#last = last
    this.#mark = mark
    this.#place = place
  }

  #priceAt([from, to]: readonly [number, number], place: Place = this.#place): Decimal {
    const start = decimalOfDouble(from)
    return start.plus(decimalOfDouble(to).minus(start).times(place.num).div(place.den))
  }

  // open

  #atOpen(last: number, mark: number): void {
    for (const one of this.#all) {
      const price = this.#watchesMark(one) ? mark : last
      if (!one.arrived) continue
      if (one.state === 'activation' && (one.buys ? price <= this.#activation(one) : price >= this.#activation(one))) this.#startTrailing(one, price)
      else if ((one.state === 'conditional' || one.state === 'trailing') && this.#isMet(one, price)) this.#fire(one)
    }
    for (const one of this.#all) if (one.state === 'market') this.#take(one)
    for (const one of this.#all) if (one.state === 'limit' && this.#isMet(one, last) && this.#limitsFill()) this.#fill(one, must(one.order.price), 'maker')
  }

  // arrival

  #arrive(one: Resting): void {
    const { order } = one
    if (order.type === 'market') return this.#take(one)
    if (order.type === 'limit') return this.#arriveLimit(one)
    const price = this.#priceAt(this.#watchesMark(one) ? this.#mark : this.#last).toNumber()
    if (order.type === 'trailing-stop') {
      if (order.trailing?.activation === undefined || (one.buys ? price <= this.#activation(one) : price >= this.#activation(one))) this.#startTrailing(one, price)
      else one.state = 'activation'
      return
    }
    if (this.#isMet(one, price)) {
      if (order.intent === 'open' || this.#input.onStopPassed === 'reject') return this.#end(one, 'TRIGGER_ALREADY_PASSED')
      return this.#fire(one)
    }
    one.state = 'conditional'
  }

  #arriveLimit(one: Resting): void {
    const { order, buys } = one
    const current = this.#priceAt(this.#last)
    const marketable = buys ? current.lte(must(order.price)) : current.gte(must(order.price))
    if (marketable && order.postOnly) return this.#end(one, 'post-only-would-take')
    if (marketable) this.#fill(one, roundToStep(current, this.#input.tick, buys ? 'ceil' : 'floor'), 'taker')
    if (one.state === 'done') return
    if (order.timeInForce !== 'GTC') return this.#end(one, marketable ? 'ioc-remainder' : 'not-marketable')
    one.state = 'limit'
  }

  #take(one: Resting): void {
    const { tick, slippageTicks } = this.#input
    const exact = roundToStep(this.#priceAt(this.#last), tick, one.buys ? 'ceil' : 'floor')
    const slip = tick.times(decimal(String(slippageTicks)))
    this.#fill(one, one.buys ? exact.plus(slip) : exact.minus(slip), 'taker')
    if (one.state === 'done') return
    if (one.order.timeInForce === 'GTC') one.state = 'market'
    else this.#end(one, 'ioc-remainder')
  }

  #fire(one: Resting): void {
    one.state = 'new'
    one.takesAs = 'stop'
    if (one.order.price === undefined) this.#take(one)
    else this.#arriveLimit(one)
  }

  // legs

  #runLeg(): void {
    for (const one of this.#all) if (one.state === 'trailing') this.#follow(one, (this.#watchesMark(one) ? this.#mark : this.#last)[0])
    for (;;) {
      const next = this.#next()
      const strike = this.#strike()
      if (strike !== null && (next === null || !before(next.place, strike))) {
        this.#place = strike
        this.#liquidate()
      } else if (next === null) {
        break
      } else {
        this.#place = next.place
        this.#act(next.one)
      }
    }
    this.#place = END
    for (const one of this.#all) if (one.state === 'trailing') this.#follow(one, (this.#watchesMark(one) ? this.#mark : this.#last)[1])
  }

  #act(one: Resting): void {
    if (one.state === 'limit') this.#fill(one, must(one.order.price), 'maker')
    else if (one.state === 'activation') this.#startTrailing(one, this.#activation(one))
    else this.#fire(one)
  }

  #next(): { readonly one: Resting; readonly place: Place } | null {
    let next: { readonly one: Resting; readonly place: Place } | null = null
    for (const one of this.#all) {
      if (!one.arrived || !['limit', 'conditional', 'activation', 'trailing'].includes(one.state)) continue
      if (one.state === 'limit' && !this.#limitsFill()) continue
      const [from, to] = one.state !== 'limit' && this.#watchesMark(one) ? this.#mark : this.#last
      const level = this.#level(one)
      if (from === to || (to > from) !== this.#rises(one) || !this.#isMet(one, to)) continue
      const start = decimalOfDouble(from)
      const down = to < from
      let place: Place = { num: level.minus(start).times(down ? -1 : 1), den: decimalOfDouble(to).minus(start).abs() }
      if (before(place, this.#place)) place = this.#place
      if (next === null || before(place, next.place)) next = { one, place }
    }
    return next
  }

  // levels

  #watchesMark({ order }: Resting): boolean {
    return order.triggerBy === 'mark' && this.#input.marks !== null
  }

  #activation({ order }: Resting): number {
    return must(order.trailing?.activation).toNumber()
  }

  #level(one: Resting): Decimal {
    if (one.state === 'limit') return must(one.order.price)
    if (one.state === 'activation') return must(one.order.trailing?.activation)
    if (one.state !== 'trailing') return must(one.order.trigger)
    const extreme = decimalOfDouble(one.extreme)
    const distance = one.order.trailing?.distance ?? extreme.times(must(one.order.trailing?.distanceRatio))
    return one.buys ? roundToStep(extreme.plus(distance), this.#input.tick, 'ceil') : roundToStep(extreme.minus(distance), this.#input.tick, 'floor')
  }

  /** Whether the price has to rise to the order. */
  #rises(one: Resting): boolean {
    if (one.state === 'limit' || one.state === 'activation') return !one.buys
    return one.order.type.startsWith('take-profit') ? !one.buys : one.buys
  }

  #isMet(one: Resting, price: number): boolean {
    const level = this.#level(one).toNumber()
    if (one.state === 'limit' && this.#input.limitFill === 'through') return this.#rises(one) ? price > level : price < level
    return this.#rises(one) ? price >= level : price <= level
  }

  #startTrailing(one: Resting, price: number): void {
    one.state = 'trailing'
    one.extreme = price
  }

  #follow(one: Resting, price: number): void {
    one.extreme = one.buys ? Math.min(one.extreme, price) : Math.max(one.extreme, price)
  }

  #limitsFill(): boolean {
    return cell(this.#input.candles.volume, this.#candle) > 0 && (this.#budget === null || this.#budget.gt(0))
  }

  // fills

  #fill(one: Resting, price: Decimal, liquidity: 'maker' | 'taker'): void {
    const { order } = one
    const held = this.#held[order.leg]
    const closes = order.intent === 'close'
    if (closes && held.qty.isZero()) return this.#end(one, 'reduce-only-no-position')
    const wanted = closes ? minDecimal(one.left, held.qty) : one.left
    if (order.timeInForce === 'FOK' && this.#budget !== null && wanted.gt(this.#budget)) return this.#end(one, 'fok')
    const qty = this.#budget === null ? wanted : minDecimal(wanted, this.#budget)
    if (qty.isZero()) return
    if (this.#budget !== null) this.#budget = this.#budget.minus(qty)
    const realised = this.#book(order.leg, closes, qty, price)
    const fee = qty.times(price).times(liquidity === 'maker' ? this.#input.makerRate : this.#input.takerRate)
    this.#wallet = this.#wallet.plus(realised).minus(fee)
    one.left = one.left.minus(qty)
    this.#fills.push([order.id, this.#candle, price.toFixed(), qty.toFixed(), liquidity].join(' '))
    if (one.left.isZero()) one.state = 'done'
    const flat = closes && held.qty.isZero()
    if (flat && one.state !== 'done') this.#end(one, 'reduce-only-clipped')
    const others = this.#all.filter((other) => other !== one && other.arrived && other.state !== 'done' && other.order.leg === order.leg)
    for (const other of others) {
      if (order.group === undefined || other.order.group !== order.group) continue
      if (one.state === 'done') this.#end(other, 'oco')
      else if (other.order.intent === 'close') other.left = minDecimal(other.left, held.qty)
    }
    if (flat) for (const other of others) if (other.state !== 'done' && other.order.intent === 'close') this.#end(other, 'position-closed')
  }

  #book(leg: Leg, closes: boolean, qty: Decimal, price: Decimal): Decimal {
    const held = this.#held[leg]
    if (!closes) {
      held.qty = held.qty.plus(qty)
      held.cost = held.cost.plus(qty.times(price))
      return ZERO
    }
    const released = qty.eq(held.qty) ? held.cost : held.cost.times(qty).div(held.qty)
    held.qty = held.qty.minus(qty)
    held.cost = held.cost.minus(released)
    return leg === 'long' ? qty.times(price).minus(released) : released.minus(qty.times(price))
  }

  #end(one: Resting, reason: string): void {
    one.state = 'done'
    this.#ends.push(`${one.order.id} ${reason}`)
  }

  // liquidation

  #account(mark: Decimal): Parameters<typeof liquidateCross>[1] {
    const { margin, takerRate } = this.#input
    const held = (leg: Leg): { leg: Leg; qty: Decimal; cost: Decimal; isolatedMargin: null } => ({ leg, ...this.#held[leg], isolatedMargin: null })
    const orders = this.#all.filter(({ order, state }) => order.intent === 'open' && (state === 'limit' || state === 'market'))
      .map(({ order, left }) => ({ leg: order.leg, intent: order.intent, qty: left, price: order.price ?? mark }))
    return {
      wallet: this.#wallet, positionMode: 'hedge', marginMode: 'cross', takerRate,
      pairs: [{ symbol: 'SYMBOL', mark, leverage: { long: must(margin).leverage, short: must(margin).leverage }, tiers: must(margin).tiers, long: held('long'), short: held('short'), orders }],
    }
  }

  #isShort(mark: Decimal): boolean {
    if (this.#input.margin === null || (this.#held.long.qty.isZero() && this.#held.short.qty.isZero())) return false
    return isUncovered(crossRisk(this.#input.margin.profile, this.#account(mark)))
  }

  /** Tick by tick from here to the end of the leg. */
  #strike(): Place | null {
    if (this.#input.margin === null) return null
    const [from, to] = this.#mark
    if (from === to) return this.#isShort(this.#priceAt(this.#mark)) ? this.#place : null
    const [start, end] = [decimalOfDouble(from), decimalOfDouble(to)]
    const step = to > from ? this.#input.tick : this.#input.tick.neg()
    for (let price = roundToStep(this.#priceAt(this.#mark), this.#input.tick, to > from ? 'ceil' : 'floor'); to > from ? price.lte(end) : price.gte(end); price = price.plus(step)) {
      if (this.#isShort(price)) return { num: price.minus(start).abs(), den: end.minus(start).abs() }
    }
    return null
  }

  #liquidate(): void {
    const mark = this.#priceAt(this.#mark)
    if (!this.#isShort(mark)) return
    const { margin } = this.#input
    const plan = liquidateCross(must(margin).profile, this.#account(mark), () => must(margin).qtyStep)
    this.#liquidations.push(`${this.#candle} ${mark.toFixed()} ${plan.steps.map(({ type }) => type).join(',')}`)
    for (const step of plan.steps) if ('closes' in step) this.#closes.push(...step.closes.map(({ leg, qty, price }) => `${leg} ${qty.toFixed()} ${price.toFixed()}`))
    for (const one of this.#all) if (one.arrived && one.state !== 'done') this.#end(one, 'liquidation')
    const [pair] = plan.after.account.pairs
    this.#wallet = plan.after.account.wallet
    this.#held.long = { qty: must(pair).long.qty, cost: must(pair).long.cost }
    this.#held.short = { qty: must(pair).short.qty, cost: must(pair).short.cost }
  }
}
