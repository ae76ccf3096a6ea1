/** Candles that were checked: what a run trades on. */
import { createHash } from 'node:crypto'
import type { CandleColumns, TimeMs } from '@hedgerow/core'

/** Candles that the source lacks. */
export interface CandleGap {
  /** Start of the first missing candle. */
  readonly from: TimeMs
  /** Start of the next candle that exists. */
  readonly to: TimeMs
  readonly minutes: number
}

/** A dense grid of checked candles; missing ones are rows of NaN and listed as gaps. Treat it as frozen: it may be shared between runs. */
export class CandleData implements CandleColumns {
  readonly start: TimeMs
  readonly step: number
  readonly length: number
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
  /** Where the candles come from, for people: a path, or `synthetic (seed 1)`. */
  readonly source: string
  readonly gaps: readonly CandleGap[]
  /** True for candles that no market printed. */
  readonly synthetic: boolean
  #hash: string | null

  /** `hash` where it is known already. */
  constructor(columns: CandleColumns, origin: { readonly source: string; readonly gaps: readonly CandleGap[]; readonly synthetic?: boolean; readonly hash?: string }) {
    this.start = columns.start
    this.step = columns.step
    this.length = columns.length
    this.open = columns.open
    this.high = columns.high
    this.low = columns.low
    this.close = columns.close
    this.volume = columns.volume
    this.source = origin.source
    this.gaps = origin.gaps
    this.synthetic = origin.synthetic ?? false
    this.#hash = origin.hash ?? null
  }

  /** SHA-256 over start, step and the columns (little-endian doubles, open to volume), in hex; computed when it is first asked for. */
  get hash(): string {
    return (this.#hash ??= hashOf(this))
  }
}

function hashOf({ start, step, open, high, low, close, volume }: CandleColumns): string {
  const hash = createHash('sha256').update(`${start} ${step}\n`)
  for (const column of [open, high, low, close, volume]) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
  return hash.digest('hex')
}
