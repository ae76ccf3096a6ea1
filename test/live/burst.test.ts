/** 200 executions at one moment, a strategy that is slow over each, the journal on the disk: nothing is lost between sockets, queue, strategy and file. A process: `npm run test:all`. */
import { bybitUta } from '@hedgerow/driver-bybit'
import { startBybitLab } from '@hedgerow/venue-lab'
import { expect, it } from 'vitest'
import { LiveFolder } from './live-process.ts'

const SYMBOL = 'ETHUSDT'
const LADDER = 200

it.runIf(process.env['HEDGEROW_TESTS'] === 'all')('200 executions of both legs in a burst while a handler is slow: 200 applied', async () => {
  const lab = await startBybitLab({ profile: bybitUta, positionMode: 'hedge', leverage: '5', balance: '100000', sim: { slippage: 'none' }, market: { type: 'script', prices: { [SYMBOL]: '2000' } } })
  lab.control.limitRequests(1_000)
  const folder = new LiveFolder(lab, { strategy: '../test/live/slow-ladder', symbols: [SYMBOL], live: "limits: { gross: '50000', perLeg: '20000', dailyLoss: 'none', ordersPerMinute: 1000 }" })
  try {
    const { child, ended, said } = folder.spawn(['live'])
    await said('running on bybit')
    lab.control.setLockstep({ idleMs: 300, mostMs: 10_000 })
    await lab.control.glide({ [SYMBOL]: '2000' })
    await lab.control.glide({ [SYMBOL]: '2000' })
    expect(lab.control.state().orders).toHaveLength(LADDER)
    // The market waits for nobody: all frames go out at once.
    lab.control.setLockstep(null)
    await lab.control.jump({ [SYMBOL]: '1900' })
    expect(await lab.control.untilQuiet({ idleMs: 300, mostMs: 20_000 })).toBe(true)
    const executions = lab.control.account.records().filter(({ type }) => type === 'execution')
    expect([executions.length, new Set(executions.slice(1).map(({ at }) => at)).size]).toEqual([LADDER + 1, 1])
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
    expect(folder.read('state/log.jsonl')).toContain(`heard of ${LADDER + 1} fills`)
    const replayed = await folder.run('replay', 'state/journal.sqlite', '--json')
    expect(JSON.parse(replayed.stdout)).toMatchObject({ fills: LADDER + 1, legs: [{ leg: 'long', qty: '1' }, { leg: 'short', qty: '0' }] })
    const pair = lab.control.account.pair(SYMBOL)
    expect([pair.long.qty.toFixed(), pair.short.qty.toFixed()]).toEqual(['1', '0'])
  } finally {
    folder.remove()
    await lab.close()
  }
}, 60_000)
