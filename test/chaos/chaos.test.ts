/** A short chaos run: `npm run chaos` makes long ones. */
import { expect, it } from 'vitest'
import { runChaos } from './run.ts'

it.runIf(process.env['HEDGEROW_TESTS'] === 'all')('120 orders on both legs of three symbols while everything goes wrong: venue, journal and store agree, and no order is there twice', async () => {
  const { orders, executions, findings, halted, troubles } = await runChaos({ seed: 3, orders: 120, mostMs: 150_000 })
  expect([findings, halted]).toEqual([[], []])
  expect(orders).toBeGreaterThanOrEqual(120)
  expect(executions).toBeGreaterThan(40)
  expect(Object.keys(troubles).length).toBeGreaterThan(2)
}, 240_000)
