/** Thousands of orders of both legs over real candles: the sandbox and the plain venue book the same. */
import { cell, decimal, MINUTE_MS, type CandleColumns, type Leg, type OrderType } from '@hedgerow/core'
import { loadCandles } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '../support/shared.ts'
import { NaiveVenue, type NaiveInput, type NaiveOrder } from './naive-venue.ts'
import { runSandbox } from './sandbox-run.ts'

const shared = sharedFolder()
const FILES = [
  { name: 'bybit-linear_ETHUSDT_1m_2023-10.csv.gz', tick: '0.01', from: 3000 },
  { name: 'binance-usdm_ETHUSDT_1m_2025-01-27_2025-02-26.csv.gz', tick: '0.01', from: 9000 },
  { name: 'binance-usdm_FILUSDT_1m_2023-08.csv.gz', tick: '0.001', from: 20_000 },
] as const
const LENGTH = 3000
const ORDERS = 1500
const TYPES: readonly OrderType[] = ['market', 'limit', 'limit', 'stop-market', 'stop-limit', 'take-profit-market', 'take-profit-limit', 'trailing-stop']

/** A small seeded generator: the same orders on every machine. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

function windowOf(columns: CandleColumns, from: number): CandleColumns {
  const part = (column: Float64Array): Float64Array => column.slice(from, from + LENGTH)
  const { open, high, low, close, volume } = columns
  return { start: columns.start + from * MINUTE_MS, step: MINUTE_MS, length: LENGTH, open: part(open), high: part(high), low: part(low), close: part(close), volume: part(volume) }
}

function randomOrders(candles: CandleColumns, tick: string): NaiveOrder[] {
  const below = generator(20_231_002)
  const size = decimal(tick)
  return Array.from({ length: ORDERS }, (_, index) => {
    const fromCandle = Math.floor((index * LENGTH) / ORDERS)
    const price = (): ReturnType<typeof decimal> => decimal(String(cell(candles.open, fromCandle))).div(size).times(decimal(String(985 + below(30))).div(1000)).rounded(0, 'half-up').times(size)
    const type = TYPES[below(TYPES.length)] ?? 'market'
    const leg: Leg = below(2) === 0 ? 'long' : 'short'
    return {
      id: index + 1, createdAt: candles.start + fromCandle * MINUTE_MS, symbol: 'SYMBOL', leg, intent: below(5) < 2 ? 'open' : 'close', type, qty: decimal(String(1 + below(40))).div(10), triggerBy: 'last',
      timeInForce: below(10) === 0 ? 'IOC' : 'GTC', postOnly: below(12) === 0, role: 'exit', strategy: 'random', fromCandle,
      ...(type === 'limit' || type.endsWith('-limit') ? { price: price() } : {}),
      ...(type.startsWith('stop') || type.startsWith('take') ? { trigger: price() } : {}),
      ...(type === 'trailing-stop' ? { trailing: { distanceRatio: decimal(String(1 + below(20))).div(1000) } } : {}),
      ...(below(4) === 0 ? { group: `${leg} ${below(6)}` } : {}),
    }
  })
}

describe.skipIf(shared === null)('real candles', () => {
  it.each(FILES)('$name', async ({ name, tick, from }) => {
    const candles = windowOf(await loadCandles(`${shared}/data/candles/${name}`), from)
    const input: NaiveInput = {
      tick: decimal(tick), makerRate: decimal('0.0002'), takerRate: decimal('0.00055'), wallet: decimal('100000'), slippageTicks: 1, limitFill: 'through', path: 'adaptive',
      volumeShare: decimal('0.05'), onStopPassed: 'close', seeds: { long: null, short: null }, candles, marks: null, margin: null, orders: randomOrders(candles, tick),
    }
    const { fills, ends, open, long, short, wallet } = runSandbox(input, { stepwise: false })
    const plain = new NaiveVenue(input).run({ countAmbiguous: false })
    expect({ fills, ends, open, long, short, wallet }).toEqual({ fills: plain.fills, ends: plain.ends, open: plain.open, long: plain.long, short: plain.short, wallet: plain.wallet })
    expect(fills.length).toBeGreaterThan(400)
    expect(ends.length).toBeGreaterThan(150)
  }, 60_000)
})

if (shared === null) console.warn('SKIPPED: matching over real candles needs the shared folder (HEDGEROW_SHARED)')
