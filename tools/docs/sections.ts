/** The generated sections of the documentation, by name: each is made from the one place where its facts live. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ERRORS, type ErrorFamily } from '@hedgerow/core'
import { CONFIG_KEYS } from 'hedgerow'
import { z } from 'zod'
import { CORE_LAYERS, PACKAGES, type PackageRule } from '../boundaries.ts'
import { ROOT } from './markdown.ts'

/** Makes each section. */
export const SECTIONS: Readonly<Record<string, () => string>> = {
  'configuration-keys': configurationTable,
  errors: errorTables,
  packages: packageDrawing,
  'package-table': packageTable,
  layers: layerDrawing,
}

const FAMILIES: Readonly<Record<ErrorFamily, string>> = {
  config: 'What was passed in is wrong: options, data, a strategy. The run does not start, or stops.',
  denied: 'Hedgerow refused an order before it was sent. The run goes on; the strategy hears of it in `onOrder`.',
  rejected: 'The venue refused an order, or dropped it later. The run goes on; the strategy hears of it in `onOrder`.',
  connectivity: 'The outcome of an order is not known yet. For live trading: no backtest meets one.',
  invariant: 'A bug in Hedgerow or in a driver. The run stops.',
}

function errorTables(): string {
  const rows = Object.entries(ERRORS)
  const families = Object.entries(FAMILIES).map(([family, meaning]) => {
    const own = rows.filter(([, row]) => row.family === family)
    const table = own.length === 0 ? [] : ['', '| code | what happened | what to do |', '|---|---|---|', ...own.map(([code, { what, remedy }]) => `| \`${code}\` | ${cell(what)} | ${cell(remedy)} |`)]
    return [`## ${family}`, '', meaning, ...table].join('\n')
  })
  return families.join('\n\n')
}

function configurationTable(): string {
  const rows = CONFIG_KEYS.map(({ key, flag, default: fallback, meaning }) => `| ${codeCell(key)} | ${codeCell(flag?.flags)} | ${codeCell(fallback)} | ${cell(meaning)} |`)
  return ['| key | flag | default | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

const manifest = z.object({
  name: z.string(),
  description: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
})

interface DrawnPackage extends PackageRule {
  readonly folder: string
  readonly description: string
  /** Workspace packages that the manifest really names. */
  readonly uses: readonly string[]
}

function drawnPackages(): readonly DrawnPackage[] {
  return Object.entries(PACKAGES).map(([folder, rule]) => {
    const { description, dependencies, peerDependencies } = manifest.parse(JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')))
    const named = { ...dependencies, ...peerDependencies }
    return { ...rule, folder, description, uses: rule.workspace.filter((name) => name in named) }
  })
}

/** Arrows that another path does not already say. */
function packageDrawing(): string {
  const drawn = drawnPackages()
  const usesOf = new Map(drawn.map(({ name, uses }) => [name, uses]))
  const reaches = (from: string, to: string): boolean => (usesOf.get(from) ?? []).some((next) => next === to || reaches(next, to))
  const arrows = drawn.flatMap(({ name, uses }) => uses
    .filter((to) => !uses.some((other) => other !== to && reaches(other, to)))
    .map((to) => `  ${id(name)} --> ${id(to)}`))
  return ['```mermaid', 'flowchart TD', ...drawn.map(({ name, folder }) => `  ${id(name)}["${name}<br/><small>${folder}</small>"]`), ...arrows, '```'].join('\n')
}

function packageTable(): string {
  const rows = drawnPackages().map(({ name, folder, description, uses, npm }) => `| [\`${name}\`](${folder}) | ${cell(description)} | ${[...uses, ...npm].map((use) => `\`${use}\``).join(' ') || 'nothing'} |`)
  return ['| package | what | uses |', '|---|---|---|', ...rows].join('\n')
}

function layerDrawing(): string {
  const arrows = Object.entries(CORE_LAYERS).flatMap(([layer, below]) => below
    .filter((to) => !below.some((other) => other !== to && layerReaches(other, to)))
    .map((to) => `  ${layer} --> ${to}`))
  return ['```mermaid', 'flowchart TD', ...arrows, '```'].join('\n')
}

function layerReaches(from: string, to: string): boolean {
  return (CORE_LAYERS[from] ?? []).some((next) => next === to || layerReaches(next, to))
}

function id(name: string): string {
  return name.replace('@hedgerow/', '').replaceAll('-', '_')
}

/** A piece of code in a table; nothing where there is none. */
function codeCell(text: string | undefined | null): string {
  return text === undefined || text === null ? '' : `\`${text.replaceAll('|', '\\|')}\``
}

/** A text in a table: a bar would end the cell, and a tag would vanish. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
