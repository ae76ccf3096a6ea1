/** What the name of a file says of the series in it. */
import { basename } from 'node:path'
import { parseTimeframe, timeText, type SeriesId, type SeriesKind, type SeriesRows } from '@hedgerow/core'

/** What is known of a series so far. */
export type PartialId = { readonly [Key in keyof SeriesId]?: SeriesId[Key] | undefined }

/** `binance-usdm_ETHUSDT_1m_...`, `..._mark_1h_...`, `..._funding_...`: as {@link exportName} writes them. */
const OURS = /^([a-z][a-z0-9.-]*)_([A-Za-z0-9.-]+)(?:_(mark|marks|funding))?(?:_(\d+[smhdDwW]))?(?=[_.]|$)/
/** `ETHUSDT-1m-2025-05.csv`, `ETHUSDT_1m.csv`, `ETHUSDT-fundingRate-2025-05.csv`. */
const COMMON = /^([A-Z0-9]{5,20})[-_](?:(\d+[smhdDwW])|(fundingRate|funding))(?=[-_.]|$)/

/** The parts of the name that can be read. */
export function idOfName(path: string): PartialId {
  const name = basename(path)
  const common = COMMON.exec(name)
  if (common !== null) return common[3] === undefined ? { symbol: common[1], timeframe: timeframeOf(common[2]) } : { symbol: common[1], kind: 'funding' }
  const [, venue, symbol, kind, timeframe] = OURS.exec(name) ?? []
  if (kind === undefined && timeframe === undefined) return {}
  return { venue, symbol, kind: KINDS[kind ?? ''], timeframe: timeframeOf(timeframe) }
}

/** `binance-usdm_ETHUSDT_mark_1h_2025-05-04_2025-06-24` */
export function exportName({ venue, symbol, kind, timeframe }: SeriesId, { time }: SeriesRows): string {
  return [venue, symbol, ...(kind === 'candles' ? [] : [kind === 'marks' ? 'mark' : kind]), ...(timeframe === null ? [] : [timeframe]), dayOf(time[0]), dayOf(time.at(-1))].join('_')
}

function dayOf(at: number | undefined): string {
  return timeText(at ?? 0).slice(0, 10)
}

const KINDS: Readonly<Record<string, SeriesKind>> = { mark: 'marks', marks: 'marks', funding: 'funding' }

function timeframeOf(text: string | undefined): string | undefined {
  return text === undefined || Number.parseInt(text, 10) === 0 ? undefined : parseTimeframe(text).text
}
