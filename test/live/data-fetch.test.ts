/** `hedgerow data fetch` from the local venue: what it serves is stored, and a second call takes only what is new. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MINUTE_MS } from '@hedgerow/core'
import { bybitUta } from '@hedgerow/driver-bybit'
import { startBybitLab } from '@hedgerow/venue-lab'
import { openDataFolder, synthesizeCandles } from 'hedgerow'
import { expect, it, vi } from 'vitest'
import { dataFetchCommand } from '../../apps/runner/src/cli/data-fetch-command.ts'

it('pages through the history, and goes on where it stopped', async () => {
  const from = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 100 * MINUTE_MS
  const candles = synthesizeCandles({ seed: 3, start: from - 2_500 * MINUTE_MS, count: 2_600 })
  const lab = await startBybitLab({ profile: bybitUta, market: { type: 'candles', series: { ETHUSDT: { candles } }, from } })
  const folder = mkdtempSync(join(tmpdir(), 'hedgerow-fetch-'))
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    const flags = { url: lab.restUrl, data: folder, kinds: 'candles', start: String(from - 2_500 * MINUTE_MS) }
    expect(await dataFetchCommand('bybit', ['ETHUSDT'], { ...flags, end: String(from - 1_000 * MINUTE_MS) })).toBe(0)
    expect(await dataFetchCommand('bybit', ['ETHUSDT'], { ...flags, end: String(from) })).toBe(0)
    const stored = await (await openDataFolder(folder)).candles({ venue: 'bybit', symbol: 'ETHUSDT', kind: 'candles', timeframe: '1m' })
    expect(stored.length).toBe(2_500)
    expect(stored.close).toEqual(candles.close.slice(0, 2_500))
    expect(await dataFetchCommand('nowhere', ['ETHUSDT'], flags)).toBe(2)
  } finally {
    said.mockRestore()
    await lab.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 20_000)
