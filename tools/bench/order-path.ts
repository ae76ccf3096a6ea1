/**
 * What one order costs in processor time between the driver's door and the network, and how much of it is ours: the same request through ccxt
 * alone and through the driver, signed and answered, with the socket left out. `npm run bench:order-path`, on a quiet machine.
 */
import { decimal, type Order, type VenueReport } from '@hedgerow/core'
import { bybit } from '@hedgerow/driver-bybit'
import { loadExchangeClass } from '@hedgerow/driver-ccxt'

const ORDERS = 10_000
const ROUNDS = 9
const ANSWER = JSON.stringify({ retCode: 0, retMsg: 'OK', result: { orderId: '1321003749386327552', orderLinkId: 'hr-1' }, retExtInfo: {}, time: 1672211918471 })
const HEADERS = { 'content-type': 'application/json', 'x-bapi-limit': '10', 'x-bapi-limit-status': '9', 'x-bapi-limit-reset-timestamp': '1672211918471' }
const CREDENTIALS = { apiKey: 'key-of-the-bench', apiSecret: 'secret-of-the-bench' }

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

/** ccxt's class with an answer in place of the network; everything before and after it is ccxt's own. */
async function classWithoutNetwork(): Promise<Awaited<ReturnType<typeof loadExchangeClass>>> {
  const Exchange = await loadExchangeClass('bybit')
  const response = { status: 200, statusText: 'OK', headers: HEADERS, text: () => Promise.resolve(ANSWER) }
  Object.defineProperty(Exchange.prototype, 'fetch', {
    writable: true,
    value(this: { handleRestResponse(...answer: unknown[]): unknown }, url: string, method: string, headers: object, body: string) {
      return this.handleRestResponse(response, url, method, headers, body)
    },
  })
  return Exchange
}

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

const costs: { readonly ccxt: number; readonly driver: number }[] = []
for (let round = 0; round < ROUNDS; round += 1) costs.push({ ccxt: await cost(ccxt), driver: await cost(driver) })
// The first rounds compile.
const rest = costs.slice(2)
const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const rows = { 'ccxt alone': middle(rest.map((each) => each.ccxt)), 'through the driver': middle(rest.map((each) => each.driver)), 'of it ours': middle(rest.map((each) => each.driver - each.ccxt)) }
for (const [name, us] of Object.entries(rows)) console.log(`${name.padEnd(20)}${us.toFixed(1).padStart(8)} us an order`)
process.exit()
