import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, decimalText, maxDecimal, minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import { sumDecimals } from '../domain/sum.ts'
import type { Filled, FundingSettled, PostingKind } from '../domain/events.ts'
import { LEGS, legSign, oppositeLeg, type Intent, type Leg } from '../domain/leg.ts'
import { EXACT_MONEY, postMoney, type MoneyRule } from '../domain/money.ts'
import { netQty } from '../domain/position-pair.ts'
import { entryPriceOf, unrealisedPnl, type Position } from '../domain/position.ts'
import type { LedgerEvent } from '../ports/position-store.ts'
import { Ledger, netPnlOf } from './ledger.ts'
import { splitNetFill, type NetFill } from './net-fill.ts'

const SYMBOL = 'ETHUSDT'
const HALF_UP: MoneyRule = { places: 8, rounding: 'half-up' }
const DOWN: MoneyRule = { places: 8, rounding: 'down' }
const RULES: readonly (readonly [string, MoneyRule])[] = [['half up', HALF_UP], ['truncated', DOWN], ['exact', EXACT_MONEY]]

let fillNumber = 0
function fill(leg: Leg, intent: Intent, qty: string | Decimal, price: string | Decimal, more: Partial<Filled> = {}): Filled {
  fillNumber += 1
  return {
    type: 'order.filled', at: fillNumber, fillId: `f${fillNumber}`, orderId: 1, symbol: SYMBOL, leg, intent, qty: decimal(qty), price: decimal(price), fee: ZERO,
    liquidity: 'taker', source: 'order', role: 'entry', ...more,
  }
}

function ledgerOf(events: readonly LedgerEvent[], money: MoneyRule = HALF_UP): Ledger {
  const ledger = new Ledger({ wallet: decimal('10000'), money })
  for (const event of events) ledger.apply(event)
  return ledger
}

/** Random trading that a venue could report: closes fit their leg, fees are rounded by the rule, and some fills come twice. */
interface Step {
  readonly kind: 'open' | 'close' | 'funding' | 'post' | 'repeat'
  readonly leg: Leg
  readonly share: number
  readonly price: Decimal
  readonly rate: Decimal
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Step['kind']>('open', 'open', 'close', 'close', 'funding', 'post', 'repeat'),
  leg: fc.constantFrom<Leg>('long', 'short'),
  share: fc.integer({ min: 1, max: 10 }),
  price: fc.integer({ min: 100, max: 9_999_999 }).map((cents) => decimal(String(cents)).div(100)),
  rate: fc.integer({ min: -9999, max: 9999 }).map((part) => decimal(String(part)).div(10_000_000)),
})
const QTY_STEP = decimal('0.001')

function eventOf({ kind, leg, share, price, rate }: Step, index: number, ledger: Ledger, money: MoneyRule, mode: 'hedge' | 'one-way'): LedgerEvent | null {
  const held = ledger.position(SYMBOL, leg)
  if (kind === 'post') return { type: 'account.posted', at: index, kind: share > 7 ? 'withdrawal' : 'deposit', amount: price.times(share > 7 ? -1 : 1) }
  if (kind === 'funding') return { type: 'funding.settled', at: index, symbol: SYMBOL, leg, qty: held.qty, mark: price, rate, amount: postMoney(money, held.qty.times(price).times(rate)) }
  const open = kind === 'open'
  if (open && mode === 'one-way' && !ledger.position(SYMBOL, oppositeLeg(leg)).qty.isZero()) return null
  const wanted = QTY_STEP.times(share * 137)
  const qty = open ? wanted : minDecimal(share > 8 ? held.qty : wanted, held.qty)
  if (qty.isZero()) return null
  return fill(leg, open ? 'open' : 'close', qty, price, { at: index, fillId: `s${index}`, fee: postMoney(money, qty.times(price).times(rate)) })
}

type Legs = Readonly<Record<Leg, Position>>

/** An event that was folded, with both legs before and after it. */
interface Moment {
  readonly event: LedgerEvent
  readonly before: Legs
  readonly after: Legs
}

interface Run {
  readonly ledger: Ledger
  readonly events: readonly LedgerEvent[]
  readonly fills: readonly (Moment & { readonly event: Filled })[]
}

function run(steps: readonly Step[], money: MoneyRule, mode: 'hedge' | 'one-way', check: (ledger: Ledger) => void = () => {}): Run {
  const ledger = new Ledger({ wallet: decimal('10000'), money })
  const events: LedgerEvent[] = []
  const fills: (Moment & { readonly event: Filled })[] = []
  for (const [index, one] of steps.entries()) {
    const event = one.kind === 'repeat' ? events.findLast(({ type }) => type === 'order.filled') ?? null : eventOf(one, index, ledger, money, mode)
    if (event === null) continue
    const before = ledger.pair(SYMBOL)
    if (ledger.apply(event) === null) continue
    events.push(event)
    if (event.type === 'order.filled') fills.push({ event, before, after: ledger.pair(SYMBOL) })
    check(ledger)
  }
  return { ledger, events, fills }
}

const KINDS: readonly PostingKind[] = ['deposit', 'withdrawal', 'clearance', 'insurance', 'reconcile-adjust']

/** Exact money carries 40 digits: a sum in another order may differ in the last ones. */
function same(a: Decimal, b: Decimal, money: MoneyRule): boolean {
  return money.places === null ? a.minus(b).abs().lt('1e-24') : a.eq(b)
}

describe.each(RULES)('a ledger, money %s', (_name, money) => {
  describe.each(['hedge', 'one-way'] as const)('%s mode', (mode) => {
    const steps = fc.array(step, { maxLength: 40 })

    it('conserves money: the wallet is the sum of everything posted, and of both legs', () => {
      fc.assert(fc.property(steps, (random) => {
        run(random, money, mode, (ledger) => {
          const legs = LEGS.map((leg) => ledger.position(SYMBOL, leg))
          const posted = sumDecimals(KINDS.map((kind) => ledger.posted(kind)))
          expect(same(ledger.wallet, posted.plus(sumDecimals(legs.map(netPnlOf))), money)).toBe(true)
        })
      }))
    })

    it('holds quantities that are positive, on the step, and cost nothing exactly when they are zero', () => {
      fc.assert(fc.property(steps, (random) => {
        run(random, money, mode, (ledger) => {
          for (const leg of LEGS) {
            const { qty, cost, openedAt } = ledger.position(SYMBOL, leg)
            expect(qty.gte(0)).toBe(true)
            expect(qty.mod(QTY_STEP).isZero()).toBe(true)
            expect([cost.isZero(), openedAt === null]).toEqual([qty.isZero(), qty.isZero()])
          }
        })
      }))
    })

    it('shows no negative zero and nothing that is not finite', () => {
      fc.assert(fc.property(steps, (random) => {
        const { ledger, fills } = run(random, money, mode)
        const positions = [...ledger.positions(), ...fills.flatMap(({ before, after }) => [before.long, before.short, after.long, after.short])]
        const amounts = [ledger.wallet, ...positions.flatMap(({ qty, cost, realised, fees, funding }) => [qty, cost, realised, fees, funding])]
        expect(amounts.every((amount) => amount.isFinite() && !(amount.isZero() && amount.isNegative()))).toBe(true)
      }))
    })

    it('lets a fill touch its own leg only, and never flips it', () => {
      fc.assert(fc.property(steps, (random) => {
        for (const { event: { leg, intent, qty }, before, after } of run(random, money, mode).fills) {
          expect(textOf(after[oppositeLeg(leg)])).toEqual(textOf(before[oppositeLeg(leg)]))
          expect(after[leg].qty.minus(before[leg].qty).eq(intent === 'open' ? qty : qty.neg())).toBe(true)
        }
      }))
    })

    it('leaves the average alone on a partial close', () => {
      fc.assert(fc.property(steps, (random) => {
        const partial = run(random, money, mode).fills.filter(({ event: { leg, intent }, after }) => intent === 'close' && !after[leg].qty.isZero())
        for (const { event: { leg }, before, after } of partial) expect(averageOf(after[leg]).minus(averageOf(before[leg])).abs().lt('1e-25')).toBe(true)
      }))
    })

    it('has an average within the prices that opened the leg', () => {
      fc.assert(fc.property(steps, (random) => {
        const opened: Record<Leg, Decimal[]> = { long: [], short: [] }
        for (const { event: { leg, intent, price }, after } of run(random, money, mode).fills) {
          if (intent === 'open') opened[leg].push(price)
          if (after[leg].qty.isZero()) opened[leg] = []
          const average = averageOf(after[leg])
          const prices = opened[leg].length === 0 ? [average] : opened[leg]
          expect(average.gte(prices.reduce(minDecimal).minus('1e-25')) && average.lte(prices.reduce(maxDecimal).plus('1e-25'))).toBe(true)
        }
      }))
    })

    it('comes to the same state when its events are folded again, each twice', () => {
      fc.assert(fc.property(steps, (random) => {
        const { ledger, events } = run(random, money, mode)
        const again = new Ledger({ wallet: decimal('10000'), money })
        for (const event of events) again.apply(event)
        const repeated = events.filter(({ type }) => type === 'order.filled').map((event) => again.apply(event))
        expect(repeated.every((posting) => posting === null)).toBe(true)
        expect(again.wallet.toFixed()).toBe(ledger.wallet.toFixed())
        expect(again.positions().map(textOf)).toEqual(ledger.positions().map(textOf))
      }))
    })

    it('has an equity that is linear in the price, with the net quantity as its slope', () => {
      fc.assert(fc.property(steps, fc.integer({ min: 1, max: 10_000 }), (random, price) => {
        const { ledger } = run(random, EXACT_MONEY, mode)
        const equityAt = (at: number): Decimal => ledger.valuedAt(() => decimal(String(at))).equity
        const slope = equityAt(price + 1).minus(equityAt(price))
        expect(slope.minus(netQty(ledger.pair(SYMBOL))).abs().lt('1e-24')).toBe(true)
      }))
    })
  })

  it('closes in pieces at one price for the same money as at once', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 6 }), fc.constantFrom(...LEGS), step, (parts, leg, { price }) => {
      const pieces = parts.map((part) => QTY_STEP.times(part))
      const opening = [fill(leg, 'open', sumDecimals(pieces), '2345.67'), fill(leg, 'open', '1.111', '2222.22')]
      const bySteps = ledgerOf([...opening, ...pieces.map((qty) => fill(leg, 'close', qty, price))], money)
      const atOnce = ledgerOf([...opening, fill(leg, 'close', sumDecimals(pieces), price)], money)
      expect(bySteps.wallet.minus(atOnce.wallet).abs().lte(decimal('1e-8').times(pieces.length))).toBe(true)
      expect(bySteps.position(SYMBOL, leg).qty.eq(atOnce.position(SYMBOL, leg).qty)).toBe(true)
    }))
  })

  it('gives a short the mirrored profit of a long', () => {
    fc.assert(fc.property(step, step, fc.integer({ min: 1, max: 1000 }), (first, second, size) => {
      const qty = QTY_STEP.times(size)
      const mirrored = first.price.times(2).minus(second.price)
      const long = ledgerOf([fill('long', 'open', qty, first.price), fill('long', 'close', qty, second.price)], money)
      const short = ledgerOf([fill('short', 'open', qty, first.price), fill('short', 'close', qty, mirrored)], money)
      expect(long.position(SYMBOL, 'long').realised.eq(short.position(SYMBOL, 'short').realised)).toBe(true)
    }))
  })

  it('has the same equity with both legs open as the same fills in one net position', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 10_000 }), (random, mark) => {
      const { ledger, events } = run(random, EXACT_MONEY, 'hedge')
      const net = new Ledger({ wallet: decimal('10000'), money: EXACT_MONEY })
      for (const event of events) foldNet(net, event)
      const at = decimal(String(mark))
      expect(net.valuedAt(() => at).equity.minus(ledger.valuedAt(() => at).equity).abs().lt('1e-22')).toBe(true)
      expect(netQty(net.pair(SYMBOL)).eq(netQty(ledger.pair(SYMBOL)))).toBe(true)
    }))
  })
})

/** The same event as a venue in one-way mode reports it: fills by side, funding on the net. */
function foldNet(ledger: Ledger, event: LedgerEvent): void {
  if (event.type === 'order.filled') {
    const { leg, intent, ...rest } = event
    ledger.applyNetFill({ ...rest, side: (legSign(leg) === 1) === (intent === 'open') ? 'buy' : 'sell' })
  } else ledger.apply(event)
}

function textOf({ qty, cost, realised, fees, funding }: Position): Record<string, string> {
  return Object.fromEntries(Object.entries({ qty, cost, realised, fees, funding }).map(([key, value]) => [key, decimalText(value)]))
}

/** Average opening price, zero when flat. */
function averageOf(position: Position): Decimal {
  return entryPriceOf(position) ?? ZERO
}

function marginOf(ledger: Ledger, leg: Leg): string | undefined {
  return ledger.position(SYMBOL, leg).isolatedMargin?.toFixed()
}

function netFill(side: 'buy' | 'sell', qty: string, price: string, more: Pick<Filled, 'fillId'> & Partial<Filled>): NetFill {
  const { leg: _leg, intent: _intent, ...rest } = fill('long', 'open', qty, price, more)
  return { ...rest, side }
}

describe('fills', () => {
  it('pay their fee and book their profit on their leg', () => {
    const ledger = ledgerOf([fill('long', 'open', '0.7', '60000', { fee: decimal('23.1') }), fill('short', 'open', '0.9', '62000', { fee: decimal('30.69') }), fill('long', 'close', '0.4', '62000', { fee: decimal('13.64') })])
    expect(ledger.wallet.toFixed()).toBe('10732.57')
    expect(textOf(ledger.position(SYMBOL, 'long'))).toMatchObject({ qty: '0.3', cost: '18000', realised: '800', fees: '36.74' })
    expect(textOf(ledger.position(SYMBOL, 'short'))).toMatchObject({ qty: '0.9', cost: '55800', realised: '0', fees: '30.69' })
  })

  it('say what they did', () => {
    const ledger = ledgerOf([fill('short', 'open', '2', '100')])
    const posting = ledger.apply(fill('short', 'close', '2', '90', { fee: decimal('0.1') }))
    expect(posting && { realised: posting.realised.toFixed(), change: posting.change.toFixed(), wallet: posting.wallet.toFixed(), before: posting.before?.qty.toFixed(), after: posting.after?.qty.toFixed() })
      .toEqual({ realised: '20', change: '19.9', wallet: '10019.9', before: '2', after: '0' })
  })

  it.each<[string, Filled]>([
    ['closes more than the leg holds', fill('long', 'close', '1.5', '100')],
    ['closes a flat leg', fill('short', 'close', '1', '100')],
    ['has no quantity', fill('long', 'open', '0', '100')],
  ])('are refused when one %s, and nothing changes', (_what, wrong) => {
    const ledger = ledgerOf([fill('long', 'open', '1', '100')])
    expect(() => ledger.apply(wrong)).toThrow('INVARIANT_BROKEN')
    expect([ledger.wallet.toFixed(), ledger.position(SYMBOL, 'long').qty.toFixed()]).toEqual(['10000', '1'])
  })

  it.each(['BOTH', '', undefined])('refuses a fill on the leg %j, and books nothing', (leg) => {
    const ledger = ledgerOf([fill('short', 'open', '1', '100')])
    const before = [ledger.pair(SYMBOL), ledger.wallet]
    expect(() => ledger.apply({ ...fill('long', 'open', '1', '100'), leg } as Filled)).toThrow('Expected: long or short')
    expect([ledger.pair(SYMBOL), ledger.wallet]).toEqual(before)
  })
})

describe('net fills', () => {
  it('close, then open, with one id and one fee', () => {
    const ledger = ledgerOf([fill('long', 'open', '1', '60000', { fee: decimal('33') })])
    const posting = ledger.applyNetFill(netFill('sell', '3', '61500', { fillId: 'flip', fee: decimal('101.475') }))
    expect(posting?.parts.map(({ after, realised, fee }) => [after?.leg, after?.qty.toFixed(), realised.toFixed(), fee.toFixed()])).toEqual([['long', '0', '1500', '101.475'], ['short', '2', '0', '0']])
    expect([posting?.realised.toFixed(), posting?.fee.toFixed(), posting?.wallet.toFixed()]).toEqual(['1500', '101.475', '11365.525'])
    expect(ledger.applyNetFill(netFill('sell', '3', '61500', { fillId: 'flip', fee: decimal('101.475') }))).toBeNull()
    expect(ledger.position(SYMBOL, 'short').qty.toFixed()).toBe('2')
  })

  it('cannot be told apart where both legs are open', () => {
    const ledger = ledgerOf([fill('long', 'open', '1', '100'), fill('short', 'open', '1', '100')])
    expect(() => splitNetFill(ledger.pair(SYMBOL), netFill('buy', '1', '100', { fillId: 'unclear' }))).toThrow('INVARIANT_BROKEN')
  })
})

describe('isolated margin', () => {
  const isolated = { leverage: () => decimal('10'), takerRate: decimal('0.0005'), closeFeeReserve: true }
  const open = (): Ledger => {
    const ledger = new Ledger({ wallet: decimal('1000'), money: HALF_UP, isolated })
    ledger.apply(fill('long', 'open', '10', '100'))
    ledger.apply(fill('short', 'open', '5', '100'))
    return ledger
  }

  it('takes initial margin and close fee a leg', () => {
    expect([marginOf(open(), 'long'), marginOf(open(), 'short')]).toEqual(['100.45', '50.275'])
  })

  it('returns the closed share, and all of it at the end', () => {
    const ledger = open()
    ledger.apply(fill('long', 'close', '4', '90'))
    expect(marginOf(ledger, 'long')).toBe('60.27')
    ledger.apply(fill('long', 'close', '6', '90'))
    expect([marginOf(ledger, 'long'), marginOf(ledger, 'short')]).toEqual(['0', '50.275'])
  })

  it('keeps margin, result and fee with the leg when a liquidation reduces it', () => {
    const ledger = open()
    ledger.apply(fill('long', 'close', '4', '95', { source: 'liquidation', fee: decimal('0.19') }))
    expect(marginOf(ledger, 'long')).toBe('80.26')
  })

  it('is moved without changing the wallet; a cross leg has none to move', () => {
    const ledger = open()
    ledger.apply({ type: 'margin.moved', at: 9, symbol: SYMBOL, leg: 'short', amount: decimal('7.5') })
    expect([marginOf(ledger, 'short'), ledger.wallet.toFixed()]).toEqual(['57.775', '1000'])
    expect(() => ledgerOf([]).apply({ type: 'margin.moved', at: 9, symbol: SYMBOL, leg: 'short', amount: decimal('7.5') })).toThrow('INVARIANT_BROKEN')
  })
})

describe('a clone', () => {
  it('starts as its original, knows its fills, and goes its own way', () => {
    const first = fill('long', 'open', '1', '100')
    const ledger = ledgerOf([first])
    const copy = ledger.clone()
    expect(copy.apply(first)).toBeNull()
    copy.apply(fill('long', 'close', '1', '120'))
    const funding: FundingSettled = { type: 'funding.settled', at: 5, symbol: SYMBOL, leg: 'short', qty: ZERO, mark: decimal('1'), rate: ZERO, amount: decimal('3') }
    copy.apply(funding)
    expect([copy.wallet.toFixed(), ledger.wallet.toFixed()]).toEqual(['10023', '10000'])
    expect([copy.positions().length, ledger.positions().length]).toEqual([2, 1])
    expect(unrealisedPnl(ledger.position(SYMBOL, 'long'), decimal('120')).toFixed()).toBe('20')
  })
})
