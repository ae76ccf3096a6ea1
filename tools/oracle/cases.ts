/** Reads a file of oracle cases. */
import { tierTable } from '@hedgerow/core'
import { z } from 'zod'
import type { JsonValue } from './compare.ts'
import type { OracleContext } from './op.ts'

/** One case. `input` is checked by the adapter of its op. */
export interface OracleCase {
  readonly id: string
  readonly op: string
  readonly input: unknown
  readonly expected: Readonly<Record<string, JsonValue>>
}

/** A file of cases, with what their inputs refer to. */
export interface OracleFile {
  readonly cases: readonly OracleCase[]
  readonly context: OracleContext
}

const Json: z.ZodType<JsonValue> = z.json()
const Tier = z.tuple([z.string(), z.string(), z.string(), z.string()])
const File = z.object({
  schema_version: z.literal(1),
  tiers: z.record(z.string(), z.array(Tier)).default({}),
  cases: z.array(z.object({
    id: z.string().min(1),
    op: z.string().min(1),
    input: z.record(z.string(), z.unknown()),
    expected: z.record(z.string(), Json).refine((expected) => Object.keys(expected).length > 0, 'expects nothing, so it proves nothing'),
  })).min(1),
})

/** Parses the text of a file. Throws an error that names the file and the place. */
export function parseCases(text: string, name: string): OracleFile {
  const parsed = File.safeParse(parseJson(text, name))
  if (!parsed.success) throw new Error(`${name} is not a file of oracle cases:\n${z.prettifyError(parsed.error)}`)
  const { cases, tiers } = parsed.data
  return { cases, context: { tiers: (table) => tierTable(table, rowsOf(tiers, table)) } }
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${name} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function rowsOf<Row>(tiers: Readonly<Record<string, readonly Row[]>>, table: string): readonly Row[] {
  const rows = Object.hasOwn(tiers, table) ? tiers[table] : undefined
  if (rows === undefined) throw new Error(`the file has no tier table "${table}"; it has ${Object.keys(tiers).join(', ') || 'none'}`)
  return rows
}
