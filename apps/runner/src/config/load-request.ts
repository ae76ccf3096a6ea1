/** Loads what a request names: strategies, candles, funding and marks. */
import { fileURLToPath } from 'node:url'
import { DEFAULT_WARMUP, parseRange } from '../backtest/options-schema.ts'
import type { BacktestOptions, RouteInput, StrategyClass } from '../backtest/options.ts'
import { readCandles } from '../data/inputs.ts'
import { loadCandles, loadFunding, loadMarks } from '../data/load.ts'
import type { CandleOrigin } from '../output/run-sources.ts'
import type { StoredInputs } from '../store/stored-inputs.ts'
import { symbolsOf, type ConfigRoute } from './define-config.ts'
import { plainOptions, type RunRequest } from './request.ts'
import { loadStrategy, typedParameters } from './strategies.ts'

/** A request with everything loaded. */
export interface LoadedRequest {
  readonly options: BacktestOptions
  /** Paths of the strategies that were loaded from files. */
  readonly strategyFiles: readonly string[]
  /** By symbol: where its candles came from. */
  readonly origins: Readonly<Record<string, CandleOrigin>>
}

/**
 * Loads strategies first: they are quick to be wrong.
 *
 * @throws HedgerowError `MODULE_NOT_LOADED`, `UNKNOWN_STRATEGY`, `DATA_*`.
 */
export async function loadRequest(request: RunRequest): Promise<LoadedRequest> {
  const { config } = request
  const routes = await loadRoutes(request)
  const [given, funding, marks, indexes] = await Promise.all([loadEach(config.candles ?? {}, loadCandles), loadEach(config.funding ?? {}, (path, symbol) => loadFunding(path, { symbol })), loadEach(config.marks ?? {}, loadMarks), loadEach(config.indexes ?? {}, loadMarks)])
  const { origins, ...inputs } = await withStored(request, { candles: given, funding, marks })
  return {
    options: { ...plainOptions(request), routes, indexes, ...inputs }, origins,
    strategyFiles: [...new Set(config.routes.flatMap(({ strategy }) => (typeof strategy === 'string' ? [fileURLToPath(strategy)] : [])))],
  }
}

/** The routes alone, with their strategies. Throws `MODULE_NOT_LOADED`, `UNKNOWN_STRATEGY`. */
export async function loadRoutes({ config, params }: RunRequest): Promise<readonly RouteInput[]> {
  return await Promise.all(config.routes.map((route) => loadRoute(route, params)))
}

type Inputs = Pick<BacktestOptions, 'candles'> & Required<Pick<BacktestOptions, 'funding' | 'marks'>>

/** Adds what the data folder has of symbols without candles; funding and marks that were given stay. */
async function withStored({ config, data: folder, place }: RunRequest, given: Inputs): Promise<Inputs & Pick<LoadedRequest, 'origins'>> {
  const origins: Record<string, CandleOrigin> = Object.fromEntries(Object.entries(config.candles ?? {}).map(([symbol, input]) => [symbol, typeof input === 'string' ? { file: input } : null]))
  const named = [...config.routes, ...(config.dataRoutes ?? [])]
  const symbols = [...new Set(named.flatMap(symbolsOf))].filter((symbol) => !Object.hasOwn(given.candles, symbol))
  if (symbols.length === 0) return { ...given, origins }
  const { storedInputs } = await import('../store/stored-inputs.ts')
  const steps = Object.entries(given.candles).map(([symbol, input]) => readCandles(symbol, input).columns.step)
  const stored = await storedInputs({
    folder, venue: config.data?.venue, symbols, timeframes: named.map(({ timeframe }) => timeframe), step: steps[0], warmupCandles: config.warmupCandles ?? DEFAULT_WARMUP,
    range: parseRange(config, place),
  })
  const { candles, funding, marks }: { -readonly [Key in keyof Inputs]: Record<string, Inputs[Key][string]> } = { candles: { ...given.candles }, funding: {}, marks: {} }
  for (const [symbol, inputs] of stored) {
    candles[symbol] = inputs.candles
    origins[symbol] = storedOrigin(folder, inputs)
    if (inputs.funding !== null) funding[symbol] = inputs.funding
    if (inputs.marks !== null) marks[symbol] = inputs.marks
  }
  return { candles, funding: { ...funding, ...given.funding }, marks: { ...marks, ...given.marks }, origins }
}

function storedOrigin(folder: string, { series: { venue, timeframe }, candles: { start, step, length } }: StoredInputs): CandleOrigin {
  return { folder, venue, timeframe: timeframe ?? '', start, end: start + length * step }
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
