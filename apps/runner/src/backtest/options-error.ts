/** Turns what the schema says about wrong options into one error that names key, value and expectation. */
import { decimalText, HedgerowError, isDecimal } from '@hedgerow/core'
import type { z } from '@hedgerow/core/zod'
import { CONFIG_KEYS } from '../config/keys.ts'

type Path = readonly PropertyKey[]

/** Names the place of a key, such as `hedgerow.config.ts, exchange.leverage`; of the whole where the key is empty. */
export type PlaceOfKey = (key: string) => string

/** `UNKNOWN_KEY` where a key is not known, else `CONFIG_INVALID` for the first wrong value, naming the other wrong keys too. */
export function optionsError({ issues }: z.ZodError, options: unknown, place: PlaceOfKey): HedgerowError {
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys')
  if (unknown !== undefined) {
    const [key = ''] = unknown.keys
    return new HedgerowError('UNKNOWN_KEY', { where: place(keyText(unknown.path)), found: keyText([...unknown.path, key]), expected: `one of ${keysAt(unknown.path).join(', ')}` })
  }
  const [first, ...others] = issues
  const more = others.length === 0 ? '' : ` (also wrong: ${[...new Set(others.map(({ path }) => keyText(path)))].join(', ')})`
  const path = first?.path ?? []
  return new HedgerowError('CONFIG_INVALID', { where: place(keyText(path)), found: valueText(valueAt(options, path)), expected: `${first === undefined ? 'a valid value' : expectationOf(first)}${more}` })
}

/** `routes[0].symbol` */
function keyText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('')
}

/** The documented keys under a path, without what is below them. */
function keysAt(path: Path): string[] {
  const prefix = path.map((part) => (typeof part === 'number' ? '[]' : `.${String(part)}`)).join('').replace(/^\./, '')
  const below = CONFIG_KEYS.flatMap(({ key }) => (prefix === '' ? [key] : key.startsWith(`${prefix}.`) ? [key.slice(prefix.length + 1)] : []))
  return [...new Set(below.map((key) => key.replace(/[.[].*$/, '')))]
}

/** Of a union: what each of its members expects. */
function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return [...new Set(issue.errors.flatMap(([first]) => (first === undefined ? [] : [expectationOf(first)])))].join(', or ')
  return issue.message.replace(/^(?:[A-Z][a-z ]+: )?expected /, '').replace(/^(.*), received \w+$/, '$1')
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null && key in at ? (at as Record<PropertyKey, unknown>)[key] : undefined), value)
}

function valueText(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (isDecimal(value)) return decimalText(value)
  if (typeof value === 'function') return `class ${value.name}`
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value).slice(0, 80)
}
