/** The proofs that the house must give, over random markets and random orders, through the public door. */
import { decimalText, sumDecimals, ZERO, type CandleColumns, type Decimal, type JournalEvent, type PositionMode } from '@hedgerow/core'
import fc from 'fast-check'
import { backtest, type BacktestOptions, type BacktestResult } from 'hedgerow'
import { describe, expect, it } from 'vitest'
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
  readonly profile?: string
  readonly more?: Partial<BacktestOptions>
}

function run({ candles, list, positionMode, profile = 'exact', more = {} }: Run): Promise<BacktestResult> {
  return backtest({
    exchange: { profile, positionMode, leverage: 5, startingBalance: '5000' },
    routes: [{ symbol: SYMBOL, timeframe: '1m', strategy: scripted(list) }],
    candles: { [SYMBOL]: candles },
    funding: { [SYMBOL]: [[MARKET_START + 16 * 60_000, 0.0001]] },
    instruments: [{ ...INSTRUMENT, fundingIntervalMs: 960_000 }],
    warmupCandles: 0,
    ...more,
  })
}

const market = moves({ length: BARS }).map((list) => candlesOf(list))
const bothLegs = actions({ bars: BARS, legs: ['long', 'short'] })
const RUNS = { numRuns: 25 }

describe('proofs of the house', () => {
  it.each(['long', 'short'] as const)('a hedge run in which only the %s leg is used equals the one-way run, event by event', async (leg) => {
    await fc.assert(fc.asyncProperty(market, actions({ bars: BARS, legs: [leg] }), async (candles, list) => {
      const [hedge, oneWay] = [await run({ candles, list, positionMode: 'hedge' }), await run({ candles, list, positionMode: 'one-way' })]
      expect([...hedge.eventLines()]).toEqual([...oneWay.eventLines()])
      expect(hedge.journalHash).toBe(oneWay.journalHash)
    }), RUNS)
  })

  it.each(['hedge', 'one-way'] as const)('two runs write the same journal hash and the same result (%s)', async (positionMode) => {
    await fc.assert(fc.asyncProperty(market, bothLegs, fc.constantFrom(...PROFILES), async (candles, list, profile) => {
      const [first, second] = [await run({ candles, list, positionMode, profile }), await run({ candles, list, positionMode, profile })]
      expect(second.journalHash).toBe(first.journalHash)
      expect(JSON.stringify(second)).toBe(JSON.stringify(first))
    }), RUNS)
  })

  it.each(['hedge', 'one-way'] as const)('truncating the data after t changes nothing before t (%s)', async (positionMode) => {
    await fc.assert(fc.asyncProperty(market, bothLegs, fc.integer({ min: 5, max: BARS - 1 }), fc.constantFrom(...PROFILES), async (candles, list, bars, profile) => {
      const end = MARKET_START + bars * 60_000
      const before = (result: BacktestResult): string[] => {
        const lines = [...result.eventLines()]
        return result.events.flatMap((event, index) => (event.at < end ? [lines[index] ?? ''] : []))
      }
      const more = { closeAtEnd: false }
      expect(before(await run({ candles, list, positionMode, profile, more: { ...more, end } }))).toEqual(before(await run({ candles, list, positionMode, profile, more })))
    }), RUNS)
  })

  it.each(PROFILES.flatMap((profile) => [[profile, 'hedge'], [profile, 'one-way']] as const))('after every event the money adds up, per leg and in total (%s, %s)', async (profile, positionMode) => {
    await fc.assert(fc.asyncProperty(market, bothLegs, async (candles, list) => {
      const result = await run({ candles, list, positionMode, profile, more: { closeAtEnd: false } })
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

/** equity = deposits + realised - fees + funding + unrealised, of the account and summed over the legs. */
function expectConservation(result: BacktestResult): void {
  const start = result.header.startingBalance
  for (const { equity, long, short } of result.equity) expect(decimalText(equity.minus(start))).toBe(decimalText(long.plus(short)))
  const booked = { long: bookedOf(result.events, 'long'), short: bookedOf(result.events, 'short') }
  for (const leg of ['long', 'short'] as const) {
    const closed = sumDecimals(result.trades.filter((trade) => trade.leg === leg).map((trade) => trade.netPnl))
    const open = result.openPositions.filter((position) => position.leg === leg)
    const openBooked = sumDecimals(open.map((position) => position.realisedPnl.minus(position.fees).plus(position.funding)))
    expect(decimalText(booked[leg].fees.neg().plus(booked[leg].funding))).toBe(
      decimalText(sumDecimals(result.trades.filter((trade) => trade.leg === leg).map((trade) => trade.funding.minus(trade.fees))).plus(sumDecimals(open.map((position) => position.funding.minus(position.fees))))))
    const last = result.equity.at(-1)
    const unrealised = sumDecimals(open.map((position) => position.unrealisedPnl))
    if (last !== undefined) expect(decimalText(last[leg].minus(closed).minus(openBooked).minus(unrealised).minus(booked[leg].posted))).toBe('0')
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

/** No NaN, Infinity or negative zero in anything that is exported. */
function expectFinite(value: unknown, path: string = '$'): void {
  if (typeof value === 'number') expect(Number.isFinite(value) && !Object.is(value, -0), path).toBe(true)
  else if (typeof value === 'string') expect(/^-?(NaN|Infinity|0)$/.test(value) && value !== '0', `${path} ${value}`).toBe(false)
  else if (typeof value === 'object' && value !== null) for (const [key, item] of Object.entries(value)) expectFinite(item, `${path}.${key}`)
}

