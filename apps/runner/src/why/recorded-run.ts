/** A run as its folder recorded it: the header, every event, and where its candles are from. */
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { HedgerowError, isHedgerowError, type Intent, type Leg, type Liquidity, type OrderType, type TimeMs, type TriggerBy } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { SOURCES_FILE, type RunSources } from '../output/run-sources.ts'

const leg = z.enum(['long', 'short'])
const at = z.number()
const orderId = z.number()

const orderSchema = z.object({
  id: orderId, symbol: z.string(), leg, intent: z.enum(['open', 'close']),
  type: z.enum(['market', 'limit', 'stop-market', 'stop-limit', 'take-profit-market', 'take-profit-limit', 'trailing-stop']),
  qty: z.string(), price: z.string().optional(), trigger: z.string().optional(), triggerBy: z.enum(['last', 'mark', 'index']).optional(),
  trailing: z.object({ distance: z.string(), distanceRatio: z.string(), activation: z.string() }).partial().optional(),
  timeInForce: z.string(), postOnly: z.boolean(), role: z.string(), tag: z.string().optional(), strategy: z.string(), createdAt: at,
})

const ofOrder = { at, orderId, symbol: z.string(), leg }
const amounts = { qty: z.string(), price: z.string().optional(), trigger: z.string().optional() }

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('order.submitted'), at, order: orderSchema }),
  z.object({ type: z.literal('order.denied'), at, order: orderSchema, code: z.string(), message: z.string() }),
  z.object({ type: z.enum(['order.accepted', 'order.unconfirmed']), ...ofOrder }),
  z.object({ type: z.literal('order.rejected'), ...ofOrder, code: z.string() }),
  z.object({ type: z.literal('order.triggered'), ...ofOrder, price: z.string(), triggerBy: z.string() }),
  z.object({ type: z.literal('order.amended'), ...ofOrder, ...amounts }),
  z.object({ type: z.literal('order.reduced'), ...ofOrder, qty: z.string(), reason: z.string() }),
  z.object({ type: z.enum(['order.canceled', 'order.expired']), ...ofOrder, reason: z.string() }),
  z.object({
    type: z.literal('order.filled'), ...ofOrder, orderId: orderId.nullable(), intent: z.enum(['open', 'close']), price: z.string(), qty: z.string(), fee: z.string(),
    liquidity: z.enum(['maker', 'taker']), source: z.string(), role: z.string(),
  }),
  z.object({ type: z.literal('funding.settled'), at, symbol: z.string(), leg, rate: z.string(), amount: z.string() }),
  z.object({ type: z.literal('account.liquidated'), at, symbol: z.string(), leg: leg.nullable(), mark: z.string() }),
  z.object({ type: z.enum(['account.posted', 'margin.moved', 'vars.changed']), at }),
])

const headerSchema = z.object({
  type: z.literal('run.header'), start: at, end: at, profile: z.string(),
  sim: z.object({ limitFill: z.enum(['touch', 'through']).optional(), volumeShare: z.unknown() }).partial(),
  routes: z.array(z.object({ name: z.string(), symbol: z.string(), timeframe: z.string() })),
  data: z.array(z.object({ symbol: z.string(), hash: z.string() })),
})

const sourcesSchema: z.ZodType<RunSources> = z.object({
  schemaVersion: z.literal(1),
  limitFill: z.enum(['touch', 'through']),
  candles: z.record(z.string(), z.union([
    z.object({ file: z.string() }), z.object({ folder: z.string(), venue: z.string(), timeframe: z.string(), start: z.number(), end: z.number() }), z.null(),
  ])),
})

/** An order as it was sent or denied; decimals are texts, as everywhere here. */
export interface RecordedOrder {
  readonly id: number
  readonly symbol: string
  readonly leg: Leg
  readonly intent: Intent
  readonly type: OrderType
  readonly qty: string
  readonly price?: string | undefined
  readonly trigger?: string | undefined
  readonly triggerBy?: TriggerBy | undefined
  readonly trailing?: { readonly distance?: string | undefined; readonly distanceRatio?: string | undefined; readonly activation?: string | undefined } | undefined
  readonly timeInForce: string
  readonly postOnly: boolean
  readonly role: string
  readonly tag?: string | undefined
  readonly strategy: string
  readonly createdAt: TimeMs
}

interface OfOrder {
  readonly at: TimeMs
  readonly orderId: number
  readonly symbol: string
  readonly leg: Leg
}

/** What happened. */
export type RecordedEvent =
  | { readonly type: 'order.submitted'; readonly at: TimeMs; readonly order: RecordedOrder }
  | { readonly type: 'order.denied'; readonly at: TimeMs; readonly order: RecordedOrder; readonly code: string; readonly message: string }
  | (OfOrder & { readonly type: 'order.accepted' | 'order.unconfirmed' })
  | (OfOrder & { readonly type: 'order.rejected'; readonly code: string })
  | (OfOrder & { readonly type: 'order.triggered'; readonly price: string; readonly triggerBy: string })
  | (OfOrder & { readonly type: 'order.amended'; readonly qty: string; readonly price?: string | undefined; readonly trigger?: string | undefined })
  | (OfOrder & { readonly type: 'order.reduced'; readonly qty: string; readonly reason: string })
  | (OfOrder & { readonly type: 'order.canceled' | 'order.expired'; readonly reason: string })
  | RecordedFill
  | { readonly type: 'funding.settled'; readonly at: TimeMs; readonly symbol: string; readonly leg: Leg; readonly rate: string; readonly amount: string }
  | { readonly type: 'account.liquidated'; readonly at: TimeMs; readonly symbol: string; readonly leg: Leg | null; readonly mark: string }
  | { readonly type: 'account.posted' | 'margin.moved' | 'vars.changed'; readonly at: TimeMs }

/** A quantity that changed hands; without an order it was the venue's. */
export interface RecordedFill extends Omit<OfOrder, 'orderId'> {
  readonly type: 'order.filled'
  readonly orderId: number | null
  readonly intent: Intent
  readonly price: string
  readonly qty: string
  readonly fee: string
  readonly liquidity: Liquidity
  readonly source: string
  readonly role: string
}

/** What ran. */
export interface RecordedHeader {
  readonly start: TimeMs
  readonly end: TimeMs
  readonly profile: string
  readonly sim: { readonly limitFill?: 'touch' | 'through' | undefined; readonly volumeShare?: unknown }
  readonly routes: readonly { readonly name: string; readonly symbol: string; readonly timeframe: string }[]
  readonly data: readonly { readonly symbol: string; readonly hash: string }[]
}

/** Everything that a run folder says. */
export interface RecordedRun {
  readonly folder: string
  readonly header: RecordedHeader
  /** Oldest first. */
  readonly events: readonly RecordedEvent[]
  /** Null where the run was written by a program that did not say. */
  readonly sources: RunSources | null
}

/**
 * Reads the events of a folder that `hedgerow backtest --out` has written.
 *
 * @throws HedgerowError `DATA_FILE_MISSING` where there is none, `DATA_INVALID` naming the line.
 */
export async function readRun(folder: string): Promise<RecordedRun> {
  const path = join(folder, 'events.jsonl')
  if (!existsSync(path)) throw new HedgerowError('DATA_FILE_MISSING', { where: folder, found: existsSync(folder) ? 'a folder without events.jsonl' : 'no such folder', expected: 'the folder of a run', remedy: 'Write one with `hedgerow backtest --out FOLDER`, then pass that FOLDER.' })
  let header: RecordedHeader | null = null
  const events: RecordedEvent[] = []
  let line = 0
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line++
    if (text === '') continue
    if (header === null) header = parsed(headerSchema, text, `${path}, line ${line}`)
    else events.push(parsed(eventSchema, text, `${path}, line ${line}`))
  }
  if (header === null) throw new HedgerowError('DATA_INVALID', { where: path, found: 'an empty file', expected: 'a header and events', remedy: 'Run the backtest again: what is here was cut off.' })
  return { folder, header, events, sources: readSources(folder) }
}

function readSources(folder: string): RunSources | null {
  const path = join(folder, SOURCES_FILE)
  return existsSync(path) ? parsed(sourcesSchema, readFileSync(path, 'utf8'), path) : null
}

function parsed<Schema extends z.ZodType>(schema: Schema, text: string, where: string): z.output<Schema> {
  try {
    const result = schema.safeParse(JSON.parse(text))
    if (result.success) return result.data
    const [issue] = result.error.issues
    throw new HedgerowError('DATA_INVALID', { where, found: text.slice(0, 80), expected: `${issue?.path.join('.') ?? 'the line'}: ${issue?.message ?? 'another'}`, remedy: REMEDY })
  } catch (error) {
    if (isHedgerowError(error)) throw error
    throw new HedgerowError('DATA_INVALID', { where, found: text.slice(0, 80), expected: 'one JSON object a line', remedy: REMEDY, cause: error })
  }
}

const REMEDY = 'Run the backtest again with this version: the file was changed, cut off, or written by another one.'
