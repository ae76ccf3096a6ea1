/** Lays the flags over the configuration: what to run, with every path absolute and every strategy found, and nothing loaded yet. */
import { resolve } from 'node:path'
import { HedgerowError } from '@hedgerow/core'
import type { PlaceOfKey } from '../backtest/options-error.ts'
import type { BacktestOptions } from '../backtest/options.ts'
import { dataFolder } from '../store/data-folder.ts'
import { symbolsOf, type ConfigRoute, type HedgerowConfig } from './define-config.ts'
import { flagOfKey, type FileFlag, type FileKey, type FlagLayer } from './flags.ts'
import type { LoadedConfig } from './load-config.ts'
import { strategyUrl } from './modules.ts'
import { EXAMPLE_CONFIG, EXAMPLE_FLAGS } from './starting.ts'

/** A run as it was asked for. Texts among data are absolute paths, texts among strategies are URLs. */
export interface RunRequest {
  /** Where a key was set, as errors name it. */
  readonly place: PlaceOfKey
  readonly config: HedgerowConfig
  /** Parameters that were typed: they beat those of every route. */
  readonly params: Readonly<Record<string, string>>
  /** Folder for the result; null to write nothing. */
  readonly out: string | null
  /** Data folder, absolute. */
  readonly data: string
}

const FILE_KEYS: readonly FileKey[] = ['candles', 'funding', 'marks', 'indexes']

/**
 * Flags beat the configuration. `--timeframe`, `--strategy` and `--param` are for all of its routes. `--symbol` keeps its routes on that
 * symbol, or moves its only route there.
 *
 * @throws HedgerowError `CONFIG_MISSING` where there is neither, `USAGE_INVALID`, `UNKNOWN_STRATEGY`, `UNKNOWN_SYMBOL`.
 */
export function runRequest(loaded: LoadedConfig | null, flags: FlagLayer, cwd: string): RunRequest {
  const base = loaded === null ? configOfFlags(flags, cwd) : withFoundFiles(loaded)
  const routes = routesOf(base.routes, flags, cwd)
  const symbols = [...new Set([...routes, ...(base.dataRoutes ?? [])].flatMap(symbolsOf))]
  const config = FILE_KEYS.reduce((current, key) => withFiles(current, { key, files: flags.files[key], symbols, cwd, narrow: flags.symbols.length > 0 }), { ...base, routes })
  const set = withValues(config, flags.values)
  return {
    place: placeOfKey(loaded, flags), config: set, params: flags.params, out: outOf(set, loaded, flags, cwd), data: dataOf(set, loaded, flags, cwd),
  }
}

/** The flag, where one set the key. */
function placeOfKey(loaded: LoadedConfig | null, { values }: FlagLayer): PlaceOfKey {
  const source = loaded?.name ?? 'command line'
  return (key) => (values.has(key) ? flagOfKey(key) : null) ?? (key === '' ? source : `${source}, ${key}`)
}

/** The start of a configuration that flags alone describe. */
function configOfFlags({ symbols, timeframe, strategy, files, values }: FlagLayer, cwd: string): HedgerowConfig {
  const needed = { '--strategy': strategy, '--symbol': symbols[0], '--timeframe': timeframe }
  const missing = Object.entries(needed).flatMap(([flag, value]) => (value === undefined ? [flag] : []))
  if (missing.length === 3 && files.candles.length === 0 && values.size === 0) throw new HedgerowError('CONFIG_MISSING', { where: cwd, found: 'no hedgerow.config.ts and no flags', expected: 'one of the two', remedy: TWO_WAYS })
  if (missing.length > 0) throw new HedgerowError('USAGE_INVALID', { where: 'command line', found: `no hedgerow.config.ts, and no ${missing.join(', ')}`, expected: Object.keys(needed).join(', '), remedy: TWO_WAYS })
  return { routes: [{ symbol: symbols[0] ?? '', timeframe: timeframe ?? '', strategy: strategy ?? '' }] }
}

const TWO_WAYS = `Start in one of two ways.

1. Write hedgerow.config.ts in this folder and run \`hedgerow backtest\`:

${EXAMPLE_CONFIG}

2. Pass flags:

${EXAMPLE_FLAGS}

\`hedgerow backtest --help\` explains every flag.`

/** The configuration with paths that start at its folder made absolute. */
function withFoundFiles({ config, folder }: LoadedConfig): HedgerowConfig {
  const found = <T>(files: Readonly<Record<string, T | string>>): Record<string, T | string> =>
    Object.fromEntries(Object.entries(files).map(([symbol, file]) => [symbol, typeof file === 'string' ? resolve(folder, file) : file]))
  return {
    ...config,
    routes: config.routes.map((route) => ({ ...route, strategy: typeof route.strategy === 'string' ? strategyUrl(route.strategy, folder) : route.strategy })),
    ...(config.candles === undefined ? {} : { candles: found(config.candles) }),
    ...(config.funding === undefined ? {} : { funding: found(config.funding) }),
    ...(config.marks === undefined ? {} : { marks: found(config.marks) }),
    ...(config.indexes === undefined ? {} : { indexes: found(config.indexes) }),
  }
}

function routesOf(routes: readonly ConfigRoute[], { symbols, timeframe, strategy }: FlagLayer, cwd: string): readonly ConfigRoute[] {
  const url = strategy === undefined ? undefined : strategyUrl(strategy, cwd)
  return onSymbols(routes, symbols).map((route) => ({ ...route, ...(timeframe === undefined ? {} : { timeframe }), ...(url === undefined ? {} : { strategy: url }) }))
}

function onSymbols(routes: readonly ConfigRoute[], symbols: readonly string[]): readonly ConfigRoute[] {
  if (symbols.length === 0) return routes
  const [first, second] = routes
  const kept = symbols.flatMap((symbol) => {
    const own = routes.filter((route) => symbolsOf(route).includes(symbol))
    if (own.length > 0 || first === undefined) return own
    if (second === undefined && first.symbols === undefined) return [{ ...first, symbol }]
    throw new HedgerowError('UNKNOWN_SYMBOL', { where: '--symbol', found: `"${symbol}"`, expected: `one of ${[...new Set(routes.flatMap(symbolsOf))].join(', ')}, the symbols of the routes` })
  })
  return [...new Set(kept)]
}

interface FileLayer {
  readonly key: FileKey
  readonly files: readonly FileFlag[]
  /** Symbols of the routes and data routes. */
  readonly symbols: readonly string[]
  readonly cwd: string
  /** Symbols were chosen by flags: files of others are left out. */
  readonly narrow: boolean
}

function withFiles(config: HedgerowConfig, { key, files, symbols, cwd, narrow }: FileLayer): HedgerowConfig {
  const kept = Object.entries(config[key] ?? {}).filter(([symbol]) => !narrow || symbols.includes(symbol))
  const given = files.map(({ symbol, path }): [string, string] => {
    const [only, second] = symbols
    if (symbol === null && (only === undefined || second !== undefined)) {
      throw new HedgerowError('USAGE_INVALID', { where: `--${key}`, found: `"${path}" and the symbols ${symbols.join(', ')}`, expected: `one file a symbol: --${key} ${only ?? 'ETHUSDT'}=${path}`, remedy: 'Write the symbol before the file.' })
    }
    return [symbol ?? only ?? '', resolve(cwd, path)]
  })
  return { ...config, [key]: Object.fromEntries([...kept, ...given]) }
}

/** Sets values by key path. */
function withValues(config: HedgerowConfig, values: ReadonlyMap<string, unknown>): HedgerowConfig {
  return [...values].reduce((current, [key, value]) => ({ ...current, ...setAt({ ...current }, key.split('.'), value) }), config)
}

function setAt(target: Readonly<Record<string, unknown>>, [key = '', ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  const inner = target[key]
  return { ...target, [key]: rest.length === 0 ? value : setAt(typeof inner === 'object' && inner !== null ? { ...inner } : {}, rest, value) }
}

function outOf({ out }: HedgerowConfig, loaded: LoadedConfig | null, { values }: FlagLayer, cwd: string): string | null {
  if (out === undefined) return null
  return resolve(values.has('out') || loaded === null ? cwd : loaded.folder, out)
}

/** A folder that the file names starts there; any other at the working directory, as the data commands have it. */
function dataOf({ data }: HedgerowConfig, loaded: LoadedConfig | null, { values }: FlagLayer, cwd: string): string {
  return dataFolder(data?.folder, data?.folder === undefined || values.has('data.folder') || loaded === null ? cwd : loaded.folder)
}

/** The options of `backtest()` that need no loading. */
export function plainOptions({ config: { routes: _routes, candles: _candles, funding: _funding, marks: _marks, indexes: _indexes, data: _data, out: _out, live: _live, ...plain } }: RunRequest): Omit<BacktestOptions, 'routes' | 'candles' | 'funding' | 'marks' | 'indexes'> {
  return plain
}
