/** The schema of `result.json`, version 1: what `docs/report.md` describes. Decimals are texts there, and values here. */
import { decimal, LEGS, type Decimal, type EquityPoint, type Leg, type OpenPosition, type RunMetrics, type Trade } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import type { ComparedRun, FinishedRun, RunCounts, RunHeader } from '../finished-run.ts'

/** A decimal in fixed notation. */
const amount: z.ZodType<Decimal, string> = z.string().regex(/^-?\d+(\.\d+)?$/, 'expected a decimal in fixed notation').transform((text) => decimal(text))

const leg = z.enum(LEGS)
const time = z.int()
const byLeg = z.object({ long: amount, short: amount })
const count = z.int().nonnegative()

/** Metrics by key: counts are numbers, everything else is a decimal; null does not exist. */
const Metrics = z.record(z.string(), z.union([amount, z.number(), z.boolean(), z.null()])).transform((values) => values as object as RunMetrics)
const Legs = z.object({ long: z.object({ metrics: Metrics }), short: z.object({ metrics: Metrics }) })

const Header: z.ZodType<RunHeader> = z.object({
  version: z.string(), profile: z.string(), exchange: z.string(), positionMode: z.enum(['one-way', 'hedge']), marginMode: z.enum(['cross', 'isolated', 'unknown']),
  leverage: byLeg, startingBalance: amount, fee: z.object({ maker: amount, taker: amount }), fillAt: z.enum(['open', 'close']), sim: z.record(z.string(), z.unknown()), seed: z.number(), start: time, end: time,
  routes: z.array(z.object({ name: z.string(), symbol: z.string(), timeframe: z.string(), legs: z.array(z.string()), params: z.record(z.string(), z.unknown()), ranges: z.record(z.string(), z.object({ min: z.number().nullable(), max: z.number().nullable() })).exactOptional() })),
  data: z.array(z.object({ symbol: z.string(), source: z.string(), synthetic: z.boolean(), hash: z.string(), candles: count, missing: count, start: time, end: time })),
})

const Counts: z.ZodType<RunCounts> = z.object({ ambiguousCandles: count, liquidations: count, insuranceUsed: amount, slippage: byLeg.nullable(), orders: count, fills: count, denied: count })

const TradeRow: z.ZodType<Trade> = z.object({
  id: count, strategy: z.string(), symbol: z.string(), leg, qty: amount, entryPrice: amount, exitPrice: amount, grossPnl: amount, fees: amount, funding: amount, netPnl: amount, pnlPercentage: amount,
  openedAt: time, closedAt: time, holdingMs: z.int(), exitReason: z.enum(['signal', 'stop-loss', 'take-profit', 'trailing', 'liquidation', 'adl', 'end-of-run']),
  mae: amount, mfe: amount, peakNotional: amount, orders: z.array(count),
})

const OpenRow: z.ZodType<OpenPosition> = z.object({
  strategy: z.string(), symbol: z.string(), leg, qty: amount, entryPrice: amount, price: amount, unrealisedPnl: amount, realisedPnl: amount, fees: amount, funding: amount, netPnl: amount,
  openedAt: time, tradedNotional: amount, mae: amount, mfe: amount, orders: z.array(count),
})

const Equity: z.ZodType<EquityPoint> = z.object({ at: time, equity: amount, long: amount, short: amount })

const column = z.array(z.number()).transform((values) => Float64Array.from(values))
const ChartRow = z.object({
  symbol: z.string(), name: z.string().nullable(),
  lines: z.array(z.object({ title: z.string(), color: z.string().nullable(), time: column, value: column })),
  levels: z.array(z.object({ title: z.string(), value: z.number(), color: z.string().nullable(), lineWidth: z.number(), lineStyle: z.enum(['solid', 'dotted', 'dashed']), at: time })),
})

const WatchRows = z.array(z.tuple([z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])]))

const Compared: z.ZodType<ComparedRun> = z.object({ kind: z.string(), run: z.object({ metrics: Metrics, equity: z.array(Equity) }).nullable(), reason: z.string().nullable() })

/** What the file holds. */
export interface ResultRecord extends Omit<FinishedRun, 'metrics' | 'events' | 'positions' | 'course' | 'markets'> {
  /** Of the account. */
  readonly metrics: RunMetrics
  readonly legs: Readonly<Record<Leg, { readonly metrics: RunMetrics }>>
}

/** The whole file. */
export const ResultFile: z.ZodType<ResultRecord> = z.object({
  schemaVersion: z.literal(1), kind: z.enum(['backtest', 'paper', 'live', 'import']), header: Header, metrics: Metrics, legs: Legs, counts: Counts,
  warnings: z.array(z.object({ code: z.string(), text: z.string() })), openPositions: z.array(OpenRow), trades: z.array(TradeRow), equity: z.array(Equity),
  charts: z.record(z.string(), z.array(ChartRow)).default({}), watchLists: z.record(z.string(), WatchRows).default({}), counterfactuals: z.array(Compared).default([]), bracket: z.object({ olhc: z.object({ metrics: Metrics }), ohlc: z.object({ metrics: Metrics }) }).nullable().default(null), journalHash: z.string(),
})

/** The schema of the file as JSON Schema (draft 2020-12): what is written, before texts become decimals. */
export function resultJsonSchema(): Record<string, unknown> {
  return { title: 'result.json of a run, version 1', ...z.toJSONSchema(ResultFile, { io: 'input' }) }
}
