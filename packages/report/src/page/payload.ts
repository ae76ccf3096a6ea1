/** Unpacks what the page carries. */
import { unpackCandles, type PriceColumns } from '../shared/candle-bytes.ts'
import { unpackColumn } from '../shared/column.ts'
import type { CandleRef, ColumnRef, Columns, PageData } from '../shared/page-data.ts'

/** Columns by name. */
export type Table<Name extends string> = Readonly<Record<Name, Float64Array>>

/** The data with the block that its references point into. */
export class Payload<Data = PageData> {
  readonly data: Data
  readonly #block: Uint8Array

  constructor(data: Data, block: Uint8Array) {
    this.data = data
    this.#block = block
  }

  column(ref: ColumnRef): Float64Array {
    return unpackColumn(this.#bytes(ref), ref)
  }

  candles(ref: CandleRef): PriceColumns {
    return unpackCandles(this.#bytes(ref), ref)
  }

  table<Name extends string>(columns: Columns<Name>): Table<Name> {
    return Object.fromEntries(Object.entries<ColumnRef>(columns).map(([name, ref]) => [name, this.column(ref)])) as Record<Name, Float64Array>
  }

  #bytes({ at, bytes }: ColumnRef): Uint8Array {
    return this.#block.subarray(at, at + bytes)
  }
}

/** Reads the two script elements of the page. */
export async function readPayload<Data>(): Promise<Payload<Data>> {
  const data = JSON.parse(textOf('data')) as Data
  const packed = Uint8Array.from(atob(textOf('block')), (character) => character.charCodeAt(0))
  const block = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
  return new Payload(data, new Uint8Array(block))
}

function textOf(id: string): string {
  return document.getElementById(id)?.textContent ?? ''
}
