/** One run for its memory: `memory-probe.ts year FOLDER YEARS` or `memory-probe.ts order FOLDER WEEKS`. Prints a line of JSON. */
import { backtest } from 'hedgerow'
import { account, route, WARMUP } from './account.ts'
import { readData, START } from './data.ts'
import { Busy } from './strategies/busy.ts'
import { Idle } from './strategies/idle.ts'
import { symbolName } from './workload.ts'

/** What a run needed. */
export interface Probe {
  readonly peakBytes: number
  /** Heap and buffers after a full collection, while the result is held. */
  readonly heldBytes: number
  readonly orders: number
  readonly candles: number
  readonly trades: number
}

const WEEK_MS = 604_800_000
const [kind = '', folder = '', size = ''] = process.argv.slice(2)
const isYear = kind === 'year'
const candles = readData(folder, { years: isYear ? Number(size) : 1, symbol: 0 })
const end = isYear ? {} : { end: START + WARMUP * 60_000 + Number(size) * WEEK_MS }
const result = await backtest({ ...account('one-way', [route(isYear ? Idle : Busy, '1m')]), candles: { [symbolName(0)]: candles }, ...end })
globalThis.gc?.()
const { heapUsed, arrayBuffers } = process.memoryUsage()
const probe: Probe = { peakBytes: process.resourceUsage().maxRSS * 1024, heldBytes: heapUsed + arrayBuffers, orders: result.counts.orders, candles: candles.length, trades: result.trades.length }
console.log(JSON.stringify(probe))
