/** What the data commands have in common: flags, the data folder, and how they fail. */
import { HedgerowError, isHedgerowError, parseTimeframe, timeText, type SeriesKind, type TimeMs } from '@hedgerow/core'
import { parseTimeText } from '../data/time-text.ts'
import { countText } from '@hedgerow/report/run'
import { paintFor } from '../output/paint.ts'
import type { PartialId } from '../store/file-name.ts'
import { KINDS } from '../store/series.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { errorReport } from './report-error.ts'

/** Flags that name a series and a range, as commander gives them. */
export interface DataFlags {
  readonly data?: string
  readonly venue?: string
  readonly symbol?: string
  readonly kind?: string
  readonly timeframe?: string
  readonly start?: string
  readonly end?: string
  readonly json?: boolean
}

/** The parts of a series that flags name. Throws `USAGE_INVALID`, `TIMEFRAME_INVALID`. */
export function idOfFlags({ venue, symbol, kind, timeframe }: DataFlags): PartialId {
  const found = kind === undefined ? undefined : KINDS.find((name) => name === kind)
  if (kind !== undefined && found === undefined) throw new HedgerowError('USAGE_INVALID', { where: '--kind', found: `"${kind}"`, expected: KINDS.join(', ') })
  const parts: { venue: string | undefined; symbol: string | undefined; kind: SeriesKind | undefined; timeframe: string | undefined } = { venue, symbol, kind: found, timeframe: timeframe === undefined ? undefined : parseTimeframe(timeframe).text }
  return parts
}

/** A moment that a flag names. Throws `USAGE_INVALID`. */
export function momentOfFlag(flag: string, text: string | undefined): TimeMs | undefined {
  if (text === undefined) return undefined
  const at = /^\d{9,}$/.test(text) ? Number(text) : parseTimeText(text)
  if (!Number.isFinite(at)) throw new HedgerowError('USAGE_INVALID', { where: flag, found: `"${text}"`, expected: 'an ISO date such as 2025-05-04, or ms UTC' })
  return at
}

/** What only another command line can mend. */
const USAGE: ReadonlySet<string> = new Set(['USAGE_INVALID', 'TIMEFRAME_INVALID', 'CONFIG_INVALID', 'LIVE_UNSUPPORTED'])

/** Runs a command; what goes wrong is printed. */
export async function reporting(command: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await command()
  } catch (error) {
    process.stderr.write(errorReport(error, paintFor(process.stderr)))
    if (!isHedgerowError(error)) return EXIT.runFailed
    return error.code === 'RUN_INTERRUPTED' ? EXIT.interrupted : USAGE.has(error.code) ? EXIT.usage : EXIT.runFailed
  }
}

/** `2025-05-04T15:33Z to 2025-06-24T10:32Z` */
export function spanText(first: TimeMs, last: TimeMs): string {
  return `${timeText(first)} to ${timeText(last)}`
}

/** `2 gaps, 1,440 minutes, the longest from ... to ...`, or `none`. */
export function gapText(gaps: readonly { readonly from: TimeMs; readonly to: TimeMs; readonly minutes: number }[]): string {
  const [longest] = gaps.toSorted((a, b) => b.minutes - a.minutes)
  if (longest === undefined) return 'none'
  const minutes = gaps.reduce((sum, gap) => sum + gap.minutes, 0)
  return `${countText(gaps.length)} of ${countText(Math.round(minutes))} minutes${gaps.length > 1 ? '; the longest' : ''}, ${spanText(longest.from, longest.to)}`
}

/** `label     text` under a title. */
export function factLine(label: string, text: string): string {
  return `  ${label.padEnd(12)}${text}\n`
}
