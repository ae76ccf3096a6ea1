/** What a run with less of a hedge is compared in: return, drawdown, time under water, costs, tail loss and margin, and what the hedge changed in each. */
import { decimalOfCount, type Decimal, type RunMetrics } from '@hedgerow/core'
import { ABSENT, countText, percentText, signedPercentText, signedText, type Maybe } from '../number-text.ts'

/** One line. */
export interface ComparedRow {
  /** Key in `result.json`. */
  readonly key: keyof RunMetrics
  readonly label: string
  readonly text: (metrics: RunMetrics) => string
  /** The run with its hedge less the run without, as a text with its sign; none where a difference says nothing. */
  readonly change: ((real: RunMetrics, other: RunMetrics) => string) | null
  /** What the hedge is for: more of it, or less. */
  readonly better: 'more' | 'less'
}

type Read = (metrics: RunMetrics) => Maybe
type Parts = Pick<ComparedRow, 'key' | 'label' | 'better'>

function row(parts: Parts, read: Read, { write, signed }: { readonly write: (value: Maybe) => string; readonly signed: (value: Maybe) => string }): ComparedRow {
  return { ...parts, text: (metrics) => write(read(metrics)), change: (real, other) => signed(difference(read(real), read(other))) }
}

function difference(a: Maybe, b: Maybe): Decimal | null {
  return a === null || b === null ? null : a.minus(b)
}

const MONEY = { write: (value: Maybe) => signedText(value), signed: (value: Maybe) => signedText(value) }
const RETURN = { write: (value: Maybe) => signedPercentText(value), signed: (value: Maybe) => signedPercentText(value) }
const SHARE = { write: (value: Maybe) => percentText(value), signed: (value: Maybe) => signedPercentText(value, 1) }
const DAYS = { write: (value: Maybe) => (value === null ? ABSENT : countText(value.toNumber())), signed: (value: Maybe) => signedText(value, 0) }

/** In the order in which they are read. */
export const COMPARED: readonly ComparedRow[] = [
  row({ key: 'totalReturn', label: 'Total return', better: 'more' }, ({ totalReturn }) => totalReturn, RETURN),
  row({ key: 'intradayMaxDrawdown', label: 'Max drawdown', better: 'more' }, ({ intradayMaxDrawdown }) => intradayMaxDrawdown, RETURN),
  row({ key: 'maxUnderwaterDays', label: 'Longest under water, days', better: 'less' }, ({ maxUnderwaterDays }) => decimalOfCount(maxUnderwaterDays), DAYS),
  row({ key: 'cvar95Hist', label: 'Tail loss, 95 %', better: 'more' }, ({ cvar95Hist }) => cvar95Hist, RETURN),
  row({ key: 'fees', label: 'Fees', better: 'more' }, ({ fees }) => fees.neg(), MONEY),
  row({ key: 'funding', label: 'Funding', better: 'more' }, ({ funding }) => funding, MONEY),
  row({ key: 'marginUtilisationTwa', label: 'Margin use, mean', better: 'less' }, ({ marginUtilisationTwa }) => marginUtilisationTwa, SHARE),
  row({ key: 'minLiquidationDistance', label: 'Nearest to liquidation', better: 'more' }, ({ minLiquidationDistance }) => minLiquidationDistance, SHARE),
  { key: 'count', label: 'Trades', better: 'more', text: ({ count }) => countText(count), change: null },
]
