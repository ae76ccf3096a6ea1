/** The summary of a run: what ran, what to beware of, and the metrics of both legs and the account. */
import { DAY_MS, timeText, type OpenPosition, type TimeMs } from '@hedgerow/core'
import type { BacktestResult, RunHeader } from '../backtest/result.ts'
import { counterfactualLines } from './counterfactual-table.ts'
import { METRIC_ROWS, type ColumnReading } from './metric-rows.ts'
import { ABSENT, countText, exactText, plainText, signedPercentText, signedText } from './number-text.ts'
import type { Paint } from './paint.ts'
import { tableLines, type TableRow } from './table.ts'

/** What the summary says beside the result. */
export interface SummaryOptions {
  readonly paint: Paint
  /** Folder that the files were written to; null when nothing was. */
  readonly folder: string | null
  /** Names of the files in it. */
  readonly files: readonly string[]
}

/** Readable at 80 columns. */
const WIDTH = 80
const TABLE = { label: 26, cell: 16 }
const HEAD_LABEL = 11

/** The summary as lines of at most 80 columns, where names allow it. */
export function summaryText(result: BacktestResult, options: SummaryOptions): string {
  const { paint } = options
  const sections = [headLines(result, paint), warningLines(result, paint), metricLines(result, paint), openLines(result.openPositions, paint), counterfactualLines(result, paint), fileLines(options)]
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.map((line) => `  ${line}`.trimEnd()).join('\n')).join('\n\n')}\n`
}

function headLines({ header, equity, metrics }: BacktestResult, paint: Paint): string[] {
  const end = equity.at(-1)?.equity ?? header.startingBalance
  return [
    ...header.routes.flatMap((route) => headLine('Strategy', [routeText(route), legsText(route.legs), ...paramTexts(route.params)], paint)),
    ...headLine('Venue', [header.profile, `${header.positionMode} mode`, `${header.marginMode} margin`, `leverage ${leverageText(header)}`, feesText(header)], paint),
    ...headLine('Window', [`${minuteText(header.start)} to ${minuteText(header.end)} UTC`, daysText(header.end - header.start)], paint),
    ...header.data.flatMap((row) => headLine('Data', [`${row.symbol} from ${row.source}`, `${countText(row.candles)} candles`], paint)),
    ...headLine('Balance', [`${plainText(header.startingBalance)} to ${plainText(end)} (${signedPercentText(metrics.totalReturn)})`], paint),
  ]
}

/** A label and its parts, wrapped to the width; a repeated label is not a problem, a cut-off value would be. */
function headLine(label: string, parts: readonly string[], paint: Paint): string[] {
  const lines = wrapped(parts.filter((part) => part !== ''), WIDTH - HEAD_LABEL - 2)
  return lines.map((line, index) => `${paint('quiet', (index === 0 ? label : '').padEnd(HEAD_LABEL))}${line}`)
}

function wrapped(parts: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + part.length + 2 <= width) lines[lines.length - 1] = `${last}, ${part}`
    else lines.push(part)
  }
  return lines
}

/** A route that has no name of its own is already called after its symbol where there are several. */
function routeText({ name, symbol, timeframe }: RunHeader['routes'][number]): string {
  const market = `${symbol} ${timeframe}`
  return name.endsWith(market) ? name : `${name} on ${market}`
}

function legsText(legs: readonly string[]): string {
  return legs.length === 2 ? '' : `${legs.join(' and ')} leg only`
}

function paramTexts(params: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(params).map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
}

function leverageText({ leverage: { long, short } }: RunHeader): string {
  return long.eq(short) ? exactText(long) : `${exactText(long)} long, ${exactText(short)} short`
}

function feesText({ fee }: RunHeader): string {
  return `fees ${exactText(fee.maker.times(100))} % maker and ${exactText(fee.taker.times(100))} % taker`
}

/** `2023-10-02 05:30` */
function minuteText(at: TimeMs): string {
  return timeText(at).replace('T', ' ').replace('Z', '')
}

function daysText(ms: number): string {
  const days = ms / DAY_MS
  return days === 1 ? '1 day' : `${days >= 10 ? Math.round(days) : Math.round(days * 10) / 10} days`
}

function warningLines({ warnings }: BacktestResult, paint: Paint): string[] {
  return warnings.flatMap(({ code, text }) => wordWrapped(`${code}: ${text}`, WIDTH - 4).map((line, index) => paint('warning', `${index === 0 ? '!' : ' '} ${line}`)))
}

function wordWrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function metricLines(result: BacktestResult, paint: Paint): string[] {
  const { metrics, legs, openPositions } = result
  const { lowSample } = metrics
  const columns: readonly ColumnReading[] = [{ column: 'long', metrics: legs.long.metrics, result }, { column: 'short', metrics: legs.short.metrics, result }, { column: 'total', metrics, result }]
  const rows = METRIC_ROWS.filter((row) => row === 'gap' || row.when === undefined || row.when(result)).map((row): TableRow => row === 'gap' ? row : {
    label: row.needsSample === true && lowSample ? `${row.label} *` : row.label,
    cells: columns.map((reading) => (row.accountOnly === true && reading.column !== 'total' ? { text: '' } : row.cell(reading, paint))),
  })
  const head: TableRow = { label: '', cells: columns.map(({ column }) => ({ text: column, paint: (aligned) => paint('title', aligned) })) }
  const isAbsent = rows.some((row) => typeof row !== 'string' && row.cells.some(({ text }) => text === ABSENT))
  const notes = footnotes({ isAbsent, lowSample, isOpen: openPositions.length > 0 })
  return [...tableLines([head, 'rule', ...rows], TABLE), ...(notes.length > 0 ? ['', ...notes.map((line) => paint('quiet', line))] : [])]
}

function footnotes({ isAbsent, lowSample, isOpen }: Readonly<Record<'isAbsent' | 'lowSample' | 'isOpen', boolean>>): string[] {
  return [
    ...(lowSample ? ['* from fewer than 30 daily returns: says little'] : []),
    ...(isAbsent ? [`${ABSENT} does not exist: nothing to count, or nothing to divide by`] : []),
    ...(isOpen ? ['Trades are closed round trips; legs that are still open are not among them.'] : []),
  ]
}

function openLines(positions: readonly OpenPosition[], paint: Paint): string[] {
  if (positions.length === 0) return []
  const rows = positions.map((position): TableRow => ({
    label: `${position.symbol} ${position.leg}`,
    cells: [exactText(position.qty), plainText(position.entryPrice, 4), plainText(position.price, 4), signedText(position.netPnl)].map((text) => ({ text })),
  }))
  const head: TableRow = { label: 'Open at the end', cells: ['qty', 'entry', 'price', 'net pnl'].map((text) => ({ text })) }
  const [title = '', ...lines] = tableLines([head, ...rows], { label: 20, cell: 14 })
  return [paint('title', title), ...lines]
}

function fileLines({ folder, files, paint }: SummaryOptions): string[] {
  return folder === null ? [] : [...headLine('Files', [folder], paint), ...wrapped(files, WIDTH - HEAD_LABEL - 2).map((line) => `${' '.repeat(HEAD_LABEL)}${line}`)]
}
