/** Reads the flags that set configuration keys. */
import { HedgerowError } from '@hedgerow/core'
import { CONFIG_KEYS, type ConfigKey, type KeyFlag } from './keys.ts'

/** A file for a symbol; without one the file is for the only symbol of the run. */
export interface FileFlag {
  readonly symbol: string | null
  readonly path: string
}

/** What the command line says, to be laid over a configuration. */
export interface FlagLayer {
  /** Values by key path, such as `exchange.leverage`. */
  readonly values: ReadonlyMap<string, unknown>
  readonly symbols: readonly string[]
  readonly timeframe: string | undefined
  readonly strategy: string | undefined
  /** Parameters as they were typed. */
  readonly params: Readonly<Record<string, string>>
  readonly files: Readonly<Record<FileKey, readonly FileFlag[]>>
}

/** Keys that name files by symbol. */
export type FileKey = 'candles' | 'funding' | 'marks' | 'indexes'

/** Keys that are not set as plain values. */
const APART = new Set(['routes[].symbol', 'routes[].timeframe', 'routes[].strategy', 'routes[].params', 'candles.<symbol>', 'funding.<symbol>', 'marks.<symbol>', 'indexes.<symbol>'])

/** `--position-mode <mode>` without its value. */
export function flagName({ flags }: KeyFlag): string {
  return flags.split(' ', 1)[0] ?? flags
}

/** The flag that sets a key, if there is one. */
export function flagOfKey(key: string): string | null {
  const flag = CONFIG_KEYS.find((row) => row.key === key)?.flag
  return flag === undefined ? null : flagName(flag)
}

/**
 * @param given Values by attribute name, as commander gives them (`positionMode` for `--position-mode`).
 * @throws HedgerowError `USAGE_INVALID` naming the flag.
 */
export function readFlags(given: Readonly<Record<string, unknown>>): FlagLayer {
  const textOf = (key: string): string | undefined => texts(given, key).at(-1)
  const values = new Map<string, unknown>()
  for (const row of CONFIG_KEYS) {
    const text = APART.has(row.key) ? undefined : textOf(row.key)
    if (text !== undefined) values.set(row.key, readValue(row, text))
  }
  const filesOf = (key: FileKey): FileFlag[] => texts(given, `${key}.<symbol>`).map(readFile)
  return {
    values, symbols: texts(given, 'routes[].symbol'), timeframe: textOf('routes[].timeframe'), strategy: textOf('routes[].strategy'),
    params: Object.fromEntries(texts(given, 'routes[].params').map(readParameter)),
    files: { candles: filesOf('candles'), funding: filesOf('funding'), marks: filesOf('marks'), indexes: filesOf('indexes') },
  }
}

/** What was given for the flag of a key, in order. */
function texts(given: Readonly<Record<string, unknown>>, key: string): string[] {
  const flag = flagOfKey(key)
  if (flag === null) return []
  const value = given[attributeOf(flag)]
  if (Array.isArray(value)) return value.map(String)
  if (value === true) return ['true']
  return typeof value === 'string' ? [value] : []
}

/** `--position-mode` is `positionMode`. */
function attributeOf(flag: string): string {
  return flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function readValue({ flag }: ConfigKey, text: string): unknown {
  if (flag === undefined) return text
  const { read, expected } = READERS[flag.reads]
  const value = flag.choices?.includes(text) === false ? undefined : read(text)
  if (value === undefined) throw new HedgerowError('USAGE_INVALID', { where: flagName(flag), found: `"${text}"`, expected: flag.choices?.join(' or ') ?? expected })
  return value
}

/** How the text of a flag becomes a value; undefined where it does not. */
interface Reader {
  readonly expected: string
  readonly read: (text: string) => unknown
}

const AS_IT_IS: Reader = { expected: 'a text', read: (text) => text }

const READERS: Readonly<Record<KeyFlag['reads'], Reader>> = {
  text: AS_IT_IS,
  list: AS_IT_IS,
  'whole number': { expected: 'a whole number', read: (text) => (/^-?\d+$/.test(text) ? Number(text) : undefined) },
  number: { expected: 'a number from 0, such as 5 or 2.5', read: (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined) },
  switch: { expected: 'no value', read: (text) => (text === 'true' ? true : undefined) },
  moment: { expected: 'an ISO date or ms UTC', read: (text) => (/^\d{6,}$/.test(text) ? Number(text) : text) },
  fee: { expected: 'one rate, or maker,taker', read: readFee },
  leverage: { expected: 'one number, or long,short', read: readLeverage },
  slippage: { expected: 'profile, none, a number of ticks such as 2ticks, of basis points such as 1.5bps, or an impact such as 0.5impact', read: readSlippage },
}

function readFee(text: string): unknown {
  const [maker = '', taker, ...more] = text.split(',')
  if (more.length > 0) return undefined
  return taker === undefined ? maker : { maker, taker }
}

function readLeverage(text: string): unknown {
  const [long = '', short, ...more] = text.split(',')
  if (more.length > 0) return undefined
  return short === undefined ? long : { long, short }
}

function readSlippage(text: string): unknown {
  if (text === 'profile' || text === 'none') return text
  const [, size = '', unit] = /^(\d+(?:\.\d+)?)(ticks?|bps|impact)$/.exec(text) ?? []
  if (unit === undefined) return undefined
  if (unit === 'impact') return { impact: size }
  return unit === 'bps' ? { bps: size } : { ticks: Number(size) }
}

function readParameter(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new HedgerowError('USAGE_INVALID', { where: '--param', found: `"${text}"`, expected: 'name=value, such as fast=8' })
  return [text.slice(0, at), text.slice(at + 1)]
}

/** `ETHUSDT=eth.csv.gz`, or a file alone; a file whose name holds `=` is written with its symbol. */
function readFile(text: string): FileFlag {
  const [, symbol, path] = /^([A-Za-z0-9_-]+)=(.+)$/.exec(text) ?? []
  return symbol === undefined || path === undefined ? { symbol: null, path: text } : { symbol, path }
}
