/** Finds `hedgerow.config.ts`, loads it and checks every key. */
import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { HedgerowError } from '@hedgerow/core'
import { checkConfig } from '../backtest/options-schema.ts'
import type { HedgerowConfig } from './define-config.ts'
import { defaultExport } from './modules.ts'

/** Looked for in the working directory, in this order. */
export const CONFIG_NAMES: readonly string[] = ['hedgerow.config.ts', 'hedgerow.config.mts', 'hedgerow.config.js', 'hedgerow.config.mjs']

/** A configuration and where it is from. */
export interface LoadedConfig {
  readonly config: HedgerowConfig
  readonly path: string
  /** As errors name it. */
  readonly name: string
  /** Where its relative paths start. */
  readonly folder: string
}

/**
 * Loads the named file, or the one in the working directory; null when there is none and none was named.
 *
 * @throws HedgerowError `CONFIG_MISSING` when the named file does not exist, `MODULE_NOT_LOADED`, `UNKNOWN_KEY`, `CONFIG_INVALID`.
 */
export async function loadConfig(named: string | undefined, cwd: string): Promise<LoadedConfig | null> {
  const path = named === undefined ? CONFIG_NAMES.map((name) => resolve(cwd, name)).find((candidate) => existsSync(candidate)) : resolve(cwd, named)
  if (path === undefined) return null
  const name = relative(cwd, path) || path
  if (!existsSync(path)) throw new HedgerowError('CONFIG_MISSING', { where: '--config', found: `no file ${path}`, expected: 'a file whose default export is defineConfig({ ... })', remedy: 'Check the path; relative paths start at the working directory.' })
  const config = await defaultExport(pathToFileURL(path).href, name)
  if (typeof config !== 'object' || config === null) {
    throw new HedgerowError('CONFIG_INVALID', { where: name, found: config === undefined ? 'no default export' : `a default export of type ${typeof config}`, expected: 'export default defineConfig({ ... })' })
  }
  checkConfig(config, (key) => (key === '' ? name : `${name}, ${key}`))
  return { config: config as HedgerowConfig, path, name, folder: dirname(path) }
}
