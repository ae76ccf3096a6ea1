/** What every format is read into: fills and funding in the order of time, not folded yet. */
import type { Decimal, FillSource, Filled, Intent, Leg, Liquidity, PositionMode, Side, TimeMs } from '@hedgerow/core'
import type { RunWarning } from '../finished-run.ts'
import type { SourceFile } from './source-rows.ts'

interface RowPlace {
  /** File and row, for messages. */
  readonly where: string
  readonly at: TimeMs
  /** Unique in the file; a row that comes twice counts once. */
  readonly id: string
  readonly symbol: string
}

/** How a fill says which leg it changed. */
export type LegWord =
  /** The format names leg and intent. */
  | { readonly by: 'leg'; readonly leg: Leg; readonly intent: Intent }
  /** The side, and the part of the quantity that closed. */
  | { readonly by: 'closed-quantity'; readonly side: Side; readonly closed: Decimal }
  /** The side, and what the venue says that the fill realised, in hedge mode: a close realises something, unless it is at the entry price. */
  | { readonly by: 'realised'; readonly side: Side; readonly realised: Decimal }
  /** The side alone, of an account in one-way mode. */
  | { readonly by: 'side'; readonly side: Side }

/** A fill as it was exported. Money in quote units; a fee that was paid is positive. */
export interface ImportedFill extends RowPlace {
  readonly type: 'fill'
  readonly leg: LegWord
  readonly price: Decimal
  readonly qty: Decimal
  readonly fee: Decimal
  readonly liquidity: Liquidity
  readonly source: FillSource
  /** What it is when it closes. */
  readonly exit: Filled['role']
  /** Name of the order that filled; null where none is named. */
  readonly order: string | null
  /** What the export says that it realised, before fees; null where it does not say. */
  readonly realised: Decimal | null
  /** What the export says that the leg holds afterwards; null where it does not say. */
  readonly heldAfter: Decimal | null
  /** Of its leg; null where the export does not say. */
  readonly leverage: Decimal | null
}

/** Funding as it was exported: positive when received. What the export does not say is null. */
export interface ImportedFunding extends RowPlace {
  readonly type: 'funding'
  readonly amount: Decimal
  readonly leg: Leg | null
  readonly qty: Decimal | null
  readonly rate: Decimal | null
  readonly mark: Decimal | null
  /** What the other row of the same symbol and moment booked, where there are exactly two. */
  readonly beside: Decimal | null
}

/** One of both. */
export type ImportedRow = ImportedFill | ImportedFunding

/** An export, read. */
export interface ImportedFile {
  /** Oldest first. */
  readonly rows: readonly ImportedRow[]
  /** What the trades are filed under. */
  readonly strategy: string
  /** Of its bars; empty where there are none. */
  readonly timeframe: string
  /** Null where the export does not say. */
  readonly startingBalance: Decimal | null
  /** Null where only the fills tell. */
  readonly positionMode: PositionMode | null
  /** What the reader has to know. */
  readonly warnings: readonly RunWarning[]
}

/** What a reader may be told beside the files. */
export interface ImportOptions {
  readonly positionMode?: PositionMode | undefined
  /** Binance: rows of `/fapi/v1/income`. */
  readonly income?: SourceFile | undefined
  /** Quote units for one unit of an asset that fees were paid in. */
  readonly assetPrices?: ReadonlyMap<string, Decimal> | undefined
}

/** One format. */
export interface ImportFormat {
  /** As `--import` takes it. */
  readonly name: string
  /** As people call it. */
  readonly title: string
  /** True where another program simulated the fills. */
  readonly simulated: boolean
  readonly read: (files: readonly SourceFile[], options: ImportOptions) => ImportedFile
}

/** Rows in the order of time; rows of one moment keep the order in which the list has them. A row that comes twice stays once. */
export function inOrder<Row extends ImportedRow>(rows: readonly Row[]): readonly Row[] {
  const seen = new Set<string>()
  const once = rows.filter(({ type, id, symbol }) => {
    const key = `${type} ${symbol} ${id}`
    return !seen.has(key) && seen.add(key)
  })
  return once.toSorted((a, b) => a.at - b.at)
}

/** True for a list that begins with its newest row. */
export function isNewestFirst(times: readonly TimeMs[]): boolean {
  return (times[0] ?? 0) > (times.at(-1) ?? 0)
}
