/** Runs trials one after the other over options and data that they share. */
import { assembleResult } from '../backtest/assemble.ts'
import { composeBacktest } from '../backtest/compose.ts'
import { withDriver } from '../backtest/drivers.ts'
import { parseBacktestOptions } from '../backtest/options-schema.ts'
import type { BacktestOptions, RouteInput } from '../backtest/options.ts'
import { withPaths } from '../backtest/path-bracket.ts'
import { parameterSchema } from '../config/strategies.ts'
import { present } from '../present.ts'
import { sendError, sendResult, type Collect, type SentOutcome, type Trial } from './trial.ts'

/** A runner of trials: what fails is an outcome like any other. */
export class TrialRunner {
  readonly #options: BacktestOptions
  readonly #collect: Collect

  constructor(options: BacktestOptions, collect: Collect) {
    this.#options = options
    this.#collect = collect
  }

  async run(trial: Trial): Promise<SentOutcome> {
    try {
      const settings = await withDriver(parseBacktestOptions(optionsOf(this.#options, trial)))
      const composed = composeBacktest(settings)
      composed.engine.run()
      const result = assembleResult(composed)
      // Metrics say nothing of the runs along both extremes of the path.
      return sendResult(this.#collect === 'result' ? withPaths(result, settings) : result, this.#collect)
    } catch (error) {
      return { status: 'failed', error: sendError(error) }
    }
  }
}

/** The options of one trial. What no strategy declares goes to the first route, whose strategy refuses it by name. */
function optionsOf(options: BacktestOptions, { params, start, end }: Trial): BacktestOptions {
  const { routes } = options
  const orphans = Object.keys(params).filter((name) => !routes.some((route) => declares(route, name)))
  return {
    ...options, ...present({ start, end }),
    routes: routes.map((route, index) => {
      const own = Object.entries(params).filter(([name]) => declares(route, name) || (index === 0 && orphans.includes(name)))
      return { ...route, params: { ...route.params, ...Object.fromEntries(own) } }
    }),
  }
}

function declares({ strategy }: RouteInput, name: string): boolean {
  const schema = parameterSchema(strategy)
  return schema !== null && name in schema.shape
}
