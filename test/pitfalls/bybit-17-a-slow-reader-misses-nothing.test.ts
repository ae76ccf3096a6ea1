/** Pitfall 17: ccxt wakes a reader once, however many messages came. Read that way, 29 of 200 executions were missing. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { executionRow } from '../../packages/driver-bybit/test/rows.ts'

/** A reader that takes a millisecond of the processor. */
function busy(): void {
  for (const until = performance.now() + 1; performance.now() < until;);
}

it('bybit 17: 200 executions in bursts of ten, each of which keeps the reader busy, are 200 reports in order', async () => {
  const { host, next, reports, close } = await openLive({ onReport: (report) => { if (report.type === 'execution') busy() } })
  for (let burst = 0; burst < 20; burst += 1) {
    for (let index = burst * 10; index < burst * 10 + 10; index += 1) host.say('private', { topic: 'execution', creationTime: 1, data: [executionRow({ execId: `exec-${index}`, execQty: '0.001' })] })
    await new Promise<void>((resolve) => { setImmediate(resolve) })
  }
  await next('execution', ({ executionId }) => executionId === 'exec-199')
  expect(reports.flatMap((report) => (report.type === 'execution' ? [report.executionId] : []))).toEqual(Array.from({ length: 200 }, (_, index) => `exec-${index}`))
  await close()
})
