/** What may go wrong in a minute of a chaos run. The seed decides; each is counted under its name. */
import { LEGS, type Leg } from '@hedgerow/core'
import { randomOf, type BybitLab, type Fault } from '@hedgerow/venue-lab'

/** Where something goes wrong. */
export interface TroubledRun {
  readonly lab: BybitLab
  readonly symbols: readonly string[]
  readonly random: () => number
  /** Kills the process with SIGKILL and starts another. */
  readonly crash: () => Promise<void>
  /** Does something once the minute is over. */
  readonly afterwards: (act: () => void) => void
}

type Trouble = readonly [name: string, bring: (run: TroubledRun) => Promise<void> | void]

const CREATE = '/v5/order/create'
const ROUTES = [CREATE, CREATE, CREATE, '/v5/order/cancel', '/v5/order/amend', '/v5/execution/list', '/v5/position/list'] as const
const TOPICS = ['execution', 'order', 'position', 'wallet'] as const

const pick = <T>(choices: readonly T[], random: () => number): T => choices[Math.floor(random() * choices.length)] as T
const armed = (name: string, make: (run: TroubledRun) => Fault): Trouble => [name, (run) => { run.lab.control.faults.arm(make(run)) }]
const onLeg = (act: (run: TroubledRun, symbol: string, leg: Leg) => void) => (run: TroubledRun): void => {
  const symbol = pick(run.symbols, run.random)
  const leg = pick(LEGS, run.random)
  if (!run.lab.control.account.pair(symbol)[leg].qty.isZero()) act(run, symbol, leg)
}

/** The owner switches a flat symbol to one-way mode, and back after a minute in which the session has to leave it alone. */
function changeMode({ lab: { control }, symbols, random, afterwards }: TroubledRun): void {
  const symbol = pick(symbols, random)
  const pair = control.account.pair(symbol)
  if (LEGS.some((leg) => !pair[leg].qty.isZero())) return
  control.changePositionMode(symbol, 'one-way')
  afterwards(() => { control.changePositionMode(symbol, 'hedge') })
}

const TROUBLES: readonly Trouble[] = [
  armed('lost-response', ({ random }) => ({ type: 'lost-response', route: pick(ROUTES, random) })),
  armed('lost-request', ({ random }) => ({ type: 'lost-request', route: pick(ROUTES, random) })),
  armed('failed-response', ({ random }) => ({ type: 'failed-response', route: pick(ROUTES, random), status: pick([500, 502, 503, 504], random) })),
  armed('html', ({ random }) => ({ type: 'html', route: pick(ROUTES, random) })),
  armed('unknown code', ({ random }) => ({ type: 'code', route: pick(ROUTES, random), code: pick([10000, 10016], random), message: 'Server Timeout', executed: random() < 0.5 })),
  armed('too many', ({ random }) => ({ type: 'code', route: pick(ROUTES, random), code: 10006, message: 'Too many visits!', times: 1 + Math.floor(random() * 2) })),
  armed('refused', ({ random }) => ({ type: 'refused', route: pick(ROUTES, random), status: pick([403, 429], random) })),
  armed('slow-response', ({ random }) => ({ type: 'slow-response', route: pick(ROUTES, random), ms: 20 + Math.floor(random() * 200) })),
  armed('duplicate-frame', ({ random }) => ({ type: 'duplicate-frame', topic: pick(TOPICS, random), times: 1 + Math.floor(random() * 3) })),
  armed('reorder-frame', ({ random }) => ({ type: 'reorder-frame', topic: pick(TOPICS, random), times: 2 })),
  armed('delay-frame', ({ random }) => ({ type: 'delay-frame', topic: pick(TOPICS, random), ms: 20 + Math.floor(random() * 200) })),
  armed('drop-frame', ({ random }) => ({ type: 'drop-frame', topic: pick(TOPICS, random) })),
  ['cut', ({ lab }) => { lab.control.cut() }],
  ['half-open', ({ lab }) => { lab.control.halfOpen({ path: '/v5/private' }) }],
  ['shuffled topics', ({ lab, random }) => { lab.control.shuffleTopics(random() < 0.5 ? randomOf(Math.floor(random() * 2 ** 31)) : null) }],
  ['tells first', ({ lab, random }) => { lab.control.tellsBeforeAnswering = random() < 0.5 }],
  ['forgotten orders', ({ lab }) => { lab.control.forgetClosedOrders() }],
  ['clock skew', ({ lab, random }) => { lab.control.skewClock(pick([-1_500, -700, 0, 700, 1_500], random)) }],
  ['funding', ({ lab, symbols, random }) => { lab.control.fund(pick(symbols, random), pick(['0.0001', '-0.0002', '0.00037'], random)) }],
  ['liquidation', onLeg(({ lab }, symbol, leg) => { lab.control.liquidate({ symbol, leg }) })],
  ['adl', onLeg(({ lab }, symbol, leg) => { lab.control.deleverage({ symbol, leg }) })],
  ['closed by hand', onLeg(({ lab }, symbol, leg) => { lab.control.placeByHand({ symbol, leg, intent: 'close', qty: lab.control.account.pair(symbol)[leg].qty.toFixed() }) })],
  ['mode changed', changeMode],
  ['crash', async ({ crash }) => { await crash() }],
]

/** Brings one; its name. */
export async function bringTrouble(run: TroubledRun): Promise<string> {
  const [name, bring] = pick(TROUBLES, run.random)
  await bring(run)
  return name
}
