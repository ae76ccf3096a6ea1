/** Candles that the stream did not bring are there before a strategy is called again, or somebody is told. With both legs open. */
import { canonicalEvent, type LiveConfig } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { synthesizeCandles } from 'hedgerow'
import { beforeEach, describe, expect, it } from 'vitest'
import { LiveScene, START, SYMBOL, type SceneOptions } from './live-scene.ts'

const MINUTE = 60_000
const COLUMNS = synthesizeCandles({ seed: 7, start: START, count: 60 })
const OTHER = 'BTCUSDT'
/** As by default, but that a silent stream alone does not pause trading: what is tried here begins after it. */
const NOT_SILENT: LiveConfig['triggers'] = { marginRate: null, silentMs: null, rejectsPerMinute: null, drawdown: null, equityDeviation: null, onDailyLoss: 'cancel' }

/** What each call saw: symbol, minutes since the start, closes from the first on. */
const seen: { symbol: string; minute: number; closes: number[] }[] = []
const closesTo = (minute: number): number[] => Array.from(COLUMNS.close).slice(0, minute)
const callsOf = (symbol: string, from: number): number[] => seen.filter((call) => call.symbol === symbol && call.minute >= from).map(({ minute }) => minute)

beforeEach(() => { seen.length = 0 })

/** Opens both legs at its bar 2, with a stop each; wants more of both on every bar from 8 on. */
class Both extends Strategy {
  onBar(): void {
    seen.push({ symbol: this.symbol, minute: (this.time - START) / MINUTE, closes: Array.from(this.candles.close) })
    if (this.index === 2) {
      this.long.open({ qty: 1, stopLoss: this.price * 0.8, tag: 'l' })
      this.short.open({ qty: 0.5, stopLoss: this.price * 1.2, tag: 's' })
    }
    if (this.index >= 8) {
      this.long.open({ qty: 0.1, stopLoss: this.price * 0.8, tag: `l${this.index}` })
      this.short.open({ qty: 0.1, stopLoss: this.price * 1.2, tag: `s${this.index}` })
    }
  }
}

async function running(options: Partial<SceneOptions> = {}): Promise<LiveScene> {
  const scene = new LiveScene({ strategy: Both, candles: COLUMNS, config: { triggers: NOT_SILENT }, ...options })
  await scene.start()
  return scene
}

/** Five minutes of which nothing is heard, up to where the next minute closes. */
async function outage(scene: LiveScene): Promise<void> {
  await scene.to(6)
  scene.venue.market('down')
  await scene.to(11)
  scene.venue.market('up')
}

/** The first minute after the outage has closed, and waits. */
async function waiting(fault: 'fails' | 'silent', config: Partial<LiveConfig> = {}): Promise<LiveScene> {
  const scene = await running({ config: { triggers: NOT_SILENT, ...config } })
  await outage(scene)
  scene.venue.faults.history = fault
  await scene.pass(60)
  scene.venue.to(START + 12 * MINUTE)
  await scene.pass(2)
  return scene
}

const stops = (scene: LiveScene): string[] => scene.venue.openOrders().filter(({ orderType }) => orderType === 'stop-market').map(({ leg, qty }) => `${leg ?? '?'} ${qty.toFixed()}`).toSorted()

describe('a socket that was down', () => {
  it('leaves no hole: indicators see what was missed, strategies are not called for it, and both legs go on', async () => {
    const scene = await running()
    await outage(scene)
    await scene.to(14)
    expect(scene.venue.asked).toEqual([`${SYMBOL} 6 11`])
    expect(callsOf(SYMBOL, 6)).toEqual([6, 12, 13, 14])
    expect(seen.at(-1)?.closes).toEqual(closesTo(14))
    expect(seen.find(({ minute }) => minute === 12)?.closes).toEqual(closesTo(12))
    expect(scene.engine.status()).toMatchObject({ halts: [], holds: [], killLevel: 'running', unprotected: [] })
    expect(scene.legs()).toBe('long 1.1/1.1 short 0.6/0.6')
  })

  it('is the same over a restart', async () => {
    const scene = await running()
    await outage(scene)
    await scene.to(14)
    const told = scene.engine.options.log.events.map(canonicalEvent)
    const last = seen.at(-1)
    await scene.restart()
    expect(scene.engine.options.log.events.map(canonicalEvent)).toEqual(told)
    expect(seen.at(-1)).toEqual(last)
  })
})

describe('while the venue is asked', () => {
  it('the symbol opens nothing, and everything else goes on: fills, stops, the kill switch', async () => {
    const scene = await waiting('silent')
    expect(scene.engine.status()).toMatchObject({ halts: [{ symbol: SYMBOL, name: 'candles' }], queued: 1 })
    scene.venue.foreignOrder({ symbol: SYMBOL, leg: 'long', intent: 'close', type: 'market', qty: scene.venue.held(SYMBOL, 'long') })
    await scene.timers.during(scene.engine.kill('cancel', { by: 'operator', reason: 'test' }))
    await scene.pass(2)
    expect(scene.legs()).toBe('long 0/0 short 0.5/0.5')
    expect(scene.engine.status()).toMatchObject({ killLevel: 'cancel', halts: [{ name: 'candles' }] })
    expect(callsOf(SYMBOL, 6)).toEqual([6])
  })

  it('an answer that comes at the third attempt is an answer', async () => {
    const scene = await waiting('fails')
    await scene.timers.to(scene.timers.now() + 200)
    delete scene.venue.faults.history
    await scene.pass(4)
    expect(callsOf(SYMBOL, 6)).toEqual([6, 12])
    expect(seen.at(-1)?.closes).toEqual(closesTo(12))
    expect(scene.engine.status()).toMatchObject({ halts: [], killLevel: 'running', queued: 0 })
  })

  for (const fault of ['fails', 'silent'] as const) {
    it(`a venue whose history ${fault} is not waited for without end: trading pauses, the minute is told, both legs keep their stops`, async () => {
      const scene = await waiting(fault)
      await scene.pass(10)
      expect(callsOf(SYMBOL, 6)).toEqual([6, 12])
      expect(scene.engine.status()).toMatchObject({ killLevel: 'pause', halts: [], unprotected: [], queued: 0 })
      expect(scene.engine.status().killCause?.reason).toContain(`${SYMBOL}: candles from 2024-01-01T00:06Z to 2024-01-01T00:11Z are missing and the venue did not answer: restart with --fresh-strategies to load them, or resume`)
      expect(stops(scene)).toEqual(['long 1', 'short 0.5'])
      await scene.timers.during(scene.engine.kill('running', { by: 'operator', reason: 'test' }))
      delete scene.venue.faults.history
      await scene.to(14)
      expect(callsOf(SYMBOL, 6)).toEqual([6, 12, 13, 14])
      expect(scene.venue.asked).toEqual([])
    })
  }

  it('a hole that stayed is gone with fresh strategies, which keep both legs and their stops, and with those that replay them later', async () => {
    const scene = await waiting('silent', { warmupMs: 30 * MINUTE })
    await scene.pass(10)
    delete scene.venue.faults.history
    expect(seen.at(-1)?.closes).toEqual([...closesTo(6), COLUMNS.close[11]])
    await scene.restart({ freshStrategies: true })
    expect(scene.engine.status().killLevel).toBe('pause')
    await scene.to(13)
    expect(seen.at(-1)?.closes).toEqual(closesTo(13))
    const told = seen.at(-1)
    await scene.restart()
    expect(seen.at(-1)).toEqual(told)
    expect([scene.legs(), ...stops(scene)]).toEqual(['long 1/1 short 0.5/0.5', 'long 1', 'short 0.5'])
  })

  it('a process that ends then loads them when it starts again, and lifts the halt', async () => {
    const scene = await waiting('silent')
    delete scene.venue.faults.history
    await scene.restart()
    expect(scene.engine.status()).toMatchObject({ halts: [], queued: 0 })
    await scene.pass(50)
    scene.venue.to(START + 13 * MINUTE)
    await scene.pass(2)
    expect(callsOf(SYMBOL, 7)).toEqual([13])
    expect(seen.at(-1)?.closes).toEqual(closesTo(13))
  })

  it('a stop waits for nothing: its minute is not told', async () => {
    const scene = await waiting('silent')
    await scene.timers.during(scene.engine.stop())
    await scene.timers.to(scene.timers.now() + 20_000)
    expect([scene.engine.phase, scene.failure, callsOf(SYMBOL, 7)]).toEqual(['stopped', null, []])
  })
})

describe('a symbol that is late', () => {
  const second = { symbol: OTHER, candles: synthesizeCandles({ seed: 8, start: START, count: 60 }) }

  it('is asked for when its time is over, and its minute is complete', async () => {
    const scene = await running({ second })
    await scene.to(4)
    scene.venue.faults.late = [OTHER]
    await scene.to(5)
    await scene.pass(6)
    expect(scene.venue.asked).toEqual([`${OTHER} 4 5`])
    expect([callsOf(SYMBOL, 4), callsOf(OTHER, 4)]).toEqual([[4, 5], [4, 5]])
    expect(scene.engine.status()).toMatchObject({ killLevel: 'running', halts: [] })
  })

  it('without a trade is asked for twice a minute and no more, and holds nobody back', async () => {
    const scene = await running({ second })
    await scene.to(4)
    scene.venue.faults.late = [OTHER]
    scene.venue.faults.unlisted = [4, 5, 6].map((minute) => START + minute * MINUTE)
    await scene.to(7)
    await scene.pass(6)
    expect(scene.venue.asked).toEqual([`${OTHER} 4 5`, `${OTHER} 4 6`, `${OTHER} 5 7`])
    scene.venue.faults.late = []
    await scene.to(9)
    await scene.pass(6)
    expect(scene.venue.asked.slice(3)).toEqual([`${OTHER} 6 7`])
    expect([callsOf(SYMBOL, 4), callsOf(OTHER, 4)]).toEqual([[4, 5, 6, 7, 8, 9], [4, 8, 9]])
    expect(scene.engine.status()).toMatchObject({ killLevel: 'running', halts: [], holds: [] })
    expect(scene.journal.lines.filter((line) => line.includes('"name":"candles"'))).toEqual([])
  })

  it('whose candle comes after a longer bar was closed without it does not end the session', async () => {
    const scene = await running({ second, timeframe: '5m' })
    await scene.to(4)
    scene.venue.faults.late = [OTHER]
    scene.venue.faults.unlisted = [START + 4 * MINUTE]
    await scene.to(5)
    await scene.pass(6)
    Object.assign(scene.venue.faults, { late: [], unlisted: [] })
    await scene.to(10)
    await scene.pass(6)
    expect(scene.logged.join('\n')).toContain(`${OTHER}: candles from 2024-01-01T00:04Z on came after their minutes were told`)
    expect([scene.engine.phase, scene.failure]).toEqual(['running', null])
    expect(seen.filter(({ symbol }) => symbol === OTHER).at(-1)?.closes).toEqual([second.candles.close[3], second.candles.close[9]])
  })
})

it('a candle that is over while the history is asked comes by the stream, once', async () => {
  const scene = await running()
  await scene.to(5)
  scene.kill()
  scene.venue.faults.unlisted = [START + 5 * MINUTE]
  await scene.timers.to(START + 6 * MINUTE - 1_000)
  scene.venue.onAsked = () => {
    scene.venue.onAsked = () => {}
    scene.venue.to(START + 6 * MINUTE)
  }
  await scene.timers.to(START + 6 * MINUTE)
  await scene.restart()
  await scene.pass(2)
  expect(callsOf(SYMBOL, 6)).toEqual([6])
  expect(seen.at(-1)?.closes).toEqual(closesTo(6))
})
