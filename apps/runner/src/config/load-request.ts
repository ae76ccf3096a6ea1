/** Loads what a request names: strategies, candles, funding and marks. */
import { fileURLToPath } from 'node:url'
import type { BacktestOptions, RouteInput, StrategyClass } from '../backtest/options.ts'
import { loadCandles, loadFunding, loadMarks } from '../data/load.ts'
import type { ConfigRoute } from './define-config.ts'
import { plainOptions, type RunRequest } from './request.ts'
import { loadStrategy, typedParameters } from './strategies.ts'

/** A request with everything loaded. */
export interface LoadedRequest {
  readonly options: BacktestOptions
  /** Paths of the strategies that were loaded from files. */
  readonly strategyFiles: readonly string[]
}

/**
 * Loads strategies first: they are quick to be wrong.
 *
 * @throws HedgerowError `MODULE_NOT_LOADED`, `UNKNOWN_STRATEGY`, `DATA_*`.
 */
export async function loadRequest(request: RunRequest): Promise<LoadedRequest> {
  const { config, params } = request
  const routes = await Promise.all(config.routes.map((route) => loadRoute(route, params)))
  const [candles, funding, marks] = await Promise.all([loadEach(config.candles, loadCandles), loadEach(config.funding ?? {}, (path, symbol) => loadFunding(path, { symbol })), loadEach(config.marks ?? {}, loadMarks)])
  return {
    options: { ...plainOptions(request), routes, candles, funding, marks },
    strategyFiles: [...new Set(config.routes.flatMap(({ strategy }) => (typeof strategy === 'string' ? [fileURLToPath(strategy)] : [])))],
  }
}

async function loadRoute({ strategy, ...route }: ConfigRoute, typed: RunRequest['params']): Promise<RouteInput> {
  const loaded: StrategyClass = typeof strategy === 'string' ? await loadStrategy(strategy) : strategy
  return { ...route, strategy: loaded, params: { ...route.params, ...typedParameters(loaded, typed) } }
}

/** Loads the files of a record by symbol; what is data already stays. */
async function loadEach<Given, Loaded>(inputs: Readonly<Record<string, string | Given>>, load: (path: string, symbol: string) => Promise<Loaded>): Promise<Record<string, Given | Loaded>> {
  const loaded = await Promise.all(Object.entries(inputs).map(async ([symbol, input]): Promise<[string, Given | Loaded]> => [symbol, typeof input === 'string' ? await load(input, symbol) : input]))
  return Object.fromEntries(loaded)
}
