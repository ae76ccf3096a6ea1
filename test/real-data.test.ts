/** Every real file loads, complete and exact: what a line says is what the columns hold. */
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { loadCandles, loadFunding, loadMarks, type CandleData } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from './support/shared.ts'

const shared = sharedFolder()
const files = (kind: string): string[] => readdirSync(`${shared}/data/${kind}`).map((name) => `${shared}/data/${kind}/${name}`)
const linesOf = (path: string): string[] => gunzipSync(readFileSync(path)).toString().trim().split('\n').slice(1)

/** The first line that does not say what its row holds; -1 when all do. */
function firstDifference(data: CandleData, lines: readonly string[]): number {
  return lines.findIndex((line, row) => {
    const [time, open, high, low, close, volume = '0'] = line.split(',')
    const held = [data.start + row * data.step, data.open[row], data.high[row], data.low[row], data.close[row], data.volume[row]]
    return [time, open, high, low, close, volume].some((text, index) => Number(text) !== held[index])
  })
}

describe.skipIf(shared === null)('real files', () => {
  it('candles', async () => {
    for (const path of files('candles')) {
      const [data, lines] = [await loadCandles(path), linesOf(path)]
      expect({ path, rows: data.length, gaps: data.gaps, difference: firstDifference(data, lines) }).toEqual({ path, rows: lines.length, gaps: [], difference: -1 })
    }
  })

  it('marks', async () => {
    for (const path of files('mark')) {
      const [data, lines] = [await loadMarks(path), linesOf(path)]
      expect({ path, step: data.step, rows: data.length, difference: firstDifference(data, lines) }).toEqual({ path, step: 3_600_000, rows: lines.length, difference: -1 })
    }
  })

  it('funding', async () => {
    for (const path of files('funding')) {
      const rows = await loadFunding(path)
      expect([path, ...rows.map((row) => row.join())]).toEqual([path, ...linesOf(path).map((line) => line.replace(/,[A-Z]+,/, ','))])
    }
  })
})

if (shared === null) console.warn('SKIPPED: the real files need the shared folder (HEDGEROW_SHARED)')
