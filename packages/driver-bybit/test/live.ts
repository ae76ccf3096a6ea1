/** A connection to a loopback host, with what it reported. */
import { decimal, HedgerowError, type Intent, type Leg, type Order, type OrderType, type PositionMode, type Submission, type Subscriptions, type VenueConnection, type VenueReport } from '@hedgerow/core'
import { bybit } from '../src/index.ts'
import { Loopback } from './loopback.ts'

export const KEY = 'KeyOfThisTest00001'
export const SECRET = 'SecretOfThisTest0000000000000000002'

/** Both ends of one connection. */
export interface Live {
  readonly host: Loopback
  readonly connection: VenueConnection
  /** Everything that was reported, in order. */
  readonly reports: VenueReport[]
  /** Resolves with the first report, past or coming, that fits. */
  readonly next: <Type extends VenueReport['type']>(type: Type, fits?: (report: Extract<VenueReport, { type: Type }>) => boolean) => Promise<Extract<VenueReport, { type: Type }>>
  readonly close: () => Promise<void>
}

export interface LiveOptions {
  readonly subscriptions?: Partial<Subscriptions>
  readonly config?: Record<string, unknown>
  /** Called for every report, before it is kept. */
  readonly onReport?: (report: VenueReport) => void
  /** False leaves the sockets closed. */
  readonly connect?: boolean
}

/** Opens both ends. */
export async function openLive({ subscriptions, config, onReport, connect = true }: LiveOptions = {}): Promise<Live> {
  const host = await Loopback.open()
  const reports: VenueReport[] = []
  const waiting: (() => void)[] = []
  const { live } = bybit
  if (live === null) throw new HedgerowError('INVARIANT_BROKEN')
  const connection = await live.create(
    { apiKey: KEY, apiSecret: SECRET, url: host.url, redial: { firstMs: 5, mostMs: 20 }, ...config },
    { clock: { now: () => Date.now() }, logger: { log: () => undefined } },
  )
  const sink = (report: VenueReport): void => {
    onReport?.(report)
    reports.push(report)
    for (const wake of waiting.splice(0)) wake()
  }
  const next: Live['next'] = async (type, fits) => {
    for (let seen = 0; ;) {
      for (; seen < reports.length; seen += 1) {
        const report = reports[seen] as Extract<VenueReport, { type: typeof type }>
        if (report.type === type && (fits?.(report) ?? true)) return report
      }
      await new Promise<void>((resolve) => { waiting.push(resolve) })
    }
  }
  if (connect) await connection.connect(sink, { symbols: ['BTCUSDT'], timeframes: ['1m'], account: true, ...subscriptions })
  return { host, connection, reports, next, close: async () => { await connection.close(); await host.close() } }
}

/** What an order is made of, as texts. */
export interface OrderInput {
  readonly leg?: Leg
  readonly intent?: Intent
  readonly type?: OrderType
  readonly qty?: string
  readonly price?: string
  readonly trigger?: string
  readonly more?: Partial<Order>
}

/** An order of these parts: a market order that opens 0.5 long where they say nothing. */
export function orderOf({ leg = 'long', intent = 'open', type = 'market', qty = '0.5', price, trigger, more }: OrderInput = {}): Order {
  return {
    id: 1, createdAt: 0, symbol: 'BTCUSDT', leg, intent, type, qty: decimal(qty), timeInForce: 'GTC', postOnly: false, role: intent === 'open' ? 'entry' : 'exit', strategy: 'test',
    ...(price !== undefined && { price: decimal(price) }), ...(trigger !== undefined && { trigger: decimal(trigger) }), ...more,
  }
}

/** A submission in hedge mode where nothing else is said. */
export function submissionOf(input: OrderInput = {}, clientId: string = 'hr-1', positionMode: PositionMode = 'hedge'): Submission {
  return { clientId, order: orderOf(input), positionMode }
}
