/**
 * Imports every real file of the shared folder, checks and exports each series in every format, imports the exports again, and
 * compares: the text of the CSV export with the text of the source, byte for byte, and the hashes of the rows.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { checkSeries } from '../../apps/runner/src/store/check-series.ts'
import { EXPORT_FORMATS, exportSeries } from '../../apps/runner/src/store/export-series.ts'
import { importFile } from '../../apps/runner/src/store/import-file.ts'
import { ParquetCandleStore } from '../../apps/runner/src/store/parquet-candle-store.ts'
import { hashRows } from '../../apps/runner/src/store/rows.ts'
import { sharedFolder } from '../../test/support/shared.ts'

const RULES = { columns: {}, overlap: 'fail', skipInvalid: false } as const

/** What went wrong with a file; empty for nothing. */
async function roundTrip(path: string, folder: string): Promise<string[]> {
  const store = new ParquetCandleStore(join(folder, 'all'))
  const { id, rows, stored, violations } = await importFile(store, path, RULES)
  const problems = violations.map(({ where, found }) => `${where}: ${found}`)
  if (stored === null || stored.added !== rows.time.length) problems.push(`stored ${JSON.stringify(stored)} of ${rows.time.length} rows`)
  const range = { start: rows.time[0], end: (rows.time.at(-1) ?? 0) + 1 }
  for (const format of EXPORT_FORMATS) {
    const report = await exportSeries(store, { id, range, format, origin: null, replace: true, path: () => join(folder, `export.${format}`) })
    const copy = new ParquetCandleStore(join(folder, 'copy'))
    await importFile(copy, report.path, { ...RULES, ...id })
    if (new Set([hashRows(rows), report.sha256, hashRows(await copy.rows(id))]).size !== 1) problems.push(`${format}: other rows came back`)
    if (format === 'csv' && withoutSymbol(readFileSync(report.path)) !== withoutSymbol(gunzipSync(readFileSync(path)))) problems.push('csv: another text')
    rmSync(copy.folder, { recursive: true })
  }
  return [...problems, ...(await checkSeries(store.folder, id)).violations.map(({ where, found }) => `${where}: ${found}`)]
}

/** The text of a file; funding files name their symbol in every row, exports in their name. */
function withoutSymbol(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString().replaceAll(/,(symbol|[A-Z]+USDT)(?=,)/g, '').trimEnd()
}

const shared = sharedFolder()
if (shared === null) {
  console.error('round-trip: the real files are not here (HEDGEROW_SHARED).')
  process.exit(2)
}
const folder = mkdtempSync(join(tmpdir(), 'hedgerow-round-trip-'))
let failed = 0
try {
  for (const path of ['candles', 'funding', 'mark'].flatMap((kind) => readdirSync(join(shared, 'data', kind)).map((name) => join(shared, 'data', kind, name)))) {
    const problems = await roundTrip(path, folder)
    if (problems.length > 0) failed++
    console.log(`${problems.length === 0 ? 'same ' : 'OTHER'} ${basename(path)}${problems.map((problem) => `\n      ${problem}`).join('')}`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = failed === 0 ? 0 : 1
