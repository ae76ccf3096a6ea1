/** `this.vars`: restored at the start of a run, and journalled at the end of each bar that has changed them. */
import { HedgerowError, type StrategyContext } from '@hedgerow/core'
import type { ParameterSchema } from './parameters.ts'
import { shown } from './shown.ts'

type Json = null | boolean | number | string | readonly Json[] | JsonObject

interface JsonObject { readonly [key: string]: Json }

/** The variables of one strategy, and what the journal knows of them. */
export class KeptVars {
  readonly #context: StrategyContext
  readonly #vars: object
  #kept: JsonObject

  /**
   * Brings the variables of an earlier run back into `vars`, where there are any.
   *
   * @throws HedgerowError `PARAMETER_INVALID` for variables that the schema does not take.
   */
  constructor(context: StrategyContext, vars: object, schema: ParameterSchema) {
    this.#context = context
    this.#vars = vars
    const saved = context.savedVars()
    if (saved !== null) Object.assign(vars, restored(saved, schema, context.name))
    this.#kept = copyOf(vars, `strategy ${context.name}, vars`)
    if (saved !== null) context.saveVars(this.#kept)
  }

  /** Journals the variables if they have changed. @throws HedgerowError `DECLARATION_INVALID` for a value that is no JSON. */
  keep(): void {
    if (isSame(this.#vars, this.#kept)) return
    this.#kept = copyOf(this.#vars, `strategy ${this.#context.name}, vars`)
    this.#context.saveVars(this.#kept)
  }
}

function restored(saved: Readonly<Record<string, unknown>>, schema: ParameterSchema, strategy: string): object {
  const unknown = Object.keys(saved).find((name) => !(name in schema.shape))
  if (unknown !== undefined) throw new HedgerowError('PARAMETER_INVALID', { where: `strategy ${strategy}, vars`, found: `a saved ${unknown}`, expected: `only ${Object.keys(schema.shape).join(', ') || 'nothing: the strategy declares no vars'}` })
  const result = schema.safeParse(saved)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new HedgerowError('PARAMETER_INVALID', { where: `strategy ${strategy}, vars.${issue?.path.join('.') ?? ''}`, found: shown(saved), expected: issue?.message ?? 'saved vars of this strategy', cause: result.error })
}

/** A copy of an object of plain JSON; keys without a value are left out. */
function copyOf(value: object, where: string): JsonObject {
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, jsonOf(item, `${where}.${key}`)]])))
}

function jsonOf(value: unknown, where: string): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return value
  if (Array.isArray(value)) return value.map((item, index) => jsonOf(item, `${where}[${index}]`))
  if (isPlain(value)) return copyOf(value, where)
  throw new HedgerowError('DECLARATION_INVALID', { where, found: shown(value), expected: 'JSON: finite numbers, texts, booleans, null, lists and plain objects', remedy: 'Keep in vars what survives a restart as text; other values belong in class fields.' })
}

/** Compares without making anything: it runs on every bar. */
function isSame(value: unknown, kept: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return value === kept
  if (typeof kept !== 'object' || kept === null) return false
  if (isList(kept)) return Array.isArray(value) && value.length === kept.length && value.every((item, index) => isSame(item, kept[index]))
  const now = value as Readonly<Record<string, unknown>>
  for (const key in kept) if (!Object.hasOwn(now, key) || now[key] === undefined || !isSame(now[key], kept[key])) return false
  for (const key in now) if (now[key] !== undefined && Object.hasOwn(now, key) && !Object.hasOwn(kept, key)) return false
  return true
}

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value)
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
}
