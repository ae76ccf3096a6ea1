/** Loads strategy classes, and reads the parameters that were typed for them. */
import { HedgerowError } from '@hedgerow/core'
import { requireSchema, type ParameterSchema } from '@hedgerow/strategy-sdk'
import { fileURLToPath } from 'node:url'
import type { z } from '@hedgerow/core/zod'
import type { StrategyClass } from '../backtest/options.ts'
import { defaultExport } from './modules.ts'

/**
 * The class that a module exports by default.
 *
 * @param url As `strategyUrl` gives it.
 * @throws HedgerowError `MODULE_NOT_LOADED`, `UNKNOWN_STRATEGY` when the default export is no strategy.
 */
export async function loadStrategy(url: string): Promise<StrategyClass> {
  const path = fileURLToPath(url)
  const found = await defaultExport(url, path)
  if (isStrategyClass(found)) return found
  throw new HedgerowError('UNKNOWN_STRATEGY', {
    where: path, found: shownExport(found),
    expected: 'export default class ... extends Strategy',
    remedy: 'Export the strategy class as the default of its module.',
  })
}

/** A file without any export is a CommonJS module for Node, whose default export is an empty object. */
function shownExport(found: unknown): string {
  if (found === undefined || (typeof found === 'object' && found !== null && Object.keys(found).length === 0)) return 'no default export'
  if (typeof found === 'function') return `the class or function ${found.name}`
  return found === null ? 'null as the default export' : `a default export of type ${typeof found}`
}

/**
 * The schema of a strategy's parameters; null for a class that declares none.
 *
 * @throws HedgerowError `PARAMETER_INVALID` for parameters that are no schema.
 */
export function parameterSchema(strategy: StrategyClass): ParameterSchema | null {
  const params: unknown = 'params' in strategy ? strategy.params : null
  if (params === null || params === undefined) return null
  requireSchema(params, strategy.name)
  return params
}

/** Typed parameters as values: the text where the schema takes a text, else the number, boolean or JSON that it spells. */
export function typedParameters(strategy: StrategyClass, texts: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const schema = parameterSchema(strategy)
  const takesText = (name: string, text: string): boolean => {
    // Alone: the whole may have rules between its parameters.
    const field = schema?.shape[name] as z.ZodType | undefined
    return field?.safeParse(text).success === true
  }
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, takesText(name, text) ? text : valueOf(text)]))
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** By shape, never by `instanceof`: the strategy may come with its own copy of the SDK. */
function isStrategyClass(value: unknown): value is StrategyClass {
  if (typeof value !== 'function') return false
  const prototype: unknown = value.prototype
  return typeof prototype === 'object' && prototype !== null && ['start', 'bar', 'handle', 'end'].every((method) => method in prototype)
}
