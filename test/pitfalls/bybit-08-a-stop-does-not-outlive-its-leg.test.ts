/** Pitfall 8: a leg that was closed elsewhere takes its own protection along, and the next one is not closed by it. A process on a local venue: `npm run test:all`. */
import { expect, it } from 'vitest'
import { CrashScene, SYMBOL } from '../crash/crash-scene.ts'

it.runIf(process.env['HEDGEROW_TESTS'] === 'all')('bybit 8: a stop does not outlive its leg, and the stop of the other leg stays', async () => {
  const scene = await CrashScene.open({ act: 'again' })
  try {
    await scene.start()
    await scene.minutes(5)
    expect(scene.working()).toContain('long close stop-market 1 at 95')
    scene.lab.control.placeByHand({ symbol: SYMBOL, leg: 'long', intent: 'close', qty: '1' })
    const others = ['short close limit 0.5 at 80', 'short close stop-market 0.5 at 130']
    await scene.until(() => scene.working().length === others.length)
    expect(scene.working()).toEqual(others)
    // The strategy opens the leg again, with a stop further away than the one before.
    await scene.minutes(2)
    await scene.lab.control.glide({ [SYMBOL]: '94' })
    expect(await scene.sound()).toBe('long 2 short 0.5')
    expect(scene.working()).toEqual(['long close stop-market 2 at 90', ...others])
  } finally {
    await scene.close()
  }
}, 90_000)
