/** The ranges that strategies declare for their parameters, for whoever asks whether a value lies at an edge. */
import type { ParameterRange } from '@hedgerow/report/run'
import { describeParameters } from '@hedgerow/strategy-sdk'
import { parameterSchema } from '../config/strategies.ts'
import type { StrategyClass } from './options.ts'

type Ranges = Readonly<Record<string, ParameterRange>>

/** Schemas never change, and reading one costs more than a short run. */
const known = new WeakMap<StrategyClass, Ranges>()

/** By parameter, where the schema of the class says an end. */
export function parameterRanges(strategy: StrategyClass): Ranges {
  const before = known.get(strategy)
  if (before !== undefined) return before
  const schema = parameterSchema(strategy)
  const ranges = Object.fromEntries((schema === null ? [] : describeParameters(schema)).flatMap(({ name, min, max }) => (min === null && max === null ? [] : [[name, { min, max }]])))
  known.set(strategy, ranges)
  return ranges
}
