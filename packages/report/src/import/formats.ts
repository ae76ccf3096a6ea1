/** The formats that fills can be imported from. */
import { HedgerowError } from '@hedgerow/core'
import { readBinance } from './binance.ts'
import { readBybit } from './bybit.ts'
import { readFreqtrade } from './freqtrade.ts'
import type { ImportFormat } from './imported-file.ts'
import { readPassivbot } from './passivbot.ts'

/** By the name that `--import` takes. */
export const IMPORT_FORMATS: readonly ImportFormat[] = [
  { name: 'bybit', title: 'Bybit', simulated: false, read: readBybit },
  { name: 'binance', title: 'Binance', simulated: false, read: readBinance },
  { name: 'freqtrade', title: 'freqtrade', simulated: true, read: readFreqtrade },
  { name: 'passivbot', title: 'passivbot', simulated: true, read: readPassivbot },
]

/** The format of a name. Throws `USAGE_INVALID` listing what there is. */
export function importFormat(name: string): ImportFormat {
  const format = IMPORT_FORMATS.find((each) => each.name === name)
  if (format === undefined) throw new HedgerowError('USAGE_INVALID', { where: '--import', found: `"${name}"`, expected: `one of ${IMPORT_FORMATS.map((each) => each.name).join(', ')}`, remedy: 'docs/report-imports.md describes the formats.' })
  return format
}
