/**
 * Makes what packages publish: one module for each entry of `exports` and, where entries share or load something late, chunks beside them.
 * A command that starts from a few files is at its first candle in half the time that hundreds of small ones take. Dependencies stay outside:
 * a strategy and the runner have to get the same `@hedgerow/core`. Declarations are the compiler's.
 *
 * `bundle.ts [FOLDER...]`: of these packages; of all without an argument.
 */
import { globSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { rolldown } from 'rolldown'

const ROOT = resolve(import.meta.dirname, '..')
/** Modules that are started by their file and not imported. */
const STARTED: Readonly<Record<string, readonly string[]>> = { hedgerow: ['src/main.ts', 'src/sweep/trial-worker.ts'] }

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string | { readonly '@hedgerow/source': string; readonly default: string }>>
}

const given = process.argv.slice(2)
const folders = given.length > 0 ? given.map((folder) => resolve(folder)) : globSync('{packages,apps}/*/package.json', { cwd: ROOT }).map((file) => dirname(join(ROOT, file)))
for (const folder of folders) await bundle(folder)

async function bundle(folder: string): Promise<void> {
  const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const dist = join(folder, 'dist')
  for (const old of globSync('**/*.js{,.map}', { cwd: dist })) if (old !== 'page.js') rmSync(join(dist, old))
  const exported = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [] : [[relative('dist', entry.default).replace(/\.js$/, ''), entry['@hedgerow/source']] as const]))
  const started = (STARTED[name] ?? []).map((file) => [file.replace(/^.*\//, '').replace(/\.ts$/, ''), file] as const)
  const build = await rolldown({
    cwd: folder, platform: 'node', logLevel: 'warn', treeshake: { moduleSideEffects: true },
    input: Object.fromEntries([...exported, ...started].map(([entry, file]) => [entry, resolve(folder, file)])),
    external: (id) => !/^[./]|^@oxc-project/.test(id),
  })
  try {
    await build.write({ dir: dist, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', sourcemap: true, keepNames: true })
  } finally {
    await build.close()
  }
}
