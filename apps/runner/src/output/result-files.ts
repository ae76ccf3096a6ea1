/** The files of a result: their names and what they hold, as texts in pieces. */
import { decimalText, type Decimal, type EquityPoint, type Filled, type TimeMs, type Trade } from '@hedgerow/core'
import { candlesFileOf, COURSE_TEXTS, courseRows, POSITION_COLUMNS, type FinishedRun } from '@hedgerow/report/run'
import { csvLines, type CsvColumn } from './csv.ts'
import type { ParquetTable } from './parquet-table.ts'

/** What the files of a run are written from. A `BacktestResult` is one. */
export interface WritableRun extends Pick<FinishedRun, 'trades' | 'events' | 'equity' | 'positions' | 'course' | 'markets'> {
  /** The events in canonical JSON, one a line, without line ends. */
  readonly eventLines: () => Iterable<string>
  /** The content of `result.json`. */
  readonly toJSON: () => Readonly<Record<string, unknown>>
}

/** One file of a result. */
export interface ResultFile {
  readonly name: string
  /** Its content, piece by piece. */
  readonly pieces: (result: WritableRun) => Iterable<string>
}

const TRADE_COLUMNS: readonly CsvColumn<Trade>[] = [
  number('id', ({ id }) => id), text('strategy', ({ strategy }) => strategy), text('symbol', ({ symbol }) => symbol), text('leg', ({ leg }) => leg),
  money('qty', ({ qty }) => qty), money('entryPrice', ({ entryPrice }) => entryPrice), money('exitPrice', ({ exitPrice }) => exitPrice),
  money('grossPnl', ({ grossPnl }) => grossPnl), money('fees', ({ fees }) => fees), money('funding', ({ funding }) => funding), money('netPnl', ({ netPnl }) => netPnl),
  money('pnlPercentage', ({ pnlPercentage }) => pnlPercentage),
  ...moment<Trade>('openedAt', ({ openedAt }) => openedAt), ...moment<Trade>('closedAt', ({ closedAt }) => closedAt), number('holdingMs', ({ holdingMs }) => holdingMs),
  text('exitReason', ({ exitReason }) => exitReason), money('mae', ({ mae }) => mae), money('mfe', ({ mfe }) => mfe), money('peakNotional', ({ peakNotional }) => peakNotional),
  text('orders', ({ orders }) => orders.join(' ')),
]

const FILL_COLUMNS: readonly CsvColumn<Filled>[] = [
  text('fillId', ({ fillId }) => fillId), text('orderId', ({ orderId }) => (orderId === null ? '' : String(orderId))), ...moment<Filled>('at', ({ at }) => at),
  text('symbol', ({ symbol }) => symbol), text('leg', ({ leg }) => leg), text('intent', ({ intent }) => intent), text('role', ({ role }) => role),
  money('price', ({ price }) => price), money('qty', ({ qty }) => qty), money('fee', ({ fee }) => fee), text('liquidity', ({ liquidity }) => liquidity), text('source', ({ source }) => source),
]

const EQUITY_COLUMNS: readonly CsvColumn<EquityPoint>[] = [
  ...moment<EquityPoint>('at', ({ at }) => at), money('equity', ({ equity }) => equity), money('long', ({ long }) => long), money('short', ({ short }) => short),
]

/** Decimals in fixed notation, times in ms UTC and as ISO text. */
export const RESULT_FILES: readonly ResultFile[] = [
  { name: 'result.json', pieces: (result) => [`${JSON.stringify(result, null, 2)}\n`] },
  { name: 'trades.csv', pieces: ({ trades }) => csvLines(TRADE_COLUMNS, trades) },
  { name: 'fills.csv', pieces: ({ events }) => csvLines(FILL_COLUMNS, events.filter((event) => event.type === 'order.filled')) },
  { name: 'equity.csv', pieces: ({ equity }) => csvLines(EQUITY_COLUMNS, equity) },
  { name: 'positions.csv', pieces: ({ positions }) => csvLines(POSITION_COLUMNS, positions) },
  { name: 'course.csv', pieces: ({ course }) => csvLines(COURSE_TEXTS, courseRows(course)) },
  { name: 'candles.json', pieces: ({ markets }) => [`${JSON.stringify(candlesFileOf(markets))}\n`] },
  { name: 'events.jsonl', pieces: eventLines },
]

/** A table of a result as a Parquet file. */
export interface ParquetFile {
  readonly name: string
  readonly bytes: (result: WritableRun, table: ParquetTable) => Uint8Array
}

/** The tables once more, for programs that analyse them. */
export const PARQUET_FILES: readonly ParquetFile[] = [
  { name: 'trades.parquet', bytes: ({ trades }, table) => table(TRADE_COLUMNS, trades) },
  { name: 'fills.parquet', bytes: ({ events }, table) => table(FILL_COLUMNS, events.filter((event) => event.type === 'order.filled')) },
  { name: 'equity.parquet', bytes: ({ equity }, table) => table(EQUITY_COLUMNS, equity) },
  { name: 'positions.parquet', bytes: ({ positions }, table) => table(POSITION_COLUMNS, positions) },
]

/** Names of the files of a result; those of Parquet tables are there where they were asked for. */
export const RESULT_FILE_NAMES: readonly string[] = RESULT_FILES.map(({ name }) => name)

/** Names of the Parquet tables. */
export const PARQUET_FILE_NAMES: readonly string[] = PARQUET_FILES.map(({ name }) => name)

/** What ran, then everything that happened; the journal hash is taken over the lines after the first. */
function* eventLines(result: WritableRun): Generator<string> {
  const { header, journalHash } = result.toJSON()
  yield `${JSON.stringify({ type: 'run.header', ...(typeof header === 'object' ? header : {}), journalHash })}\n`
  for (const line of result.eventLines()) yield `${line}\n`
}

function text<Row>(name: string, read: (row: Row) => string): CsvColumn<Row> {
  return { name, text: read }
}

function money<Row>(name: string, read: (row: Row) => Decimal): CsvColumn<Row> {
  return text(name, (row) => decimalText(read(row)))
}

function number<Row>(name: string, read: (row: Row) => number): CsvColumn<Row> {
  return text(name, (row) => String(read(row)))
}

/** `openedAtMs` and `openedAt`. */
function moment<Row>(name: string, read: (row: Row) => TimeMs): readonly CsvColumn<Row>[] {
  return [number(`${name}Ms`, read), text(name, (row) => new Date(read(row)).toISOString())]
}
