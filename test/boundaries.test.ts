/** The arrows between packages and between the layers of core, checked over the manifests and the sources themselves. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { CORE_LAYERS, CORE_ROOT, DECIMAL_HOME, ENTRIES, PACKAGES } from '../tools/boundaries.ts'

const ROOT = join(import.meta.dirname, '..')
const CORE_SRC = 'packages/core/src'
const VENUES = /bybit|binance|okx/i

const names = z.record(z.string(), z.string()).default({})
const Manifest = z.object({
  name: z.string(),
  license: z.literal('MIT'),
  type: z.literal('module'),
  sideEffects: z.literal(false),
  publishConfig: z.object({ access: z.literal('public') }),
  dependencies: names,
  peerDependencies: names,
  devDependencies: names,
})

/** One `import` or `export ... from` of a source file. */
interface Import {
  readonly file: string
  readonly specifier: string
}

const isTest = (file: string): boolean => file.endsWith('.test.ts')
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const sourcesOf = (folder: string): string[] =>
  globSync(`${folder}/src/**/*.ts`, { cwd: ROOT }).map((file) => file.replaceAll('\\', '/')).toSorted()

/** Static, re-exporting, side-effect and dynamic imports. Block comments go first: examples in them are not code. */
function importsIn(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '')
  const found = code.matchAll(/(?:^|[;\s}])(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g)
  return [...found].flatMap((match) => match[2] ?? [])
}

const importsOf = (files: readonly string[]): Import[] =>
  files.flatMap((file) => importsIn(read(file)).map((specifier) => ({ file, specifier })))

const packageOf = (specifier: string): string =>
  specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
const isRelative = (specifier: string): boolean => specifier.startsWith('.')
const isWorkspace = (name: string): boolean => name === 'hedgerow' || name.startsWith('@hedgerow/')
const show = ({ file, specifier }: Import): string => `${file} imports ${specifier}`

const manifestOf = (folder: string): z.infer<typeof Manifest> => Manifest.parse(JSON.parse(read(`${folder}/package.json`)))
const runtimeDependencies = (folder: string): string[] => {
  const { dependencies, peerDependencies } = manifestOf(folder)
  return Object.keys({ ...dependencies, ...peerDependencies })
}

test('imports are found in every form', () => {
  const text = `
    import { a } from 'a'; import type { b } from "b"
    import 'c'
    export { d } from './d.ts'
    const e = await import('e')
    /** import { x } from 'x' */
    import {
      f,
    } from '@scope/f/sub'
  `
  expect(importsIn(text)).toEqual(['a', 'b', 'c', './d.ts', 'e', '@scope/f/sub'])
})

test('every workspace package is in the table, under its name', () => {
  const folders = globSync('{packages,apps}/*/package.json', { cwd: ROOT }).map((file) => dirname(file).replaceAll('\\', '/'))
  expect(folders.toSorted()).toEqual(Object.keys(PACKAGES).toSorted())
  for (const [folder, rule] of Object.entries(PACKAGES)) expect(manifestOf(folder).name).toBe(rule.name)
})

describe.each(Object.entries(PACKAGES))('%s', (folder, rule) => {
  const sources = sourcesOf(folder).filter((file) => !isTest(file))
  // A package that names itself shows how it is imported: in a help text.
  const outside = importsOf(sources).filter(({ specifier }) => !isRelative(specifier) && !specifier.startsWith('node:') && specifier !== rule.name)
  const workspaceFor = (file: string): string[] => [
    ...rule.workspace,
    ...Object.entries(rule.folders ?? {}).flatMap(([path, more]) => (file.startsWith(`${folder}/${path}/`) ? more : [])),
  ]

  test('declares only what the table allows', () => {
    const allowed = [...rule.workspace, ...Object.values(rule.folders ?? {}).flat(), ...rule.npm]
    expect(runtimeDependencies(folder).filter((name) => !allowed.includes(name))).toEqual([])
  })

  test('has what it bundles for its own build alone', () => {
    const { bundled = [] } = rule
    expect(Object.keys(manifestOf(folder).devDependencies)).toEqual(expect.arrayContaining([...bundled]))
    expect(runtimeDependencies(folder).filter((name) => bundled.includes(name))).toEqual([])
  })

  test('imports only what it declares', () => {
    const declared = [...runtimeDependencies(folder), ...rule.bundled ?? []]
    expect(outside.filter(({ specifier }) => !declared.includes(packageOf(specifier))).map(show)).toEqual([])
  })

  test('imports only the workspace packages that the table allows, by their index and the entries of the table', () => {
    const wrong = outside.filter(({ file, specifier }) => {
      const name = packageOf(specifier)
      const entry = specifier === name || ENTRIES.includes(specifier)
      return isWorkspace(name) && !(workspaceFor(file).includes(name) && entry)
    })
    expect(wrong.map(show)).toEqual([])
  })

  test('stays inside its own folder with relative imports, and names the extension', () => {
    const wrong = importsOf(sourcesOf(folder)).filter(({ file, specifier }) => {
      const target = posix.join(posix.dirname(file), specifier)
      return isRelative(specifier) && !(target.startsWith(`${folder}/`) && target.endsWith('.ts'))
    })
    expect(wrong.map(show)).toEqual([])
  })
})

/** Declarations keep what they import as types, and a package without types of its own leaves whoever checks them with an error. */
test('no package names types that its users do not get', () => {
  const typeless = Object.keys(z.object({ devDependencies: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json'))).devDependencies).filter((name) => name.startsWith('@types/') && name !== '@types/node').map((name) => name.slice('@types/'.length))
  expect(typeless).toContain('ws')
  const named = Object.keys(PACKAGES).flatMap(sourcesOf).filter((file) => !isTest(file)).flatMap((file) => (
    [...read(file).matchAll(/^(?:import|export) (type )?(.*) from '([^']+)'/gm)].filter(([, whole, what, from]) => (whole !== undefined || /\btype /.test(what ?? '')) && typeless.includes(packageOf(from ?? ''))).map(([line]) => `${file}: ${line}`)))
  expect(named).toEqual([])
})

test('drivers peer-depend on core', () => {
  const drivers = Object.keys(PACKAGES).filter((folder) => folder.startsWith('packages/driver-'))
  for (const folder of drivers) expect(Object.keys(manifestOf(folder).peerDependencies)).toEqual(['@hedgerow/core'])
})

test('drivers never import each other, and nothing imports the runner', () => {
  const rules = Object.values(PACKAGES)
  const drivers = rules.filter(({ name }) => name.startsWith('@hedgerow/driver-'))
  // The glue for ccxt venues is not a driver: it has no venue of its own.
  const imported = drivers.flatMap(({ workspace }) => workspace).filter((name) => name !== '@hedgerow/driver-ccxt')
  expect(imported.filter((name) => name.startsWith('@hedgerow/driver-'))).toEqual([])
  expect(rules.flatMap(({ workspace }) => workspace)).not.toContain('hedgerow')
})

describe('core', () => {
  const files = sourcesOf('packages/core')
  const code = files.filter((file) => !isTest(file))

  test('names no venue, not even in a comment or a test', () => {
    expect(files.filter((file) => VENUES.test(file) || VENUES.test(read(file)))).toEqual([])
  })

  test('only the decimal module imports decimal.js', () => {
    const everywhere = Object.keys(PACKAGES).flatMap(sourcesOf)
    const importers = importsOf(everywhere).filter(({ specifier }) => packageOf(specifier) === 'decimal.js')
    expect(new Set(importers.map(({ file }) => file))).toEqual(new Set([DECIMAL_HOME]))
  })

  test('every folder is a layer of the table', () => {
    const folders = code.map((file) => file.slice(CORE_SRC.length + 1).split('/')).filter((path) => path.length > 1)
    expect([...new Set(folders.map(([layer]) => layer))].filter((layer) => !Object.hasOwn(CORE_LAYERS, layer ?? ''))).toEqual([])
  })

  test.each(Object.entries(CORE_LAYERS))('%s imports only the layers below it', (layer, below) => {
    const home = `${CORE_SRC}/${layer}/`
    const wrong = importsOf(code.filter((file) => file.startsWith(home))).filter(({ file, specifier }) => {
      const [first = '', ...rest] = posix.relative(CORE_SRC, posix.join(posix.dirname(file), specifier)).split('/')
      const allowed = rest.length === 0 ? CORE_ROOT.includes(first) : first === layer || below.includes(first)
      return isRelative(specifier) && !allowed
    })
    expect(wrong.map(show)).toEqual([])
  })

  test('no file of it opens the outside', () => {
    expect(importsOf(code).filter(({ specifier }) => specifier.startsWith('node:')).map(show)).toEqual([])
  })
})
