/** A data folder: series as Parquet files by month or year, each with a disposable cache of its columns. */
import { existsSync } from 'node:fs'
import { cell, HedgerowError, timeText, type AppendReport, type CandleStore, type OverlapRule, type SeriesId, type SeriesRows, type StoredSeries, type TimeRange } from '@hedgerow/core'
import { CandleData } from '../data/candle-data.ts'
import { loadGrid } from './load-grid.ts'
import { encodeRows } from './parquet-rows.ts'
import { overlaps, split, type Partition } from './partitions.ts'
import { concatRows, mergeRows, rowsWithin, rowText, type Merge } from './rows.ts'
import { COLUMNS, seriesFlags, seriesFolder, seriesId, seriesIn, seriesText, stepOf, SYNTHETIC } from './series.ts'
import { describeSeries, filePath, readSeriesFile, requireFiles, spanOf, type SeriesSpan } from './series-files.ts'
import { withLock } from './series-lock.ts'
import { writeWhole } from './write-whole.ts'

/** How an append tells where it is, and is stopped between two files. */
export interface AppendOptions {
  /** Who made the rows, where no market did. */
  readonly origin?: string | null
  readonly onProgress?: (fraction: number) => void
  readonly signal?: AbortSignal
}

/** Rows of one file after an append. */
interface PlannedFile extends Merge {
  readonly path: string
}

/** Market data in a folder of this machine. */
export class ParquetCandleStore implements CandleStore {
  readonly folder: string

  /** The folder need not exist: it is made by the first append. */
  constructor(folder: string) {
    this.folder = folder
  }

  async list(): Promise<readonly StoredSeries[]> {
    const series = await Promise.all(seriesIn(this.folder).map((id) => describeSeries(this.folder, id)))
    return series.filter((stored) => stored !== null)
  }

  async rows(id: SeriesId, range: TimeRange = {}): Promise<SeriesRows> {
    const parts: SeriesRows[] = []
    for (const file of requireFiles(this.folder, id).filter(({ partition }) => overlaps(partition, range))) parts.push(await readSeriesFile(id, file))
    return rowsWithin(concatRows(COLUMNS[id.kind], parts), range)
  }

  /** The `source` of the candles is the series; of made-up ones, who made them. */
  async candles(id: SeriesId, range: TimeRange = {}): Promise<CandleData> {
    const step = stepOf(id)
    if (step === null) throw new HedgerowError('CONFIG_INVALID', { where: seriesText(id), found: 'funding rates', expected: 'candles or marks', remedy: 'Read funding with rows().' })
    const files = requireFiles(this.folder, id).filter(({ partition }) => overlaps(partition, range))
    const grid = await loadGrid({ files, step, range, columns: COLUMNS[id.kind].length, read: (file) => readSeriesFile(id, file) })
    const [open, high, low, close, volume] = grid?.columns ?? []
    if (grid === null || open === undefined || high === undefined || low === undefined || close === undefined) throw nothingWithin(range, id, await spanOf(this.folder, id))
    const { start, length, gaps } = grid
    const synthetic = id.venue === SYNTHETIC
    const source = synthetic ? `${(await spanOf(this.folder, id))?.origin ?? SYNTHETIC}, ${id.symbol} ${id.timeframe}` : seriesText(id)
    return new CandleData({ start, step, length, open, high, low, close, volume: volume ?? volumeOfMarks(close) }, { source, gaps, synthetic })
  }

  async append(given: SeriesId, rows: SeriesRows, overlap: OverlapRule, options: AppendOptions = {}): Promise<AppendReport> {
    const id = seriesId(given)
    return await withLock(seriesFolder(this.folder, id), async () => {
      const plan: PlannedFile[] = []
      for (const part of split(rows, stepOf(id))) plan.push(await this.#plan(id, part, overlap))
      await writePlan(id, plan, { overlap, ...options })
      const sum = (key: 'added' | 'known' | 'differing'): number => plan.reduce((total, file) => total + file[key], 0)
      return { added: sum('added'), known: sum('known'), differing: sum('differing') }
    })
  }

  async #plan(id: SeriesId, { partition, rows }: { readonly partition: Partition; readonly rows: SeriesRows }, overlap: OverlapRule): Promise<PlannedFile> {
    const path = filePath(this.folder, id, partition.name)
    const stored = existsSync(path) ? await readSeriesFile(id, { path, partition }) : concatRows(COLUMNS[id.kind], [])
    const merge = mergeRows(stored, rows, overlap)
    if (overlap === 'fail' && merge.firstDiffering !== null) throw conflict(id, { stored, rows, merge })
    return { path, ...merge }
  }
}

async function writePlan(id: SeriesId, plan: readonly PlannedFile[], { overlap, origin = null, onProgress, signal }: AppendOptions & { readonly overlap: OverlapRule }): Promise<void> {
  for (const [index, { path, rows, added, differing }] of plan.entries()) {
    // Signals are told between two turns of the event loop.
    await new Promise((resolve) => { setImmediate(resolve) })
    if (signal?.aborted === true) throw new HedgerowError('RUN_INTERRUPTED', { where: seriesText(id), found: `${index} of ${plan.length} files stored`, expected: 'all of them', remedy: 'Start it again: it goes on where it stopped. What is stored is whole.' })
    if (added > 0 || (differing > 0 && overlap === 'replace')) writeWhole(path, [encodeRows(id, rows, origin)])
    onProgress?.((index + 1) / plan.length)
  }
}

function conflict(id: SeriesId, { stored, rows, merge }: { readonly stored: SeriesRows; readonly rows: SeriesRows; readonly merge: Merge }): HedgerowError {
  const at = merge.firstDiffering ?? { stored: 0, given: 0 }
  const more = merge.differing > 1 ? `; ${merge.differing - 1} more rows of that file differ` : ''
  return new HedgerowError('DATA_CONFLICT', { where: `${seriesText(id)}, ${timeText(cell(rows.time, at.given))}`, found: `${rowText(rows, at.given)}${more}`, expected: `${rowText(stored, at.stored)}, as it is stored` })
}

function nothingWithin({ start, end }: TimeRange, id: SeriesId, stored: SeriesSpan | null): HedgerowError {
  const range = `${start === undefined ? 'the beginning' : timeText(start)} to ${end === undefined ? 'the end' : timeText(end)}`
  return new HedgerowError('DATA_EMPTY', { where: seriesText(id), found: `nothing from ${range}`, expected: stored === null ? 'candles' : `a range within ${timeText(stored.first)} to ${timeText(stored.last)}`, remedy: `Choose another range, or import it: hedgerow data import FILE ${seriesFlags(id)}` })
}

/** Mark candles have no volume: zero, and nothing where there is no candle. */
function volumeOfMarks(close: Float64Array): Float64Array {
  return close.map((price) => (Number.isNaN(price) ? Number.NaN : 0))
}
