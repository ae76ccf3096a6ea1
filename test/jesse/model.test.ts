/** Profile `jesse` against a second implementation of its path: candles that are split at each fill, as ONE-WAY-PARITY words it. */
import { decimal } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fills, jesse, MODES, MODES_AND_LEGS, type Minute } from '../support/jesse.ts'

type Row = readonly [qty: number, price: number]

/** A long (sign 1) or a short (sign -1), entered by rows at the close of the first minute. */
interface Plan {
  readonly sign: 1 | -1
  readonly entries: readonly Row[]
  readonly stops: readonly Row[]
  readonly targets: readonly Row[]
}

interface Resting {
  readonly price: number
  readonly qty: number
  readonly isExit: boolean
}

/** 0.015 %. */
const NEAR = 0.00015
const isNear = (price: number, current: number): boolean => Math.abs(price - current) <= current * NEAR

/** The model: an account of one position, its orders, and candles that are cut in two at each fill. */
class Model {
  readonly fills: string[] = []
  #held = 0
  #orders: Resting[] = []
  readonly #market: Resting[] = []
  #minute = 1
  readonly #plan: Plan

  constructor(plan: Plan) {
    this.#plan = plan
  }

  run(minutes: readonly Minute[]): string[] {
    const [first, ...later] = withoutGaps(minutes)
    if (first === undefined) return []
    for (const [qty, price] of this.#plan.entries) this.#submit({ qty, price, isExit: false }, first[3])
    this.#takeMarket()
    for (const minute of later) {
      this.#minute++
      this.#walk(minute)
    }
    if (this.#held > 0) this.#fill({ qty: this.#held, price: later.at(-1)?.[3] ?? first[3], isExit: true })
    return this.fills
  }

  /** A price near the current one is a market order. */
  #submit(order: Resting, current: number): void {
    if (isNear(order.price, current)) this.#market.push({ ...order, price: current })
    else this.#orders.push(order)
  }

  /** Market orders in the order in which they were submitted, those that they cause last. */
  #takeMarket(): void {
    for (let order = this.#market.shift(); order !== undefined; order = this.#market.shift()) this.#fill(order)
  }

  /** Takes the first order that lies in what is left of the candle, until none does. */
  #walk(minute: Minute): void {
    let [open, high, low, close] = minute
    for (;;) {
      const next = inOrder(this.#orders.filter(({ price }) => low <= price && price <= high), open, close)[0]
      if (next === undefined) return
      this.#orders = this.#orders.filter((order) => order !== next);
      [open, high, low, close] = rest([open, high, low, close], next.price)
      this.#fill(next)
      this.#takeMarket()
    }
  }

  #fill({ qty, price, isExit }: Resting): void {
    if (isExit && this.#held === 0) return
    const size = isExit ? Math.min(qty, this.#held) : qty
    const leg = this.#plan.sign === 1 ? 'long' : 'short'
    this.fills.push(`${this.#minute} ${leg} ${isExit ? 'close' : 'open'} ${size} @ ${price}`)
    const opened = !isExit && this.#held === 0
    this.#held += isExit ? -size : size
    if (opened) this.#protect(price)
    else if (this.#held === 0) this.#orders = []
  }

  /** On the wrong side of the entry: at market. */
  #protect(entry: number): void {
    const { sign, stops, targets } = this.#plan
    for (const [qty, price] of stops) this.#submit({ qty, price: sign * (price - entry) >= 0 ? entry : price, isExit: true }, entry)
    for (const [qty, price] of targets) this.#submit({ qty, price: sign * (price - entry) <= 0 ? entry : price, isExit: true }, entry)
  }
}

function withoutGaps(minutes: readonly Minute[]): Minute[] {
  return minutes.map(([open, high, low, close], index): Minute => {
    const before = minutes[index - 1]?.[3] ?? open
    return [before, Math.max(high, before), Math.min(low, before), close]
  })
}

/** At the open first; bearish: above ascending, then below descending; bullish: below descending, then above ascending. */
function inOrder(orders: readonly Resting[], open: number, close: number): Resting[] {
  const at = orders.filter(({ price }) => price === open)
  const above = orders.filter(({ price }) => price > open).toSorted((a, b) => a.price - b.price)
  const below = orders.filter(({ price }) => price < open).toSorted((a, b) => b.price - a.price)
  return open > close ? [...at, ...above, ...below] : [...at, ...below, ...above]
}

/** What is left of a candle after its path has reached a price: the path is open, low, high, close where close >= open, else open, high, low, close. */
function rest([open, high, low, close]: Minute, price: number): Minute {
  const path = close >= open ? [open, low, high, close] : [open, high, low, close]
  const leg = path.findIndex((from, index) => index < 3 && Math.min(from, path[index + 1] ?? from) <= price && price <= Math.max(from, path[index + 1] ?? from))
  const left = [price, ...path.slice(leg + 1)]
  return [price, Math.max(...left), Math.min(...left), close]
}

function strategyOf({ sign, entries, stops, targets }: Plan): new () => Strategy {
  return class Planned extends Strategy {
    shouldCancelEntry(): boolean { return false }
    shouldLong(): boolean { return sign === 1 && this.index === 0 }
    shouldShort(): boolean { return sign === -1 && this.index === 0 }
    goLong(): void { this.buy = entries; this.stopLoss = stops; this.takeProfit = targets }
    goShort(): void { this.sell = entries; this.stopLoss = stops; this.takeProfit = targets }
  }
}

function areDistinct(all: readonly Row[]): boolean {
  return new Set(all.map((row) => row[1])).size === all.length
}

const price = fc.integer({ min: 900, max: 1100 }).map((tenths) => tenths / 10)
const rows = (max: number): fc.Arbitrary<Row[]> => fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), price), { minLength: 1, maxLength: max })
const minutes = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.nat(30), fc.nat(30), fc.integer({ min: -30, max: 30 })), { minLength: 3, maxLength: 12 }).map((moves): Minute[] => {
  let tick = 1000
  return moves.map(([gap, up, down, body]) => {
    const [open, close] = [tick + gap, tick + gap + body]
    tick = close
    return [open / 10, (Math.max(open, close) + up) / 10, (Math.min(open, close) - down) / 10, close / 10]
  })
})

describe.each(MODES_AND_LEGS)('against the model, %s, %s leg', (mode, leg) => {
  it('every fill is the same: minute, quantity and price', async () => {
    await fc.assert(fc.asyncProperty(minutes, rows(3), rows(3), rows(3), async (market, entries, stops, targets) => {
      // Of several orders at one price any may be the first: the sum is the same, the parts need not be.
      fc.pre(areDistinct([...entries, ...stops, ...targets]))
      const plan: Plan = { sign: leg === 'long' ? 1 : -1, entries, stops, targets }
      expect(fills(await jesse({ mode, minutes: market, strategy: strategyOf(plan) }))).toEqual(new Model(plan).run(market))
    }), { numRuns: 150 })
  })
})

describe('one leg in either mode', () => {
  it('gives the same events, the same trades and the same ratios', async () => {
    await fc.assert(fc.asyncProperty(minutes, rows(3), rows(3), rows(3), fc.constantFrom(1 as const, -1 as const), fc.constantFrom('cross' as const, 'isolated' as const), async (market, entries, stops, targets, sign, marginMode) => {
      const exchange = { marginMode, leverage: 20, startingBalance: '1000', fee: decimal('0.001') }
      const [first, second] = await Promise.all(MODES.map((mode) => jesse({ mode, minutes: market, strategy: strategyOf({ sign, entries, stops, targets }), exchange })))
      expect([...(second?.eventLines() ?? [])]).toEqual([...(first?.eventLines() ?? ['none'])])
      expect(JSON.stringify([second?.trades, second?.compat])).toBe(JSON.stringify([first?.trades, first?.compat]))
    }), { numRuns: 60 })
  })
})
