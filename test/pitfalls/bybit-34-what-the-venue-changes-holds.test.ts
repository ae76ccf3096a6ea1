/** Pitfall 34: a venue shortens a closer that is larger than its leg by itself. What it says an order is, it is: nothing is sent because of it, and the other leg is not touched. */
import { decimal } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { expect, it } from 'vitest'
import { candlesOf, LiveScene } from '../live/live-scene.ts'

class Both extends Strategy {
  override onBar(): void {
    if (this.index !== 2) return
    this.long.open({ qty: 1, stopLoss: 95 })
    this.short.open({ qty: 0.5, stopLoss: 105 })
  }
}

it('bybit 34: a stop that the venue shortened is as long as the venue says', async () => {
  const scene = new LiveScene({ strategy: Both, candles: candlesOf(Array.from({ length: 10 }, () => 100)) })
  await scene.start()
  await scene.to(5)
  const stop = scene.venue.openOrders().find(({ leg }) => leg === 'short')
  if (stop === undefined) throw new Error('no stop')
  const requests = scene.venue.requests.length
  scene.venue.say({ ...stop, at: scene.timers.now(), qty: decimal('0.4') })
  await scene.timers.to(scene.timers.now() + 1)
  expect(scene.engine.status().legs.map(({ leg, qty, stopQty }) => `${leg} ${qty} ${stopQty}`)).toEqual(['long 1 1', 'short 0.5 0.4'])
  expect(scene.venue.requests).toHaveLength(requests)
})
