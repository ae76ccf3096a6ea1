/** What makes bundled code start quickly: steps of the bundler. */
import { pathToFileURL } from 'node:url'
import type { OutputBundle, OutputChunk, Plugin } from 'rolldown'

/** Modules of Node that are loaded by the first call of one of their functions. */
export const LATE: ReadonlySet<string> = new Set(['node:child_process', 'node:crypto', 'node:fs/promises', 'node:readline', 'node:vm', 'node:zlib'])

/** Functions of Node's own modules that take a while to load: the first call loads them, and few commands come to it. */
export const lateBuiltins: Plugin = {
  name: 'late-builtins',
  resolveId: (id) => (LATE.has(id) ? `\0late:${id}` : null),
  async load(id) {
    const builtin = id.split('\0late:')[1]
    if (builtin === undefined) return null
    const { default: whole } = await import(builtin) as { default: Readonly<Record<string, unknown>> }
    const loaded = `globalThis.process.getBuiltinModule(${JSON.stringify(builtin)})`
    const names = Object.keys(whole)
    const waits = (name: string): boolean => typeof whole[name] === 'function' && /^[a-z]/.test(name)
    return [
      ...names.filter(waits).map((name) => `export const ${name} = (...given) => ${loaded}.${name}(...given);`),
      ...names.filter((name) => name === 'constants').map((name) => `export const ${name} = ${JSON.stringify(whole[name])};`),
      `export default { ${names.filter(waits).join(', ')} };`,
    ].join('\n')
  },
}

/** Zod's messages in English. Those in fifty other languages are half of its code; whoever calls for one is told where it is. */
export const englishOnly: Plugin = {
  name: 'english-only',
  async load(id) {
    if (!/[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/.test(id)) return null
    const others = Object.keys(await import(pathToFileURL(id).href) as object).filter((name) => name !== 'en')
    return ['export { default as en } from "./en.js";', ...others.map((name) => `export const ${name} = () => { throw new Error(${told(name)}); };`)].join('\n')
  },
}

function told(name: string): string {
  return JSON.stringify(`@hedgerow/core/zod has the messages of zod in English only: import { ${name} } from 'zod/locales'`)
}

/** Fewer files and cheaper code: no chunk that only passes on what another has, and the helpers of the bundler in each chunk that calls them. */
export const quickToLoad: Plugin = { name: 'quick-to-load', generateBundle: (_, files) => { shorten(files) } }

function shorten(files: OutputBundle): void {
  const chunks = Object.values(files).filter((file) => file.type === 'chunk')
  const helpers = chunks.find(({ name }) => name === 'rolldown-runtime')
  const targets = new Map(chunks.flatMap(({ fileName, isEntry, code }) => {
    const [, names = ' as ', target] = /^export \{([^}]*)\} from "\.\/([^"]+)";\s*$/.exec(code) ?? []
    return isEntry || target === undefined || names.includes(' as ') ? [] : [[fileName, target] as const]
  }))
  for (const chunk of chunks) {
    if (chunk === helpers || targets.has(chunk.fileName)) delete files[chunk.fileName]
    else chunk.code = cheaper(withHelpers(chunk.code, helpers).replace(/(?<=\bimport\("\.\/)([^"]+)(?="\))/g, (file) => targets.get(file) ?? file))
  }
}

function withHelpers(code: string, helpers: OutputChunk | undefined): string {
  if (helpers === undefined) return code
  const own = helpers.code.replace(/^(?:\/\/|export ).*$/gm, '').replaceAll(/\s*\n\s*/g, ' ').trim()
  const from = `from "./${helpers.fileName}";`
  return code.replace(`import "./${helpers.fileName}";`, '').replace(/^import \{ [\w, ]+ \} from "([^"]+)";/gm, (line) => (line.endsWith(from) ? own : line))
}

/**
 * The same code, loaded for less. An import of one of Node's own modules reads everything that it exports, and loads what only stands behind
 * some of it; the module itself does not. A text without a letter beyond ASCII is decoded and kept in a fraction of the time. Lines stay
 * where they are, so source maps hold.
 */
function cheaper(code: string): string {
  return code
    .replace(/^import (?:([\w$]+))?(?:, )?(?:\* as ([\w$]+))?(\{[^}]+\})? from "(node:[a-z/_]+)";$/gm, (_, whole: string | undefined, all: string | undefined, names: string | undefined, id: string) => (
      [whole, all, names?.replaceAll(' as ', ': ')].flatMap((name) => (name === undefined ? [] : [`const ${name} = globalThis.process.getBuiltinModule("${id}");`])).join(' ')))
    .replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
