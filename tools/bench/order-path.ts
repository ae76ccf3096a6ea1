/**
 * What one order costs in processor time, and how much of it is ours: requests through ccxt alone, the same through the driver, and orders on
 * their whole way: wanted by a strategy, admitted, journalled, sent, answered, ended. Signed and answered, with the socket left out.
 * All three send groups of ten at once, as a bar does. And what it costs to start. `npm run bench:order-path`, on a quiet machine.
 */
import { decimal, type Order, type VenueReport } from '@hedgerow/core'
import { bybit } from '@hedgerow/driver-bybit'
import { classWithoutNetwork, CREDENTIALS } from './ccxt-without-network.ts'
import { liveOrders, ORDERS_A_BAR, TextJournal } from './live-orders.ts'
import { measureStartLive } from './start-live.ts'

/** Of one measurement: short, so that some of them run undisturbed. */
const ORDERS = 500
const ROUNDS = 260
/** Rounds in which the compiler settles. */
const FIRST_ROUNDS = 60
/** The share of the measurements that a busy machine disturbed least. */
const QUIET = 0.02
/** The order: a stop of a short, the longest request. */
const order: Order = {
  id: 1, createdAt: 0, symbol: 'BTCUSDT', leg: 'short', intent: 'close', type: 'stop-market', qty: decimal('0.25'), trigger: decimal('52000.5'), triggerBy: 'mark',
  timeInForce: 'GTC', postOnly: false, role: 'stop-loss', strategy: 'bench',
}

/** Sends a group of orders and resolves when they are answered. */
type SendGroup = () => Promise<unknown>

let orders = 0
/** As long as ours. */
function nextClientId(): string {
  orders += 1
  return `hr-${String(orders).padStart(26, '0')}`
}

async function throughCcxt(): Promise<SendGroup> {
  const Exchange = await classWithoutNetwork()
  const exchange = new Exchange({ apiKey: CREDENTIALS.apiKey, secret: CREDENTIALS.apiSecret, enableRateLimit: false })
  return () => Promise.all(Array.from({ length: ORDERS_A_BAR }, () => exchange.request('v5/order/create', 'private', 'POST', {
    category: 'linear', symbol: 'BTCUSDT', side: 'Buy', positionIdx: 2, reduceOnly: true, orderType: 'Market', qty: '0.25', triggerPrice: '52000.5', triggerDirection: 1, triggerBy: 'MarkPrice',
    closeOnTrigger: true, orderLinkId: nextClientId(),
  })))
}

async function throughDriver(): Promise<SendGroup> {
  let [taken, answered] = [0, (): void => undefined]
  const connection = await bybit.live?.create(CREDENTIALS, { clock: { now: () => Date.now() }, logger: { log: () => undefined } })
  if (connection === undefined) throw new Error('the driver has no live half')
  const see = ({ type }: VenueReport): void => {
    if (type === 'taken' && ++taken % ORDERS_A_BAR === 0) answered()
  }
  await connection.connect(see, { symbols: [], timeframes: [], account: false })
  return () => new Promise<void>((resolve) => {
    answered = resolve
    for (let index = 0; index < ORDERS_A_BAR; index += 1) connection.submit({ clientId: nextClientId(), order, positionMode: 'hedge' })
  })
}

/** Microseconds of processor time an order. */
async function cost(send: SendGroup): Promise<number> {
  const before = process.cpuUsage()
  for (let index = 0; index < ORDERS; index += ORDERS_A_BAR) await send()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / ORDERS
}

const ccxt = await throughCcxt()
const driver = await throughDriver()
const engine = await liveOrders(new TextJournal())
const rounds: { readonly ccxt: number; readonly driver: number; readonly engine: number }[] = []
for (let round = 0; round < ROUNDS; round += 1) rounds.push({ ccxt: await cost(ccxt), driver: await cost(driver), engine: await cost(engine.bar) })
const settled = rounds.slice(FIRST_ROUNDS)

const quantile = (name: keyof (typeof rounds)[number], share: number): number => settled.map((round) => round[name]).toSorted((a, b) => a - b)[Math.floor(settled.length * share)] ?? Number.NaN
console.log('us of processor time an order, in the quietest 2 % of the measurements, and in the middle of them')
for (const [name, words] of [['ccxt', 'ccxt alone'], ['driver', 'through the driver'], ['engine', 'through the engine']] as const) {
  const columns = [QUIET, 0.5].map((share) => {
    const [all, ccxtAlone] = [quantile(name, share), quantile('ccxt', share)]
    return `${all.toFixed(1).padStart(8)}${name === 'ccxt' ? '' : `, of it ours ${(all - ccxtAlone).toFixed(1)} (${(all / ccxtAlone - 1).toFixed(2)} of ccxt's)`}`
  })
  console.log(`${words.padEnd(20)}${columns.map((column) => column.padEnd(44)).join('').trimEnd()}`)
}
if (!process.argv.includes('--no-start')) {
  const start = await measureStartLive()
  if (start === null) console.log('start-live: nothing is built: run npm run build')
  else console.log(`start-live: ${start.live.toFixed(0)} ms of processor time to the first candle; one class of ccxt ${start.ccxtClass.toFixed(0)}, Node itself ${start.node.toFixed(0)}`)
}
process.exit()
