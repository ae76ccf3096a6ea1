import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { prepareLive, requireConfig } from './prepare-live.ts'

const folder = mkdtempSync(join(tmpdir(), 'hedgerow-prepare-'))
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

async function prepared(limits: string, kind: 'live' | 'paper' = 'live'): ReturnType<typeof prepareLive> {
  const file = join(folder, `${limits.length}-${kind}.config.mts`)
  const strategy = resolve(import.meta.dirname, '../../../../examples/hedge-timeline.ts')
  writeFileSync(file, `export default { exchange: { profile: 'bybit-uta', positionMode: 'hedge', leverage: 5 }, routes: [{ symbol: 'ETHUSDT', timeframe: '1m', strategy: '${strategy}' }], live: { state: 'here', limits: { ${limits} } } }`)
  return await prepareLive(requireConfig(await loadConfig(file, folder)), { needsSecrets: false, state: undefined, kind })
}

it('other limits are another program: a replay must not be asked to deny what it would let through now', async () => {
  const limits = "gross: '1000', perLeg: '500', dailyLoss: 'none'"
  const { fingerprint } = await prepared(limits)
  expect((await prepared(limits)).fingerprint).toBe(fingerprint)
  expect((await prepared(`${limits}, perOrder: '100'`)).fingerprint).not.toBe(fingerprint)
})

it('paper keeps its state beside that of the live session', async () => {
  const limits = "gross: '1', perLeg: '1', dailyLoss: '1'"
  expect([(await prepared(limits)).files.folder, (await prepared(limits, 'paper')).files.folder]).toEqual([join(folder, 'here'), join(folder, 'here-paper')])
})
