/** Cancellations and amendments that never arrive are asked for again, and what has no effect is told: an order that its strategy took back must not fill. */
import { decimal, type OrderId } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { expect, it } from 'vitest'
import { candlesOf, LiveScene } from './live-scene.ts'

/** A limit order on each leg, far from the market; both are taken back at bar 5 where it was told to. */
class Resting extends Strategy {
  override onBar(): void {
    if (this.index === 2) {
      this.long.open({ qty: 1, price: 90, tag: 'long' })
      this.short.open({ qty: 0.5, price: 110, tag: 'short' })
    }
    if (this.index === 5) {
      this.long.cancel('long')
      this.short.cancel('short')
    }
  }
}

async function resting(): Promise<LiveScene> {
  const scene = new LiveScene({ strategy: Resting, candles: candlesOf(Array.from({ length: 20 }, () => 100)) })
  await scene.start()
  await scene.to(5)
  expect(scene.venue.openOrders()).toHaveLength(2)
  return scene
}

const idOf = (scene: LiveScene, leg: string): OrderId => [...scene.engine.options.state.orders.live()].find(({ order }) => order.leg === leg)?.order.id ?? 0

it('cancellations of both legs that were lost on the way arrive in the end', async () => {
  const scene = await resting()
  scene.venue.faults.loseCommands = true
  await scene.to(6)
  expect([scene.venue.openOrders().length, scene.engine.status().unsettledOrders]).toEqual([2, 2])
  scene.venue.faults.loseCommands = false
  await scene.pass(10)
  expect([scene.venue.openOrders(), scene.engine.status().openOrders, scene.engine.status().unsettledOrders]).toEqual([[], 0, 0])
})

it('an amendment that was lost arrives in the end, and is sent once while it is on its way', async () => {
  const scene = await resting()
  const id = idOf(scene, 'short')
  const sent = (): number => scene.venue.requests.filter(({ kind }) => kind === 'amend').length
  scene.venue.faults.loseCommands = true
  scene.engine.desk.amend(id, { qty: decimal('0.4') })
  scene.engine.desk.amend(id, { qty: decimal('0.4') })
  expect(sent()).toBe(1)
  await scene.pass(2)
  scene.venue.faults.loseCommands = false
  await scene.pass(10)
  expect(scene.venue.openOrders().map(({ leg, qty }) => `${leg ?? ''} ${qty.toFixed()}`).toSorted()).toEqual(['long 1', 'short 0.4'])
  expect(scene.engine.status().unsettledOrders).toBe(0)
})

it('a cancellation without effect is given up and told, and may be asked for again', async () => {
  const scene = await resting()
  scene.venue.faults.loseCommands = true
  scene.engine.desk.cancel(idOf(scene, 'long'), 'requested')
  await scene.pass(20)
  expect(scene.logged.filter((text) => text.includes('a cancellation of it had no effect'))).toHaveLength(1)
  scene.venue.faults.loseCommands = false
  scene.engine.desk.cancel(idOf(scene, 'long'), 'requested')
  await scene.pass(4)
  expect(scene.venue.openOrders().map(({ leg }) => leg)).toEqual(['short'])
})
