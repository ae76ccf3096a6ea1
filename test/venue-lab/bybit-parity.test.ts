/** One bot, run inside the sandbox as a backtest runs a strategy, and over sockets against the local Bybit: the same fills at the same times. */
import { decimal, MINUTE_MS, type CandleColumns, type Intent, type Leg, type OrderType } from '@hedgerow/core'
import { bybitUta } from '@hedgerow/driver-bybit'
import { SandboxExchange } from '@hedgerow/driver-sandbox'
import { randomOf, startBybitLab } from '@hedgerow/venue-lab'
import { expect, it } from 'vitest'
import { place, RawStream } from './raw-client.ts'

interface Wish { readonly clientId: string; readonly leg: Leg; readonly intent: Intent; readonly type: OrderType; readonly qty: string; readonly price?: string; readonly trigger?: string }
interface Fill { readonly clientId: string; readonly at: number; readonly price: string; readonly qty: string }

const START = Date.UTC(2026, 0, 5)
const MINUTES = 30

/** Opens a leg when it is flat, and protects it as soon as it is filled: a market entry for the long, a limit for the short. */
class Bot {
  #orders = 0
  readonly #held: Record<Leg, boolean> = { long: false, short: false }
  readonly #waiting: Record<Leg, boolean> = { long: false, short: false }

  minute(close: number): readonly Wish[] {
    const wishes: Wish[] = []
    if (!this.#held.long && !this.#waiting.long) wishes.push(this.#wish('long', 'open', { type: 'market' }))
    if (!this.#held.short && !this.#waiting.short) wishes.push(this.#wish('short', 'open', { type: 'limit', price: (close + 3).toFixed(1) }))
    for (const { leg } of wishes) this.#waiting[leg] = true
    return wishes
  }

  fill(clientId: string, price: number): readonly Wish[] {
    const [, leg, intent] = clientId.split('-') as [string, Leg, Intent]
    this.#held[leg] = intent === 'open'
    this.#waiting[leg] = false
    if (intent === 'close') return []
    const sign = leg === 'long' ? 1 : -1
    return [
      this.#wish(leg, 'close', { type: 'stop-market', trigger: (price - sign * 8).toFixed(1) }),
      this.#wish(leg, 'close', { type: 'take-profit-market', trigger: (price + sign * 6).toFixed(1) }),
    ]
  }

  #wish(leg: Leg, intent: Intent, rest: Pick<Wish, 'type' | 'price' | 'trigger'>): Wish {
    this.#orders += 1
    return { clientId: `${this.#orders}-${leg}-${intent}`, leg, intent, qty: '0.5', ...rest }
  }
}

it('fills the same on the local venue and in the sandbox, down to the millisecond', async () => {
  const candles = walk(20)
  const expected = inSandbox(candles)
  expect(expected.length).toBeGreaterThan(15)
  expect(await onVenue(candles)).toEqual(expected)
}, 30_000)

/** As a backtest: what a fill leads to arrives at its point of the path, what a close leads to at the next open. */
function inSandbox(candles: CandleColumns): readonly Fill[] {
  const bot = new Bot()
  const fills: Fill[] = []
  const names = new Map<number, string>()
  const submit = ({ clientId, qty, price, trigger, ...wish }: Wish): void => {
    const id = names.size + 1
    names.set(id, clientId)
    exchange.submit({
      id, ...wish, symbol: 'BTCUSDT', qty: decimal(qty), timeInForce: 'GTC', postOnly: false, role: wish.intent === 'open' ? 'entry' : 'exit', strategy: 'bot', createdAt: 0,
      ...(price === undefined ? {} : { price: decimal(price) }), ...(trigger === undefined ? {} : { trigger: decimal(trigger) }),
    })
  }
  const instrument = bybitUta.instruments.get('BTCUSDT')
  if (instrument === undefined) throw new Error('the profile has no BTCUSDT')
  const exchange = new SandboxExchange({
    profile: bybitUta, positionMode: 'hedge', marginMode: 'cross', startingBalance: decimal('100000'), symbols: [{ instrument, candles, leverage: decimal('10') }],
    sink: (event) => {
      if (event.type !== 'order.filled' || event.orderId === null) return
      const clientId = names.get(event.orderId) ?? ''
      fills.push({ clientId, at: event.at, price: event.price.toFixed(1), qty: event.qty.toFixed(3) })
      bot.fill(clientId, event.price.toNumber()).forEach(submit)
    },
  })
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    exchange.advanceTo(START + minute * MINUTE_MS)
    if (minute < MINUTES) bot.minute(candles.close[minute - 1] ?? 0).forEach(submit)
  }
  return fills
}

/** Over sockets: the market waits after each event until the bot is quiet. */
async function onVenue(candles: CandleColumns): Promise<readonly Fill[]> {
  const lab = await startBybitLab({ profile: bybitUta, positionMode: 'hedge', balance: '100000', market: { type: 'candles', series: { BTCUSDT: { candles } }, from: START } })
  lab.control.limitRequests(1000)
  const bot = new Bot()
  const fills: Fill[] = []
  const submit = async (wishes: readonly Wish[]): Promise<void> => {
    for (const { clientId, leg, intent, type, qty, price, trigger } of wishes) {
      const isBuy = (leg === 'long') === (intent === 'open')
      await place(lab, {
        orderLinkId: clientId, side: isBuy ? 'Buy' : 'Sell', positionIdx: leg === 'long' ? 1 : 2, reduceOnly: intent === 'close', qty, orderType: price === undefined ? 'Market' : 'Limit', ...(price === undefined ? {} : { price }),
        ...(trigger === undefined ? {} : { triggerPrice: trigger, triggerDirection: isBuy === (type === 'stop-market') ? 1 : 2 }),
      })
    }
  }
  let queue = Promise.resolve()
  lab.control.setLockstep({ answered: () => queue })
  const account = await RawStream.account(lab, ['execution'])
  account.socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(String(data)) as { topic?: string; data?: Record<string, string>[] }
    for (const row of frame.topic === 'execution' ? frame.data ?? [] : []) {
      const clientId = row['orderLinkId'] ?? ''
      fills.push({ clientId, at: Number(row['execTime']), price: row['execPrice'] ?? '', qty: row['execQty'] ?? '' })
      queue = queue.then(() => submit(bot.fill(clientId, Number(row['execPrice']))))
    }
  })
  const market = await RawStream.open(lab.publicWsUrl)
  market.socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(String(data)) as { topic?: string; data?: { confirm: boolean; close: string; end: number }[] }
    for (const row of frame.topic === 'kline.1.BTCUSDT' ? frame.data ?? [] : []) {
      if (row.confirm && row.end + 1 < START + MINUTES * MINUTE_MS) queue = queue.then(() => submit(bot.minute(Number(row.close))))
    }
  })
  market.say({ op: 'subscribe', args: ['kline.1.BTCUSDT'] })
  await market.until(({ op }) => op === 'subscribe')
  await lab.control.advanceTo(START + MINUTES * MINUTE_MS)
  await queue
  await lab.close()
  return fills
}

/** A seeded walk with wide candles on the grid of the symbol. */
function walk(seed: number): CandleColumns {
  const random = randomOf(seed)
  const column = (): Float64Array => new Float64Array(MINUTES)
  const candles = { start: START, step: MINUTE_MS, length: MINUTES, open: column(), high: column(), low: column(), close: column(), volume: column() }
  let price = 50_000
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const open = price
    const close = open + Math.round((random() - 0.5) * 120) / 10
    candles.open[minute] = round(open)
    candles.close[minute] = round(close)
    candles.high[minute] = round(Math.max(open, close) + Math.round(random() * 80) / 10)
    candles.low[minute] = round(Math.min(open, close) - Math.round(random() * 80) / 10)
    candles.volume[minute] = 100
    price = round(close)
  }
  return candles
}

function round(value: number): number {
  return Number(value.toFixed(1))
}
