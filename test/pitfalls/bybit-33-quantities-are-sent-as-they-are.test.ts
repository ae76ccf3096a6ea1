/** Pitfall 33: ccxt cuts quantities to its own idea of the step, in floating point, and leaves dust. */
import { expect, it } from 'vitest'
import { openLive, submissionOf } from '../../packages/driver-bybit/test/live.ts'

it.each([['0.30000000000000004', '0.30000000000000004'], ['1000000.001', '1000000.001'], ['0.0000001', '0.0000001'], ['0.50', '0.5']])('bybit 33: %s', async (qty, sent) => {
  const { host, connection, close } = await openLive({ connect: false })
  connection.submit(submissionOf({ type: 'limit', qty, price: qty }))
  await host.arrival(() => host.requests.length === 1)
  expect(host.requests[0]?.body).toMatchObject({ qty: sent, price: sent })
  await close()
})
