/** Finds and loads the user's own modules: configuration and strategies, as TypeScript or JavaScript. */
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { HedgerowError } from '@hedgerow/core'

const LOOKS_LIKE_PATH = /^[./~]|^[A-Za-z]:[\\/]|\\|\.[cm]?[jt]s$/

/**
 * The URL of a strategy: a file from a folder on, or an installed package as a module of that folder would find it.
 *
 * @throws HedgerowError `UNKNOWN_STRATEGY`.
 */
export function strategyUrl(specifier: string, folder: string): string {
  if (specifier.startsWith('file:')) return specifier
  if (LOOKS_LIKE_PATH.test(specifier)) {
    const path = resolve(folder, specifier)
    if (existsSync(path)) return pathToFileURL(path).href
    throw new HedgerowError('UNKNOWN_STRATEGY', { where: 'strategy', found: `no file ${path}`, expected: 'a file whose default export is a class that extends Strategy' })
  }
  try {
    return packageUrl(specifier, folder)
  } catch (cause) {
    const beside = existsSync(resolve(folder, specifier)) ? `Write ./${specifier} for the file of this name, or install the package.` : `Run npm install ${specifier}, or write ./${specifier}.ts for a file.`
    throw new HedgerowError('UNKNOWN_STRATEGY', { where: 'strategy', found: `no package "${specifier}" installed for ${folder}`, expected: 'an installed package, or a path', remedy: beside, cause })
  }
}

/**
 * Loads a module and gives its default export.
 *
 * @throws HedgerowError `MODULE_NOT_LOADED` with the module's own error as cause.
 */
export async function defaultExport(url: string, shownAs: string): Promise<unknown> {
  let module: unknown
  try {
    module = await import(url)
  } catch (cause) {
    throw new HedgerowError('MODULE_NOT_LOADED', { where: shownAs, found: cause instanceof Error ? `${cause.name}: ${firstLine(cause.message)}` : String(cause), expected: 'a module that loads', cause })
  }
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
}

/** What `import` would find from a module in this folder. */
function packageUrl(name: string, folder: string): string {
  const parentURL = pathToFileURL(resolve(folder, 'hedgerow.config.ts')).href
  const hooks = registerHooks({ resolve: (specifier, context, next) => next(specifier, { ...context, parentURL }) })
  try {
    return import.meta.resolve(name)
  } finally {
    hooks.deregister()
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
