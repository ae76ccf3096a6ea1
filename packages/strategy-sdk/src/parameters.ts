/** Parameters of a strategy: one zod schema for types, defaults, validation and the search space. */
import { HedgerowError } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { shown } from './shown.ts'

/** A schema of parameters: an object of named values, each with a default. */
export type ParameterSchema = z.ZodObject

/** The schema of a strategy that declares nothing. */
export type NoParameters = z.ZodObject<Record<string, never>>

/** No parameters at all. */
export const NO_PARAMETERS: NoParameters = z.object({})

/**
 * Reads parameters: what is left out takes its default.
 *
 * @throws HedgerowError `PARAMETER_INVALID` naming strategy, parameter, value, range and default.
 */
export function readParameters(schema: ParameterSchema, given: Readonly<Record<string, unknown>>, strategy: string): Readonly<Record<string, unknown>> {
  requireSchema(schema, strategy)
  const names = Object.keys(schema.shape)
  for (const name of Object.keys(given)) {
    if (!(name in schema.shape)) throw invalid(strategy, { name, found: 'an unknown parameter', expected: names.length > 0 ? `one of ${names.join(', ')}` : 'none: the strategy declares no parameters' })
  }
  // Read once a strategy: writing a parser for it, as the library would, takes longer than reading.
  const result = schema.safeParse(given, { jitless: true })
  if (result.success) return Object.freeze(result.data)
  const [issue] = result.error.issues
  const name = String(issue?.path[0] ?? 'params')
  const expected = (issue?.code === 'custom' ? null : expectationOf(schema, name)) ?? issue?.message ?? 'a valid value'
  throw invalid(strategy, { name, found: name in given ? shown(given[name]) : 'nothing', expected, cause: result.error })
}

/**
 * Refuses what is no schema of zod 4, of whatever copy of it.
 *
 * @throws HedgerowError `PARAMETER_INVALID`
 */
export function requireSchema(params: unknown, strategy: string): asserts params is ParameterSchema {
  const isSchema = typeof params === 'object' && params !== null && 'shape' in params && 'safeParse' in params
  // Zod 3 has the same methods, and nothing by which ranges could be read.
  if (isSchema && '_zod' in params) return
  throw new HedgerowError('PARAMETER_INVALID', {
    where: `strategy ${strategy}, static params`, found: isSchema ? 'a schema of zod 3' : shown(params), expected: 'a schema of an object, of zod 4',
    remedy: "Declare parameters with zod 4, as the SDK exports it: import { z } from '@hedgerow/strategy-sdk', static params = z.object({ fast: z.int().min(2).default(8) }).",
  })
}

/** One parameter, in words. */
export interface ParameterDescription {
  readonly name: string
  /** `an integer from 2 to 50`; null where its schema says no range. */
  readonly accepts: string | null
  /** The smallest and the largest number that it takes; null where there is no such end. */
  readonly min: number | null
  readonly max: number | null
  /** What `.meta({ step })` says: the distance of values that are worth a run each. Null where it says nothing. */
  readonly step: number | null
  /** All values of an enum or a flag; null for others. */
  readonly choices: readonly unknown[] | null
  /** Undefined for one that has to be given. */
  readonly fallback: unknown
  /** As its schema describes it; empty where it does not. */
  readonly meaning: string
}

/** What schemas say of themselves. Early releases of zod 4 keep it where this one does not look; a schema knows where. */
class Descriptions extends z.core.$ZodRegistry<z.core.GlobalMeta> {
  override get<S extends z.core.$ZodType>(schema: S): z.core.$replace<z.core.GlobalMeta, S> | undefined {
    return z.globalRegistry.get(schema) ?? (schema as { meta?: () => z.core.$replace<z.core.GlobalMeta, S> | undefined }).meta?.()
  }
}

const descriptions = new Descriptions()

/** A schema does not change, and each run of a sweep asks the same one. */
const described = new WeakMap<ParameterSchema, readonly ParameterDescription[]>()

/** The parameters of a schema, in its order. */
export function describeParameters(schema: ParameterSchema): readonly ParameterDescription[] {
  const known = described.get(schema) ?? descriptionsOf(schema)
  described.set(schema, known)
  return known
}

function descriptionsOf(schema: ParameterSchema): readonly ParameterDescription[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', metadata: descriptions })
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property !== 'object') return { name, accepts: null, min: null, max: null, step: null, choices: null, fallback: undefined, meaning: '' }
    return { name, accepts: rangeOf(property), min: property.minimum ?? null, max: property.maximum ?? null, step: stepOf(property), choices: property.enum ?? (property.type === 'boolean' ? [false, true] : null), fallback: property.default, meaning: property.description ?? '' }
  })
}

function stepOf({ step }: z.core.JSONSchema.BaseSchema): number | null {
  return typeof step === 'number' && step > 0 ? step : null
}

/** `an integer from 2 to 50, default 8` */
function expectationOf(schema: ParameterSchema, name: string): string | null {
  const found = describeParameters(schema).find((parameter) => parameter.name === name)
  if (found === undefined || found.accepts === null) return null
  return found.fallback === undefined ? found.accepts : `${found.accepts}, default ${shown(found.fallback)}`
}

function rangeOf({ type, enum: choices, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: z.core.JSONSchema.BaseSchema): string | null {
  if (choices !== undefined) return `one of ${choices.map(shown).join(', ')}`
  if (typeof type !== 'string') return null
  const low = minimum === undefined ? (exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`) : ` from ${minimum}`
  const high = maximum === undefined ? (exclusiveMaximum === undefined ? '' : ` below ${exclusiveMaximum}`) : ` to ${maximum}`
  return `${type === 'integer' ? 'an' : 'a'} ${type}${low}${high}`
}

interface Fault {
  readonly name: string
  readonly found: string
  readonly expected: string
  readonly cause?: unknown
}

function invalid(strategy: string, { name, found, expected, cause }: Fault): HedgerowError {
  return new HedgerowError('PARAMETER_INVALID', { where: `strategy ${strategy}, parameter ${name}`, found, expected, cause })
}
