/**
 * What one order costs in processor time, and how much of it is ours: a request through ccxt alone, the same through the driver, and an order on
 * its whole way: wanted by a strategy, admitted, journalled, sent, answered, ended. Signed and answered, with the socket left out.
 * And what it costs to start. `npm run bench:order-path`, on a quiet machine.
 */
import { decimal, type Order, type VenueReport } from '@hedgerow/core'
import { bybit } from '@hedgerow/driver-bybit'
import { classWithoutNetwork, CREDENTIALS } from './ccxt-without-network.ts'
import { liveOrders, ORDERS_A_BAR, TextJournal } from './live-orders.ts'
import { measureStartLive } from './start-live.ts'

const ORDERS = 10_000
const ROUNDS = 9
/** The order: a stop of a short, the longest request. */
const order: Order = {
  id: 1, createdAt: 0, symbol: 'BTCUSDT', leg: 'short', intent: 'close', type: 'stop-market', qty: decimal('0.25'), trigger: decimal('52000.5'), triggerBy: 'mark',
  timeInForce: 'GTC', postOnly: false, role: 'stop-loss', strategy: 'bench',
}
const FIELDS = {
  category: 'linear', symbol: 'BTCUSDT', side: 'Buy', positionIdx: 2, reduceOnly: true, orderType: 'Market', qty: '0.25', triggerPrice: '52000.5', triggerDirection: 1, triggerBy: 'MarkPrice',
  closeOnTrigger: true, orderLinkId: 'hr-1',
}

/** Sends one order and resolves when it is answered. */
type Send = () => Promise<unknown>

async function throughDriver(): Promise<Send> {
  const waiting: ((report: VenueReport) => void)[] = []
  const connection = await bybit.live?.create(CREDENTIALS, { clock: { now: () => Date.now() }, logger: { log: () => undefined } })
  if (connection === undefined) throw new Error('the driver has no live half')
  await connection.connect((report) => { if (report.type === 'taken') waiting.shift()?.(report) }, { symbols: [], timeframes: [], account: false })
  return () => new Promise((resolve) => {
    waiting.push(resolve)
    connection.submit({ clientId: 'hr-1', order, positionMode: 'hedge' })
  })
}

/** Microseconds of processor time an order. */
async function cost(send: Send): Promise<number> {
  const before = process.cpuUsage()
  for (let index = 0; index < ORDERS; index += 1) await send()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / ORDERS
}

const Exchange = await classWithoutNetwork()
const exchange = new Exchange({ apiKey: CREDENTIALS.apiKey, secret: CREDENTIALS.apiSecret, enableRateLimit: false })
const ccxt: Send = () => exchange.request('v5/order/create', 'private', 'POST', FIELDS)
const driver = await throughDriver()
const engine = await liveOrders(new TextJournal())

/** Microseconds of processor time an order, from the bar that wants it to its end. */
async function engineCost(): Promise<number> {
  const before = process.cpuUsage()
  for (let index = 0; index < ORDERS; index += ORDERS_A_BAR) await engine.bar()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / ORDERS
}

const costs: { readonly ccxt: number; readonly driver: number; readonly engine: number }[] = []
for (let round = 0; round < ROUNDS; round += 1) costs.push({ ccxt: await cost(ccxt), driver: await cost(driver), engine: await engineCost() })
// The first rounds compile.
const rest = costs.slice(2)
const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const rows = {
  'ccxt alone': middle(rest.map((each) => each.ccxt)),
  'through the driver': middle(rest.map((each) => each.driver)),
  'of it ours': middle(rest.map((each) => each.driver - each.ccxt)),
  'through the engine': middle(rest.map((each) => each.engine)),
  'of it ours, all': middle(rest.map((each) => each.engine - each.ccxt)),
}
for (const [name, us] of Object.entries(rows)) console.log(`${name.padEnd(20)}${us.toFixed(1).padStart(8)} us an order`)
const start = await measureStartLive()
if (start === null) console.log('start-live: nothing is built: run npm run build')
else console.log(`start-live: ${start.live.toFixed(0)} ms of processor time to the first candle; one class of ccxt ${start.ccxtClass.toFixed(0)}, Node itself ${start.node.toFixed(0)}`)
process.exit()
