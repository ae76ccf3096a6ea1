/** The summary of a run: what ran, what to beware of, and the metrics of both legs and the account. */
import { DAY_MS, timeText, type OpenPosition, type TimeMs } from '@hedgerow/core'
import type { PathRun } from '../backtest/path-bracket.ts'
import type { BacktestResult, RunHeader } from '../backtest/result.ts'
import { counterfactualLines } from './counterfactual-table.ts'
import { curveLines } from './curve-lines.ts'
import { METRIC_ROWS, type ColumnReading } from './metric-rows.ts'
import { ABSENT, countText, exactText, plainText, signedPercentText, signedText, type Criticism } from '@hedgerow/report/run'
import type { Paint } from './paint.ts'
import { tableLines, type TableRow, type TableWidths } from './table.ts'
import { wordWrapped } from './word-wrap.ts'

/** What the summary says beside the result. */
export interface SummaryOptions {
  readonly paint: Paint
  /** Folder that the files were written to; null when nothing was. */
  readonly folder: string | null
  /** Names of the files in it. */
  readonly files: readonly string[]
  /** What is to be said against the run. What is severe is said here; the report has all of it. */
  readonly criticism?: readonly Criticism[]
  /** Columns of the screen; 80 where nobody looks at one. */
  readonly columns?: number
}

/** Narrower is cut by the terminal, wider is hard to read. */
const NARROWEST = 60
const WIDEST = 100
const USUAL = 80
const TABLE_LABEL = 26
const HEAD_LABEL = 11
const INDENT = 2

/** How the sections are written. */
interface Layout {
  readonly paint: Paint
  /** Characters of a line, the indent left out. */
  readonly width: number
}

/** The summary as lines that fit the screen, where names allow it. */
export function summaryText(result: BacktestResult, options: SummaryOptions): string {
  const layout = { paint: options.paint, width: Math.min(WIDEST, Math.max(NARROWEST, options.columns ?? USUAL)) - INDENT }
  const sections = [
    headLines(result, layout), warningLines(result, layout), curveLines(result, { ...layout, label: HEAD_LABEL }), metricLines(result, layout), refusedLines(result, layout), openLines(result.openPositions, layout),
    counterfactualLines(result, layout), criticismLines(options, layout), fileLines(options, layout),
  ]
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.map((line) => `  ${line}`.trimEnd()).join('\n')).join('\n\n')}\n`
}

function headLines({ header, equity, metrics, bracket }: BacktestResult, layout: Layout): string[] {
  const end = equity.at(-1)?.equity ?? header.startingBalance
  return [
    ...header.routes.flatMap((route) => headLine('Strategy', [routeText(route), legsText(route.legs), ...paramTexts(route.params)], layout)),
    ...headLine('Venue', [header.profile, `${header.positionMode} mode`, `${header.marginMode} margin`, `leverage ${leverageText(header)}`, feesText(header)], layout),
    ...headLine('Window', [`${minuteText(header.start)} to ${minuteText(header.end)} UTC`, daysText(header.end - header.start)], layout),
    ...header.data.flatMap((row) => headLine('Data', [`${row.symbol} from ${row.source}`, `${countText(row.candles)} candles`], layout)),
    ...headLine('Balance', [`${plainText(header.startingBalance)} to ${plainText(end)} (${signedPercentText(metrics.totalReturn)})`], layout),
    ...(bracket === null ? [] : headLine('Bracket', [pathText('O-L-H-C', bracket.olhc), pathText('O-H-L-C', bracket.ohlc)], layout)),
  ]
}

/** Columns of equal width in what the labels leave. */
function tableWidths(width: number, columns: number): TableWidths {
  return { label: TABLE_LABEL, cell: Math.min(16, Math.floor((width - TABLE_LABEL) / columns)) }
}

function pathText(path: string, { endingBalance, metrics }: PathRun): string {
  return `${plainText(endingBalance)} (${signedPercentText(metrics.totalReturn)}) along ${path}`
}

/** A label and its parts, wrapped to the width; a repeated label is not a problem, a cut-off value would be. */
function headLine(label: string, parts: readonly string[], { paint, width }: Layout): string[] {
  const lines = wrapped(parts.filter((part) => part !== ''), width - HEAD_LABEL)
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

function warningLines({ warnings }: BacktestResult, { paint, width }: Layout): string[] {
  return warnings.flatMap(({ code, text }) => wordWrapped(`${code}: ${text}`, width - 2).map((line, index) => paint('warning', `${index === 0 ? '!' : ' '} ${line}`)))
}

function metricLines(result: BacktestResult, { paint, width }: Layout): string[] {
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
  return [...tableLines([head, 'rule', ...rows], tableWidths(width, columns.length)), ...(notes.length > 0 ? ['', ...notes.map((line) => paint('quiet', line))] : [])]
}

function footnotes({ isAbsent, lowSample, isOpen }: Readonly<Record<'isAbsent' | 'lowSample' | 'isOpen', boolean>>): string[] {
  return [
    ...(lowSample ? ['* from fewer than 30 daily returns: says little'] : []),
    ...(isAbsent ? [`${ABSENT} does not exist: nothing to count, or nothing to divide by`] : []),
    ...(isOpen ? ['Trades are closed round trips; legs that are still open are not among them.'] : []),
  ]
}

/** Orders that never stood: nothing else in the summary tells a strategy that had nothing to do from one that was not let. */
function refusedLines({ events }: BacktestResult, layout: Layout): string[] {
  const lines = (label: string, type: 'order.denied' | 'order.rejected'): string[] => {
    const codes = new Map<string, number>()
    for (const event of events) if (event.type === type) codes.set(event.code, (codes.get(event.code) ?? 0) + 1)
    const parts = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${countText(count)}`)
    return parts.length === 0 ? [] : headLine(label, parts, layout)
  }
  return [...lines('Denied', 'order.denied'), ...lines('Rejected', 'order.rejected')]
}

function openLines(positions: readonly OpenPosition[], { paint, width }: Layout): string[] {
  if (positions.length === 0) return []
  const rows = positions.map((position): TableRow => ({
    label: `${position.symbol} ${position.leg}`,
    cells: [exactText(position.qty), plainText(position.entryPrice, 4), plainText(position.price, 4), signedText(position.netPnl)].map((text) => ({ text })),
  }))
  const head: TableRow = { label: 'Open at the end', cells: ['qty', 'entry', 'price', 'net pnl'].map((text) => ({ text })) }
  const [title = '', ...lines] = tableLines([head, ...rows], { label: 20, cell: Math.min(14, Math.floor((width - 20) / 4)) })
  return [paint('title', title), ...lines]
}

/** The warnings at the top have said these. */
const SAID: ReadonlySet<string> = new Set(['synthetic', 'liquidated'])
const MOST_HEADLINES = 2

/** What unmakes the result, in at most three lines. */
function criticismLines({ criticism = [], folder }: SummaryOptions, { paint, width }: Layout): string[] {
  const severe = criticism.filter(({ id, severity }) => severity === 'severe' && !SAID.has(id))
  if (severe.length === 0) return []
  const others = criticism.length - Math.min(severe.length, MOST_HEADLINES)
  const more = others === 0 ? 'How it was found, and what to do' : `${others} more, and what to do`
  return [
    ...severe.slice(0, MOST_HEADLINES).map(({ headline }) => paint('warning', cut(`✖ ${headline}`, width))),
    paint('quiet', `  ${more}: ${folder === null ? 'make the page with --report FILE.html' : `hedgerow report ${folder}`}`),
  ]
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1).trimEnd()}…`
}

function fileLines({ folder, files }: SummaryOptions, layout: Layout): string[] {
  return folder === null ? [] : [...headLine('Files', [folder], layout), ...wrapped(files, layout.width - HEAD_LABEL - 1).map((line, index, lines) => `${' '.repeat(HEAD_LABEL)}${line}${index < lines.length - 1 ? ',' : ''}`)]
}
