/** The workloads of one engine run beside one floor. */
import type { BacktestOptions, RouteInput } from 'hedgerow'
import { emaCross } from './floor-cross.ts'
import { busy } from './floor-busy.ts'
import { idleHours, idleMinutes } from './floor-idle.ts'
import { MAKER, TAKER } from './floor-trade.ts'
import { Busy, EmaCross, Idle } from './strategies.ts'
import { symbolName, type Workload } from './workload.ts'

/** Bars of the route before the first tradable one. */
const WARMUP = 240
const HOUR = 60
const CROSS = { fast: 8, slow: 21, stop: 2, target: 4 }

/** Options that all workloads share: an account in cross margin, fees, a tick of a cent. */
function account(positionMode: 'one-way' | 'hedge', routes: readonly RouteInput[]): Omit<BacktestOptions, 'candles'> {
  const instruments = routes.map(({ symbol = '' }) => ({ symbol, tickSize: '0.01', qtyStep: '0.001' }))
  return { exchange: { positionMode, fee: { maker: MAKER, taker: TAKER } }, routes, instruments, warmupCandles: WARMUP }
}

const route = (strategy: RouteInput['strategy'], timeframe: string): RouteInput => ({ symbol: symbolName(0), timeframe, strategy })

/** In the order in which they run. */
export const WORKLOADS: readonly Workload[] = [
  {
    name: 'idle-1m', what: 'a strategy that does nothing, called at every minute', years: 1, symbols: 1,
    goal: { cpuMs: 37, floorMs: 1.5 },
    options: (candles) => ({ ...account('one-way', [route(Idle, '1m')]), candles }),
    floor: (candles) => idleMinutes(candles, WARMUP),
  },
  {
    name: 'idle-1h', what: 'a strategy that does nothing, called at every hour, over minutes', years: 1, symbols: 1,
    goal: { cpuMs: 14, floorMs: 1.4 },
    options: (candles) => ({ ...account('one-way', [route(Idle, '1h')]), candles }),
    floor: (candles) => idleHours(candles, WARMUP * HOUR),
  },
  {
    name: 'ema-cross', what: 'averages over 8 and 21 hours cross: in at market, stop 2 %, target 4 %', years: 1, symbols: 1,
    goal: { cpuMs: 20, floorMs: 2.3 },
    options: (candles) => ({ ...account('one-way', [route(EmaCross, '1h')]), candles }),
    floor: (candles) => emaCross(candles, { params: CROSS, warmup: WARMUP * HOUR, both: false }),
  },
  {
    name: 'ema-cross-hedge', what: 'the same on both legs at once, each with its stop and target', years: 1, symbols: 1,
    goal: { cpuMs: 30, floorMs: 4 },
    options: (candles) => ({ ...account('hedge', [route(EmaCross, '1h')]), candles }),
    floor: (candles) => emaCross(candles, { params: CROSS, warmup: WARMUP * HOUR, both: true }),
  },
  {
    name: 'busy', what: 'a limit order cancelled and placed anew, or replaced, at every minute', years: 1, symbols: 1,
    goal: { cpuMs: 550, floorMs: 130 },
    options: (candles) => ({ ...account('one-way', [route(Busy, '1m')]), candles }),
    floor: (candles) => busy(candles, WARMUP),
  },
]
