/**
 * What doubles say without doubt of an opener's margin and of the maintenance rate after it is what decimals say: under every profile, in both position modes and margin modes, with
 * legs open, orders resting and accounts from rich to broken.
 */
import { AccountMargin, decimal, instrument, InMemoryPositionStore, Ledger, LEGS, MarketState, SessionState, TradeBuilder, type Decimal, type Leg, type MarginMode, type Order, type PositionMode, type VenueProfile } from '@hedgerow/core'
import { binanceUsdm } from '@hedgerow/driver-binance'
import { bybitLegacy, bybitUta } from '@hedgerow/driver-bybit'
import { exact, jesse } from '@hedgerow/driver-sandbox'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'

const SYMBOLS = ['AUSDT', 'BUSDT'] as const
const PROFILES: readonly VenueProfile[] = [bybitUta, bybitLegacy, binanceUsdm, exact, jesse]

const hundredths = (min: number, max: number): fc.Arbitrary<Decimal> => fc.integer({ min, max }).map((units) => decimal(String(units)).div(100))
const leg: fc.Arbitrary<Leg> = fc.constantFrom(...LEGS)
const symbol = fc.constantFrom(...SYMBOLS)
const trade = fc.record({ symbol, leg, qty: hundredths(1, 500), price: hundredths(2000, 20_000) })

interface Setting {
  readonly profile: VenueProfile
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  readonly wallet: Decimal
  readonly leverage: Decimal
  readonly last: Decimal
  readonly mark: Decimal | null
  readonly held: readonly { readonly symbol: string; readonly leg: Leg; readonly qty: Decimal; readonly price: Decimal }[]
  readonly resting: Setting['held']
  readonly wanted: Setting['held'][number] & { readonly market: boolean }
}

const setting: fc.Arbitrary<Setting> = fc.record({
  profile: fc.constantFrom(...PROFILES), positionMode: fc.constantFrom('hedge', 'one-way'), marginMode: fc.constantFrom('cross', 'isolated'),
  wallet: hundredths(1, 400_000), leverage: fc.integer({ min: 1, max: 25 }).map((times) => decimal(String(times))),
  last: hundredths(2000, 20_000), mark: fc.option(hundredths(2000, 20_000)),
  held: fc.uniqueArray(trade, { maxLength: 3, selector: (one) => `${one.symbol} ${one.leg}` }), resting: fc.array(trade, { maxLength: 4 }),
  wanted: fc.record({ symbol, leg, qty: hundredths(1, 500), price: hundredths(2000, 20_000), market: fc.boolean() }),
})

/** The margin of an account that holds and rests what the setting says. */
function marginOf({ profile, positionMode, marginMode, wallet, leverage, last, mark, held, resting }: Setting): AccountMargin {
  const fee = profile.fees
  const leverageOf = (): Decimal => leverage
  const isolated = marginMode === 'isolated' ? { leverage: leverageOf, takerRate: fee.taker, closeFeeReserve: profile.margin.closeFeeReserve } : null
  const state = new SessionState({ positions: new InMemoryPositionStore(new Ledger({ wallet, money: profile.money, isolated })), trades: new TradeBuilder({ leverage: leverageOf }), ownerOf: () => 'one' })
  const market = new MarketState(SYMBOLS, new Map())
  for (const each of SYMBOLS) market.closeCandle(each, last.toNumber(), mark?.toNumber() ?? null)
  for (const [index, { symbol: of, leg: on, qty, price }] of held.entries()) {
    state.apply({ type: 'order.filled', at: 0, fillId: `f${index}`, orderId: null, symbol: of, leg: on, intent: 'open', price, qty, fee: decimal('0'), liquidity: 'taker', source: 'order', role: 'entry' })
  }
  for (const [index, { symbol: of, leg: on, qty, price }] of resting.entries()) {
    const order: Order = { id: index + 1, symbol: of, leg: on, intent: 'open', type: 'limit', price, qty, timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: 'one', createdAt: 0 }
    state.apply({ type: 'order.submitted', at: 0, order })
  }
  const symbols = new Map(SYMBOLS.map((each) => [each, { instrument: instrument({ symbol: each, tickSize: '0.01', qtyStep: '0.01' }), leverage: { long: leverage, short: leverage } }]))
  return new AccountMargin({ profile, positionMode, marginMode, fee, symbols, state, market })
}

it('an opener that is surely covered is covered', () => {
  let sure = 0
  fc.assert(fc.property(setting, (given) => {
    const margin = marginOf(given)
    const wanted = given.wanted.market ? { ...given.wanted, price: given.last } : given.wanted
    if (!margin.surelyCovers(wanted)) return
    sure++
    const [demand, available] = [margin.demandOf(wanted), margin.available()]
    expect(demand.lte(available), `${demand.toFixed()} of ${available.toFixed()}`).toBe(true)
  }), { numRuns: 3000 })
  expect(sure).toBeGreaterThan(300)
})

it('a maintenance rate that surely keeps to a limit keeps to it', () => {
  let sure = 0
  fc.assert(fc.property(setting, fc.integer({ min: 1, max: 90 }), (given, hundredth) => {
    const [margin, limit] = [marginOf(given), decimal(String(hundredth)).div(100)]
    const wanted = given.wanted.market ? { ...given.wanted, price: given.last } : given.wanted
    if (!margin.surelyKeepsRate(wanted, limit)) return
    sure++
    const rate = margin.reportAfter(wanted).maintenanceRate
    expect(rate?.lte(limit), `${rate?.toFixed() ?? 'no balance'} with ${limit.toFixed()}`).toBe(true)
  }), { numRuns: 3000 })
  expect(sure).toBeGreaterThan(300)
})
