/**
 * Makes what packages publish: one module for each entry of `exports` and, where entries share or load something late, chunks beside them.
 * A command that starts from a few files is at its first candle in a fraction of the time that hundreds of small ones take. Dependencies stay
 * outside, for a strategy and the runner have to get the same `@hedgerow/core`, but for those of which nobody else needs the same instance: they
 * come along, with their licences. Declarations are the compiler's.
 *
 * `bundle.ts [FOLDER...]`: of these packages; of all without an argument.
 */
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { PACKAGES } from './boundaries.ts'
import { englishOnly, LATE, lateBuiltins, quickToLoad } from './quick-to-load.ts'

const ROOT = resolve(import.meta.dirname, '..')
/** Modules that are started by their file and not imported. */
const STARTED: Readonly<Record<string, readonly string[]>> = { hedgerow: ['src/main.ts', 'src/sweep/trial-worker.ts'] }
/** Modules that become one chunk with all that they import: what is needed together is then read in one go. */
const WHOLE: Readonly<Record<string, readonly string[]>> = {
  '@hedgerow/core': ['src/zod.ts'], '@hedgerow/strategy-sdk': ['src/index.ts'], '@hedgerow/report': ['src/run.ts'], hedgerow: ['src/cli/command.ts', 'src/cli/backtest-command.ts'],
}
/** What is bundled beside the packages of the table: core's declarations name both, so they stay dependencies too; tsyringe needs tslib. */
const INSIDE: Readonly<Record<string, readonly string[]>> = { '@hedgerow/core': ['decimal.js', 'zod'], hedgerow: ['tslib'] }
/** Licences of what is bundled. */
const NOTICES = 'THIRD-PARTY-NOTICES.txt'

interface Manifest {
  readonly name: string
  readonly version: string
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
  const inside = [...Object.values(PACKAGES).find((rule) => rule.name === name)?.bundled ?? [], ...INSIDE[name] ?? []]
  const build = await rolldown({
    cwd: folder, platform: 'node', logLevel: 'warn', treeshake: { moduleSideEffects: true }, preserveEntrySignatures: 'allow-extension',
    input: Object.fromEntries([...exported, ...started].map(([entry, file]) => [entry, resolve(folder, file)])),
    external: (id) => !/^[./\0]|^@oxc-project/.test(id) && !inside.includes(id) && !LATE.has(id),
    plugins: [lateBuiltins, englishOnly, quickToLoad],
  })
  try {
    const { output } = await build.write({
      dir: dist, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', sourcemap: true, keepNames: true, minifyInternalExports: false, comments: { legal: true, annotation: false, jsdoc: false },
      codeSplitting: { groups: (WHOLE[name] ?? []).map((file) => ({ name: basename(file, '.ts'), test: (id) => id === resolve(folder, file) })) },
    })
    writeNotices(dist, output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : [])))
  } finally {
    await build.close()
  }
}

/** Whose code is in these modules, and under which licence. */
function writeNotices(dist: string, modules: readonly string[]): void {
  const packages = [...new Set(modules.flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? []))].toSorted()
  rmSync(join(dist, NOTICES), { force: true })
  if (packages.length > 0) writeFileSync(join(dist, NOTICES), packages.map(noticeOf).join('\n'))
}

function noticeOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const [licence] = globSync('{LICENSE,LICENCE,COPYING}*', { cwd: folder })
  if (licence === undefined) throw new Error(`bundle: ${name} is bundled and has no licence file in ${folder}`)
  return `${name} ${version}\n\n${readFileSync(join(folder, licence), 'utf8').trim()}\n\n${'-'.repeat(80)}\n`
}
