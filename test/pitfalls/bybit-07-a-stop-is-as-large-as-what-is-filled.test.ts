/** Pitfall 7: an entry that fills in parts has a stop over what is filled, on either leg, no more and no less. A process on a local venue: `npm run test:all`. */
import { decimal } from '@hedgerow/core'
import { expect, it } from 'vitest'
import { CrashScene } from '../crash/crash-scene.ts'

it.runIf(process.env['HEDGEROW_TESTS'] === 'all')('bybit 7: the stops of both legs grow with their fills', async () => {
  const scene = await CrashScene.open({ lab: { sim: { slippage: 'none', volumeShare: decimal('0.0000002') } } })
  try {
    await scene.start()
    await scene.minutes(3)
    const seen: string[] = []
    for (let minute = 0; minute < 9; minute++) {
      await scene.minutes(1)
      await scene.until(() => scene.stops() === scene.held(), () => `stops ${scene.stops()} of ${scene.held()}`)
      seen.push(scene.held())
    }
    expect(new Set(seen).size).toBeGreaterThan(2)
    expect(await scene.sound()).toBe('long 1 short 0.5')
    const stops = scene.lab.control.account.orders.all().filter(({ intent, trigger }) => intent === 'close' && trigger !== undefined)
    expect(stops.map(({ leg }) => leg).toSorted()).toEqual(['long', 'short'])
  } finally {
    await scene.close()
  }
}, 90_000)
