/** Loads strategy classes, and reads the parameters that were typed for them. */
import { HedgerowError } from '@hedgerow/core'
import type { ParameterSchema } from '@hedgerow/strategy-sdk'
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
    where: path, found: found === undefined ? 'no default export' : typeof found === 'function' ? `the class or function ${found.name}` : `a default export of type ${typeof found}`,
    expected: 'export default class ... extends Strategy',
    remedy: 'Export the strategy class as the default of its module.',
  })
}

/** The schema of a strategy's parameters; null for a class that declares none. */
export function parameterSchema(strategy: StrategyClass): ParameterSchema | null {
  const params: unknown = 'params' in strategy ? strategy.params : null
  return isSchema(params) ? params : null
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

function isSchema(value: unknown): value is ParameterSchema {
  return typeof value === 'object' && value !== null && 'shape' in value && 'safeParse' in value
}
