/** The proofs that the house must give, over random markets and random orders, through the public door. */
import { decimalText, sumDecimals, ZERO, type CandleColumns, type Decimal, type JournalEvent, type MarginMode, type PositionMode } from '@hedgerow/core'
import * as fc from 'fast-check'
import { backtest, type BacktestOptions, type BacktestResult } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { expectFinite } from './support/finite.ts'
import { actions, candlesOf, MARKET_START, moves } from './support/random-market.ts'
import { scripted, type Action } from './support/scripted.ts'

const BARS = 40
const SYMBOL = 'XUSDT'
const INSTRUMENT = { symbol: SYMBOL, tickSize: '0.1', qtyStep: '0.1' }
const PROFILES = ['exact', 'bybit-uta', 'binance-usdm'] as const

interface Run {
  readonly candles: CandleColumns
  readonly list: readonly Action[]
  readonly positionMode: PositionMode
  readonly account?: Account
  readonly more?: Partial<BacktestOptions>
}

/** Rich accounts trade; poor ones at high leverage are liquidated. */
interface Account {
  readonly profile: (typeof PROFILES)[number]
  readonly marginMode: MarginMode
  readonly startingBalance: string
  readonly leverage: number
}

const RICH: Account = { profile: 'exact', marginMode: 'cross', startingBalance: '5000', leverage: 5 }

function run({ candles, list, positionMode, account = RICH, more = {} }: Run): Promise<BacktestResult> {
  return backtest({
    exchange: { ...account, positionMode },
    routes: [{ symbol: SYMBOL, timeframe: '1m', strategy: scripted(list) }],
    candles: { [SYMBOL]: candles },
    funding: { [SYMBOL]: [[MARKET_START, 0.0001], [MARKET_START + 16 * 60_000, 0.0001], [MARKET_START + 32 * 60_000, -0.0002]] },
    instruments: [{ ...INSTRUMENT, fundingIntervalMs: 960_000 }],
    warmupCandles: 0,
    ...more,
  })
}

const market = moves({ length: BARS }).map((list) => candlesOf(list))
const bothLegs = actions({ bars: BARS, legs: ['long', 'short'] })
const accountOf = (profile: Account['profile']): fc.Arbitrary<Account> => fc.record({
  profile: fc.constant(profile), marginMode: fc.constantFrom('cross', 'isolated'), startingBalance: fc.constantFrom('30', '90', '5000'), leverage: fc.constantFrom(5, 25),
})
const accounts = fc.constantFrom(...PROFILES).chain(accountOf)
const RUNS = { numRuns: 40 }

describe('proofs of the house', () => {
  it.each(['long', 'short'] as const)('a hedge run in which only the %s leg is used equals the one-way run, event by event', async (leg) => {
    await fc.assert(fc.asyncProperty(market, actions({ bars: BARS, legs: [leg] }), accounts, async (candles, list, account) => {
      const [hedge, oneWay] = [await run({ candles, list, positionMode: 'hedge', account }), await run({ candles, list, positionMode: 'one-way', account })]
      expect([...hedge.eventLines()]).toEqual([...oneWay.eventLines()])
      expect(hedge.journalHash).toBe(oneWay.journalHash)
    }), RUNS)
  })

  it.each(['hedge', 'one-way'] as const)('two runs write the same journal hash and the same result (%s)', async (positionMode) => {
    await fc.assert(fc.asyncProperty(market, bothLegs, accounts, async (candles, list, account) => {
      const [first, second] = [await run({ candles, list, positionMode, account }), await run({ candles, list, positionMode, account })]
      expect(second.journalHash).toBe(first.journalHash)
      expect(JSON.stringify(second)).toBe(JSON.stringify(first))
    }), RUNS)
  })

  it.each(['hedge', 'one-way'] as const)('truncating the data after t changes nothing before t (%s)', async (positionMode) => {
    await fc.assert(fc.asyncProperty(market, bothLegs, fc.integer({ min: 5, max: BARS - 1 }), accounts, async (candles, list, bars, account) => {
      const end = MARKET_START + bars * 60_000
      const before = (result: BacktestResult): string[] => {
        const lines = [...result.eventLines()]
        return result.events.flatMap((event, index) => (event.at < end ? [lines[index] ?? ''] : []))
      }
      const more = { closeAtEnd: false }
      expect(before(await run({ candles, list, positionMode, account, more: { ...more, end } }))).toEqual(before(await run({ candles, list, positionMode, account, more })))
    }), RUNS)
  })

  it.each(PROFILES.flatMap((profile) => [[profile, 'hedge'], [profile, 'one-way']] as const))('after every event the money adds up, per leg and in total (%s, %s)', async (profile, positionMode) => {
    await fc.assert(fc.asyncProperty(market, bothLegs, accountOf(profile), async (candles, list, account) => {
      const result = await run({ candles, list, positionMode, account, more: { closeAtEnd: false } })
      expectConservation(result)
      expectFinite(result.toJSON())
    }), RUNS)
  })

  it('two backtests at once in one process share nothing', async () => {
    await fc.assert(fc.asyncProperty(market, bothLegs, bothLegs, async (candles, list, other) => {
      const alone = await run({ candles, list, positionMode: 'hedge' })
      const [together] = await Promise.all([run({ candles, list, positionMode: 'hedge' }), run({ candles, list: other, positionMode: 'hedge' })])
      expect(together.journalHash).toBe(alone.journalHash)
    }), { numRuns: 5 })
  })
})

/** Valuations divide, so they agree to the digits of the context; what was booked agrees exactly. */
function expectEqual(found: Decimal, expected: Decimal): void {
  expect(found.minus(expected).abs().lt('1e-20'), `${decimalText(found)} for ${decimalText(expected)}`).toBe(true)
}

/** equity = deposits + realised - fees + funding + unrealised, of the account and summed over the legs; fees with what liquidations posted. */
function expectConservation(result: BacktestResult): void {
  const start = result.header.startingBalance
  for (const { equity, long, short } of result.equity) expectEqual(equity.minus(start), long.plus(short))
  const booked = { long: bookedOf(result.events, 'long'), short: bookedOf(result.events, 'short') }
  for (const leg of ['long', 'short'] as const) {
    const closed = sumDecimals(result.trades.filter((trade) => trade.leg === leg).map((trade) => trade.netPnl))
    const open = result.openPositions.filter((position) => position.leg === leg)
    const openBooked = sumDecimals(open.map((position) => position.realisedPnl.minus(position.fees).plus(position.funding)))
    const tradesOfLeg = result.trades.filter((trade) => trade.leg === leg)
    const fundingMinusFees = sumDecimals([...tradesOfLeg, ...open].map((row) => row.funding.minus(row.fees)))
    expect(decimalText(fundingMinusFees)).toBe(decimalText(booked[leg].funding.minus(booked[leg].fees).plus(booked[leg].posted)))
    const last = result.equity.at(-1)
    const unrealised = sumDecimals(open.map((position) => position.unrealisedPnl))
    if (last !== undefined) expectEqual(last[leg], sumDecimals([closed, openBooked, unrealised]))
  }
}

function bookedOf(events: readonly JournalEvent[], leg: 'long' | 'short'): { readonly fees: Decimal; readonly funding: Decimal; readonly posted: Decimal } {
  let [fees, funding, posted] = [ZERO, ZERO, ZERO]
  for (const event of events) {
    if (event.type === 'order.filled' && event.leg === leg) fees = fees.plus(event.fee)
    else if (event.type === 'funding.settled' && event.leg === leg) funding = funding.plus(event.amount)
    else if (event.type === 'account.posted' && event.leg === leg) posted = posted.plus(event.amount)
  }
  return { fees, funding, posted }
}
