/** What may go wrong in a minute of a chaos run. The seed decides; each is counted under its name. */
import { LEGS, type Leg } from '@hedgerow/core'
import { randomOf, type AnswerFault, type BybitLab, type Fault } from '@hedgerow/venue-lab'

/** Where something goes wrong. */
export interface TroubledRun {
  readonly lab: BybitLab
  readonly symbols: readonly string[]
  readonly random: () => number
  /** Kills the process with SIGKILL and starts another. */
  readonly crash: () => Promise<void>
  /** Does something once the minute is over. */
  readonly afterwards: (act: () => Promise<void> | void) => void
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
type Trouble = readonly [name: string, bring: (run: TroubledRun) => Promise<void> | void]

const CREATE = '/v5/order/create'
const COMMANDS = [CREATE, CREATE, CREATE, '/v5/order/cancel', '/v5/order/amend'] as const
const QUESTIONS = ['/v5/execution/list', '/v5/position/list'] as const
const QUESTION_SHARE = 2 / 7
/** An entry at market, a stop, and a target, by what they are sent with beside their side. */
const KINDS = [{ isClose: false, fields: { orderType: 'Market' } }, { isClose: true, fields: { closeOnTrigger: true } }, { isClose: true, fields: { orderType: 'Limit' } }] as const
const POLL_MS = 5
const PATIENCE_MS = 10_000
const TOPICS = ['execution', 'order', 'position', 'wallet'] as const

const pick = <T>(choices: readonly T[], random: () => number): T => choices[Math.floor(random() * choices.length)] as T
const until = async (isSo: () => boolean): Promise<void> => {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && !isSo();) await new Promise((resolve) => { setTimeout(resolve, POLL_MS) })
}
const framed = (name: string, make: (run: TroubledRun) => Fault): Trouble => [name, (run) => { run.lab.control.faults.arm(make(run)) }]

/** A fault of an answer: to a command, or, once the minute is over, to a question of the next reconciliation, which the run waits for. */
const answered = (name: string, make: (random: () => number) => DistributiveOmit<AnswerFault, 'route' | 'having'>): Trouble => [name, (run) => {
  const { lab: { control: { faults } }, random, afterwards } = run
  const fault = make(random)
  if (random() >= QUESTION_SHARE) {
    const route = pick(COMMANDS, random)
    faults.arm({ ...fault, route, ...(route === CREATE && { having: someOrder(run) }) })
    return
  }
  const route = pick(QUESTIONS, random)
  afterwards(async () => {
    faults.arm({ ...fault, route })
    await until(() => !faults.armed.some((each) => 'route' in each && each.route === route))
  })
}]

/** Which of several requests that are sent together comes first is nobody's decision: a fault says which it strikes. */
function someOrder({ symbols, random }: TroubledRun): Readonly<Record<string, string | number | boolean>> {
  const [symbol, leg, { isClose, fields }] = [pick(symbols, random), pick(LEGS, random), pick(KINDS, random)]
  return { symbol, positionIdx: leg === 'long' ? 1 : 2, side: (leg === 'long') === isClose ? 'Sell' : 'Buy', ...fields }
}

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

/** The account stream goes dead for the minute; then it is waited for. */
function killStream({ lab: { control }, afterwards }: TroubledRun): void {
  const path = '/v5/private'
  control.halfOpen({ path })
  afterwards(async () => {
    await until(() => control.streams.some((stream) => stream.path === path && stream.isAuthorised && !stream.isDead))
  })
}

const TROUBLES: readonly Trouble[] = [
  answered('lost-response', () => ({ type: 'lost-response' })),
  answered('lost-request', () => ({ type: 'lost-request' })),
  answered('failed-response', (random) => ({ type: 'failed-response', status: pick([500, 502, 503, 504], random) })),
  answered('html', () => ({ type: 'html' })),
  answered('unknown code', (random) => ({ type: 'code', code: pick([10000, 10016], random), message: 'Server Timeout', executed: random() < 0.5 })),
  answered('too many', (random) => ({ type: 'code', code: 10006, message: 'Too many visits!', times: 1 + Math.floor(random() * 2) })),
  answered('refused', (random) => ({ type: 'refused', status: pick([403, 429], random) })),
  answered('slow-response', (random) => ({ type: 'slow-response', ms: 20 + Math.floor(random() * 200) })),
  framed('duplicate-frame', ({ random }) => ({ type: 'duplicate-frame', topic: pick(TOPICS, random), times: 1 + Math.floor(random() * 3) })),
  framed('reorder-frame', ({ random }) => ({ type: 'reorder-frame', topic: pick(TOPICS, random), times: 2 })),
  framed('delay-frame', ({ random }) => ({ type: 'delay-frame', topic: pick(TOPICS, random), ms: 20 + Math.floor(random() * 200) })),
  framed('drop-frame', ({ random }) => ({ type: 'drop-frame', topic: pick(TOPICS, random) })),
  ['cut', ({ lab }) => { lab.control.cut() }],
  ['half-open', killStream],
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
