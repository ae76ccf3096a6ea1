/** Where the options of a run come from when each thread has to make them for itself: classes and functions cannot travel. */
import { decimalText, HedgerowError, isDecimal } from '@hedgerow/core'
import type { BacktestOptions, RouteInput } from '../backtest/options.ts'
import { readFlags } from '../config/flags.ts'
import { loadConfig } from '../config/load-config.ts'
import { loadRoutes } from '../config/load-request.ts'
import { strategyUrl } from '../config/modules.ts'
import { plainOptions, runRequest } from '../config/request.ts'
import { loadStrategy } from '../config/strategies.ts'
import type { MarketInputs } from './shared-market.ts'

/** A route whose strategy is named: a file (from the working directory), a `file:` URL, or an installed package. */
export interface SweepRoute extends Omit<RouteInput, 'strategy'> {
  readonly strategy: string | URL
}

/** What every run of a sweep has in common, but for the data: options of `backtest()` that are plain data. */
export type PlainOptions = Omit<BacktestOptions, 'routes' | keyof MarketInputs | 'onProgress' | 'onLog'>

/** The options of a run without its data. */
export type CommonOptions = Omit<BacktestOptions, keyof MarketInputs>

/** A recipe that a thread can follow. */
export type RunSource =
  | { readonly type: 'options'; readonly options: PlainOptions; readonly routes: readonly (Omit<SweepRoute, 'strategy'> & { readonly strategy: string })[] }
  /** A configuration with flags over it, as the command line has them. */
  | { readonly type: 'config'; readonly config: string | undefined; readonly flags: Readonly<Record<string, unknown>>; readonly cwd: string }

/**
 * The recipe of options that are given as values.
 *
 * @throws HedgerowError `UNKNOWN_STRATEGY`; `CONFIG_INVALID` for what cannot travel, such as a class.
 */
export function sourceOfOptions(options: PlainOptions, routes: readonly SweepRoute[]): RunSource {
  const urlOf = ({ strategy }: SweepRoute, index: number): string => {
    if (strategy instanceof URL) return strategy.href
    if (typeof strategy === 'string') return strategyUrl(strategy, process.cwd())
    throw unsendable(`routes[${index}].strategy`, 'a class', 'the file or package whose default export is the class, as text')
  }
  return { type: 'options', options: sendable(options, '') as PlainOptions, routes: routes.map((route, index) => ({ ...(sendable({ ...route, strategy: '' }, `routes[${index}]`) as SweepRoute), strategy: urlOf(route, index) })) }
}

/** Follows the recipe: loads configuration and strategies, and no data. */
export async function loadSource(source: RunSource): Promise<CommonOptions> {
  if (source.type === 'options') {
    const routes = await Promise.all(source.routes.map(async (route) => ({ ...route, strategy: await loadStrategy(route.strategy) })))
    return { ...source.options, routes }
  }
  const request = runRequest(await loadConfig(source.config, source.cwd), readFlags(source.flags), source.cwd)
  return { ...plainOptions(request), routes: await loadRoutes(request) }
}

/** A copy with decimals as texts, which `backtest()` reads as well. */
function sendable(value: unknown, key: string): unknown {
  if (isDecimal(value)) return decimalText(value)
  if (typeof value === 'function') throw unsendable(key, `a function, ${value.name}`, 'plain data')
  if (Array.isArray(value)) return value.map((item, index) => sendable(item, `${key}[${index}]`))
  if (typeof value !== 'object' || value === null) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw unsendable(key, `an object of class ${value.constructor.name}`, 'plain data')
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, sendable(item, key === '' ? name : `${key}.${name}`)]))
}

function unsendable(key: string, found: string, expected: string): HedgerowError {
  return new HedgerowError('CONFIG_INVALID', {
    where: `sweep options, ${key}`, found, expected,
    remedy: 'Runs of a sweep happen in other threads, which only plain data reaches. What is more goes into hedgerow.config.ts: `hedgerow sweep` has every thread load it.',
  })
}
