/** The venue's clock against ours while a session runs: what moves holds openers, unless the market itself has moved so far. */
import { Strategy } from '@hedgerow/strategy-sdk'
import { expect, it } from 'vitest'
import { candlesOf, LiveScene, SYMBOL } from './live-scene.ts'

/** Clocks are compared so long after the start, s; the first minute of it has passed. */
const NEXT_S = 244
const HOUR_MS = 3_600_000

class Idle extends Strategy {
  override onBar(): void {}
}

/** The venue's clock goes ahead by so much after the start. */
async function ahead(ms: number): Promise<LiveScene> {
  const scene = new LiveScene({ strategy: Idle, candles: candlesOf(Array.from({ length: 30 }, () => 100)) })
  await scene.start()
  await scene.to(1)
  scene.connection.serverTime = async () => scene.timers.now() + ms
  return scene
}

it.each([['ahead', 3_000], ['back', -3_000]])('a clock that jumped %s holds openers until it stands still', async (_where, ms) => {
  const scene = await ahead(ms)
  await scene.pass(NEXT_S)
  expect(scene.engine.status()).toMatchObject({ clockOffsetMs: ms, holds: [{ name: 'clock' }] })
  await scene.pass(20)
  expect(scene.engine.status().holds).toEqual([])
})

it('a hold of the clock, and one for want of an answer, do not outlive the process that could not lift them', async () => {
  const scene = await ahead(3_000)
  await scene.pass(NEXT_S)
  scene.venue.faults.unreachable = true
  await scene.pass(64)
  expect(scene.engine.status().holds.map(({ name }) => name)).toContain('reconcile')
  scene.venue.faults.unreachable = false
  await scene.restart()
  expect(scene.engine.status().holds).toEqual([])
})

it('a replay that runs ahead takes its clock along: nothing is held', async () => {
  const scene = await ahead(HOUR_MS)
  const candle = { time: 0, open: 100, high: 100, low: 100, close: 100, volume: 1 }
  const closes = Math.floor((scene.timers.now() + NEXT_S * 1_000 + HOUR_MS) / 60_000) * 60_000
  await scene.pass(NEXT_S - 20)
  scene.venue.say({ type: 'candle', at: closes, symbol: SYMBOL, timeframe: '1m', candle: { ...candle, time: closes - 60_000 } })
  await scene.pass(20)
  expect(scene.engine.status()).toMatchObject({ clockOffsetMs: HOUR_MS, holds: [] })
})
