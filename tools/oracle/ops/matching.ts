/** Matching and the order of events. `match` drives the real sandbox, one candle a minute. */
import {
  compareEvents, decimal, doubleOf, EVENT_CLASSES, EXACT_MONEY, Ledger, MINUTE_MS, sumDecimals, unknownInstrument, ZERO,
  type CancelReason, type CandleColumns, type Decimal, type EventKey, type ExchangeEvent, type Order, type PostingKind, type VenueProfile,
} from '@hedgerow/core'
import { exact, SandboxExchange, type PathChoice, type SandboxOptions, type SeedPosition } from '@hedgerow/driver-sandbox'
import { z } from 'zod'
import { amount, amountOr, op, whole, type OpAdapter, type OracleContext, type OracleValue } from '../op.ts'
import { legName, multiplier, orderOf, profileName, profileOf, rounded, sideName } from './money/words.ts'

const SYMBOL = 'SYMBOL'

const eventOrderInput = z.object({
  symbols: z.array(z.string()),
  events: z.array(z.object({ id: z.string(), ts: whole, class: z.enum(EVENT_CLASSES), symbol: z.string(), seq: whole.default(0) })),
})

function runEventOrder({ symbols, events }: z.output<typeof eventOrderInput>): OracleValue {
  const keyed = events.map(({ id, ts, class: name, symbol, seq }): EventKey & { readonly id: string } => ({ id, at: ts, class: name, symbolIndex: symbols.indexOf(symbol), sequence: seq }))
  return { order: keyed.toSorted(compareEvents).map(({ id }) => id) }
}

const seed = z.object({ qty: amount, entry: amount }).optional()
const prices = { o: amount, h: amount, l: amount, c: amount }
const candles = z.array(z.object({ ...prices, v: amount }))
/** Marks have no volume of their own. */
const marks = z.array(z.object({ ...prices, v: amountOr('0') }))

const TYPES = {
  market: 'market', limit: 'limit', stop_market: 'stop-market', stop_limit: 'stop-limit', take_profit_market: 'take-profit-market',
  take_profit_limit: 'take-profit-limit', trailing_stop: 'trailing-stop',
} as const

const orderInput = z.object({
  id: z.string(), pos: legName, side: sideName, type: z.enum(['market', 'limit', 'stop_market', 'stop_limit', 'take_profit_market', 'take_profit_limit', 'trailing_stop']),
  qty: amount, price: amount.optional(), trigger: amount.optional(), trigger_by: z.enum(['last', 'mark']).default('last'), tif: z.enum(['GTC', 'IOC', 'FOK']).default('GTC'),
  post_only: z.boolean().default(false), oco: z.string().optional(), from_candle: whole.default(0), distance: amount.optional(), distance_pct: amount.optional(), activation: amount.optional(),
})

const marginInput = z.object({
  profile: profileName, tiers: z.string(), leverage: amount, qty_step: amountOr('0'), clearance_fee: amountOr('0'), hedged_close_fee_multiplier: multiplier,
  settlement: z.enum(['mark', 'bankruptcy']).default('mark'),
})

const matchInput = z.object({
  tick: amount, maker: amount, taker: amount, wallet: amountOr('0'), slippage_ticks: z.coerce.number().int().default(0), limit_fill: z.enum(['touch', 'through']).default('through'),
  path: z.enum(['bar-color', 'ohlc', 'olhc', 'adaptive', 'pessimistic']), volume_share: amount.optional(), on_stop_passed: z.enum(['close', 'reject']).default('close'),
  positions: z.object({ LONG: seed, SHORT: seed }), candles, mark_candles: marks.optional(), margin: marginInput.optional(), orders: z.array(orderInput),
})
type MatchInput = z.output<typeof matchInput>

/** What a run of the sandbox told. */
interface Told {
  readonly events: ExchangeEvent[]
  readonly choices: PathChoice[]
}

function runMatch(input: MatchInput, context: OracleContext): OracleValue {
  const told: Told = { events: [], choices: [] }
  const exchange = new SandboxExchange(sandboxOptions(input, context, told))
  input.candles.forEach((_, index) => {
    exchange.advanceTo(index * MINUTE_MS)
    input.orders.forEach((order, place) => { if (order.from_candle === index) exchange.submit(orderFrom(order, place + 1)) })
  })
  exchange.advanceTo(input.candles.length * MINUTE_MS)
  return answer(input, exchange, told)
}

function sandboxOptions(input: MatchInput, context: OracleContext, { events, choices }: Told): SandboxOptions {
  const { margin, volume_share: volumeShare } = input
  const profile = margin === undefined ? withoutMargin() : marginProfile(margin)
  return {
    profile, positionMode: 'hedge', marginMode: 'cross', startingBalance: input.wallet, fillAt: 'open', fee: { maker: input.maker, taker: input.taker },
    symbols: [{
      instrument: { ...unknownInstrument(SYMBOL), tickSize: input.tick, qtyStep: margin?.qty_step ?? ZERO },
      candles: columnsOf(input.candles),
      ...(input.mark_candles === undefined ? {} : { marks: columnsOf(input.mark_candles) }),
      leverage: margin?.leverage ?? decimal('1'),
      ...(margin === undefined ? {} : { tiers: context.tiers(margin.tiers) }),
    }],
    sim: {
      path: input.path, limitFill: input.limit_fill, slippage: { ticks: input.slippage_ticks }, onStopPassed: input.on_stop_passed, checkMargin: false,
      ...(volumeShare === undefined ? {} : { volumeShare }),
    },
    seedPositions: seedsOf(input),
    sink: (event) => events.push(event),
    onPathChoice: (choice) => choices.push(choice),
  }
}

function withoutMargin(): VenueProfile {
  return { ...exact, liquidation: { ...exact.liquidation, cross: 'none' } }
}

function marginProfile({ profile, hedged_close_fee_multiplier, settlement, clearance_fee }: NonNullable<MatchInput['margin']>): VenueProfile {
  const real = profileOf(profile, hedged_close_fee_multiplier)
  return { ...real, money: EXACT_MONEY, liquidation: { ...real.liquidation, settlement, clearanceFeeRate: clearance_fee } }
}

function seedsOf({ positions: { LONG, SHORT } }: MatchInput): SeedPosition[] {
  const rows = [...(LONG === undefined ? [] : [{ leg: 'long' as const, ...LONG }]), ...(SHORT === undefined ? [] : [{ leg: 'short' as const, ...SHORT }])]
  return rows.filter(({ qty }) => !qty.isZero()).map(({ leg, qty, entry: entryPrice }) => ({ symbol: SYMBOL, leg, qty, entryPrice }))
}

function columnsOf(rows: z.output<typeof candles>): CandleColumns {
  const column = (key: 'o' | 'h' | 'l' | 'c' | 'v'): Float64Array => Float64Array.from(rows, (row) => doubleOf(row[key]))
  return { start: 0, step: MINUTE_MS, length: rows.length, open: column('o'), high: column('h'), low: column('l'), close: column('c'), volume: column('v') }
}

function orderFrom(input: z.output<typeof orderInput>, id: number): Order {
  const { price, trigger, distance, distance_pct: distanceRatio, activation, oco } = input
  const trailing = { ...(distance && { distance }), ...(distanceRatio && { distanceRatio }), ...(activation && { activation }) }
  return {
    id, createdAt: input.from_candle * MINUTE_MS, symbol: SYMBOL, ...orderOf(input.pos, input.side), type: TYPES[input.type], qty: input.qty, triggerBy: input.trigger_by,
    timeInForce: input.tif, postOnly: input.post_only, role: 'exit', tag: input.id, strategy: 'oracle',
    ...(price && { price }), ...(trigger && { trigger }), ...(input.type === 'trailing_stop' && { trailing }), ...(oco !== undefined && { group: oco }),
  }
}

const REASONS: Partial<Record<CancelReason, string>> = {
  'position-closed': 'position closed', 'reduce-only-clipped': 'reduce-only: clipped', 'reduce-only-no-position': 'reduce-only: no position',
  'post-only-would-take': 'post-only would take', 'ioc-remainder': 'ioc remainder', 'not-marketable': 'ioc/fok not marketable',
}

function answer(input: MatchInput, exchange: SandboxExchange, { events, choices }: Told): OracleValue {
  const ledger = startingLedger(input)
  const nameOfOrder = (id: number | null): string => input.orders[(id ?? 0) - 1]?.id ?? ''
  const fills: OracleValue[] = []
  const cancels: OracleValue[] = []
  const rejects: OracleValue[] = []
  let isLiquidating = false
  for (const event of events) {
    if (isLiquidating && endsLiquidation(event)) roundWallet(ledger)
    isLiquidating = event.type === 'account.liquidated' || (isLiquidating && !endsLiquidation(event))
    if (event.type === 'order.canceled') cancels.push({ id: nameOfOrder(event.orderId), reason: REASONS[event.reason] ?? event.reason })
    else if (event.type === 'order.rejected') rejects.push({ id: nameOfOrder(event.orderId), code: event.code })
    else if (event.type === 'order.filled' || event.type === 'account.posted' || event.type === 'funding.settled' || event.type === 'margin.moved') {
      const posting = ledger.apply(event)
      if (event.type === 'order.filled' && event.source === 'order') {
        const { price, qty, liquidity, fee } = event
        fills.push({ id: nameOfOrder(event.orderId), candle: candleOf(event), price, qty, liquidity, realised: posting?.realised ?? null, fee })
      }
    }
  }
  if (isLiquidating) roundWallet(ledger)
  const last = exchange.priceOf(SYMBOL) ?? ZERO
  const equity = ledger.valuedAt(() => last).equity
  return {
    fills, cancels, rejects, ...(input.margin === undefined ? {} : { liquidations: liquidationsOf(events) }), open_orders: exchange.openOrders().map(({ id }) => nameOfOrder(id)),
    long_qty: ledger.position(SYMBOL, 'long').qty, short_qty: ledger.position(SYMBOL, 'short').qty, wallet: ledger.wallet, equity_at_close: equity,
    ...(input.path === 'pessimistic' ? choiceRow(input, choices, equity) : {}),
  }
}

/** What a liquidation books follows it at once. */
function endsLiquidation(event: ExchangeEvent): boolean {
  return event.type === 'account.liquidated' || (event.type === 'order.filled' && event.source === 'order')
}

/** The oracle carries 8 places of the wallet on from a liquidation. */
function roundWallet(ledger: Ledger): void {
  const difference = rounded(ledger.wallet, 8).minus(ledger.wallet)
  if (!difference.isZero()) ledger.apply({ type: 'account.posted', at: 0, kind: 'reconcile-adjust', amount: difference })
}

function startingLedger(input: MatchInput): Ledger {
  const ledger = new Ledger({ wallet: input.wallet, money: EXACT_MONEY })
  seedsOf(input).forEach(({ symbol, leg, qty, entryPrice }) => ledger.apply({
    type: 'order.filled', at: 0, fillId: `seed ${leg}`, orderId: null, symbol, leg, intent: 'open', price: entryPrice, qty, fee: ZERO, liquidity: 'taker', source: 'external', role: 'entry',
  }))
  return ledger
}

/** A candle in which no dry run was needed gives the same under both paths. The sandbox does not know what was rounded at liquidations. */
function choiceRow(input: MatchInput, choices: readonly PathChoice[], equity: Decimal): { readonly [key: string]: OracleValue } {
  const paths = input.candles.map((_, index) => choices.find(({ at }) => at === index * MINUTE_MS)?.path ?? 'olhc')
  const last = choices.find(({ at }) => at === (input.candles.length - 1) * MINUTE_MS)
  if (last === undefined) return { chosen_path: 'olhc', equity_olhc: equity, equity_ohlc: equity, chosen_paths: paths }
  const { path, equityOlhc, equityOhlc } = last
  const difference = equity.minus(path === 'olhc' ? equityOlhc : equityOhlc)
  return { chosen_path: path, equity_olhc: equityOlhc.plus(difference), equity_ohlc: equityOhlc.plus(difference), chosen_paths: paths }
}

/** Each liquidation with the money of the fills and postings that it consists of: they follow it, up to the next. */
function liquidationsOf(events: readonly ExchangeEvent[]): OracleValue {
  const starts = events.flatMap((event, index) => (event.type === 'account.liquidated' ? [{ event, index }] : []))
  return starts.map(({ event, index }, place) => {
    const own = events.slice(index, starts[place + 1]?.index)
    const fees = own.flatMap((other) => (other.type === 'order.filled' && other.source === 'liquidation' ? [other.fee] : []))
    const posted = (kind: PostingKind): Decimal => sumDecimals(own.flatMap((other) => (other.type === 'account.posted' && other.kind === kind ? [other.amount.abs()] : [])))
    return {
      candle: candleOf(event), price: event.mark, steps: event.steps.map(stepWords),
      fees: rounded(sumDecimals(fees), 8), clearance_fee: rounded(posted('clearance'), 8), insurance: rounded(posted('insurance'), 8),
    }
  })
}

/** The sandbox names the symbol and writes legs in lower case. */
function stepWords(text: string): string {
  return text.replace('cancel all orders', 'cancel-all-orders').replace(`${SYMBOL} long`, 'LONG').replace(`${SYMBOL} short`, 'SHORT')
    .replace(` ${SYMBOL}`, '').replace('takeover of all positions', 'takeover of all positions of the symbol')
}

function candleOf({ at }: { readonly at: number }): number {
  return Math.floor(at / MINUTE_MS)
}

export const ops: Record<string, OpAdapter> = { event_order: op(eventOrderInput, runEventOrder), match: op(matchInput, runMatch) }
