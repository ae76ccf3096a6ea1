/** What a venue does not answer at start is asked again a few times; then the session does not start. */
import { Strategy } from '@hedgerow/strategy-sdk'
import { expect, it } from 'vitest'
import { candlesOf, LiveScene } from './live-scene.ts'

class Idle extends Strategy {
  override onBar(): void {}
}

const sceneOf = (): LiveScene => new LiveScene({ strategy: Idle, candles: candlesOf(Array.from({ length: 5 }, () => 100)) })

it('a venue that answers the third time is a venue that answers', async () => {
  const scene = sceneOf()
  scene.venue.faults.unreachable = true
  scene.timers.after(1_200, () => { scene.venue.faults.unreachable = false })
  await scene.start()
  expect(scene.engine.phase).toBe('running')
  expect(scene.logged.filter((text) => text.includes('VENUE_UNREACHABLE'))).toHaveLength(2)
})

it('a venue that stays silent is not traded on', async () => {
  const scene = sceneOf()
  scene.venue.faults.unreachable = true
  await expect(scene.start()).rejects.toThrow(/VENUE_UNREACHABLE/)
  expect([scene.engine.phase, scene.logged.filter((text) => text.includes('asked again')).length]).toEqual(['failed', 3])
})
