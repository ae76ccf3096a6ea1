/** Pitfall 28: the eleventh conditional order of a symbol is refused, whichever leg it protects. */
import { meaningOf } from '@hedgerow/core'
import { bybit } from '@hedgerow/driver-bybit'
import { expect, it } from 'vitest'
import { openLive, submissionOf } from '../../packages/driver-bybit/test/live.ts'

it('bybit 28: the manifest states the budget, and the code of the eleventh is told', async () => {
  expect(bybit.manifest.orders.maxConditionalPerSymbol).toBe(10)
  const { host, connection, next, close } = await openLive()
  host.on('v5/order/create', { code: 110009, message: 'The number of stop orders exceeds the maximum allowable limit' })
  connection.submit(submissionOf({ intent: 'close', type: 'stop-market', trigger: '48000' }))
  expect(meaningOf(bybit.manifest, await next('refused'))).toBe('too-many-conditional-orders')
  await close()
})
