/** What the linter enforces; the import boundaries come from the table in `tools/boundaries.ts`. */
import { defineConfig } from 'oxlint'
import type { DummyRuleMap as Rules, OxlintOverride } from 'oxlint'
import { CORE_LAYERS, DECIMAL_HOME, ENTRIES, IMPURE_GLOBALS, PACKAGES } from './tools/boundaries.ts'
import type { PackageRule } from './tools/boundaries.ts'

/** Imports that match one of the globs are an error, unless a later glob with `!` takes them back. */
interface Forbidden {
  group: string[]
  message: string
}

const decimalPath = { name: 'decimal.js', message: 'Only domain/decimal.ts imports decimal.js: import Decimal from there.' }
const noRunner: Forbidden = { group: ['hedgerow', 'hedgerow/*'], message: 'Nothing imports the runner.' }
const noNode: Forbidden = { group: ['node:*'], message: 'No I/O here: files, processes and sockets live in the runner and in drivers.' }

/** One group that forbids every workspace package but the allowed ones. */
const workspaceExcept = (allowed: readonly string[]): Forbidden => ({
  group: ['@hedgerow/*', '@hedgerow/*/*', ...[...allowed, ...ENTRIES.filter((entry) => allowed.some((name) => entry.startsWith(`${name}/`)))].map((name) => `!${name}`)],
  message: allowed.length === 0 ? 'This package imports no other.' : `Only ${allowed.join(' and ')} may be imported here.`,
})

const pureRules: Rules = {
  'no-restricted-globals': ['error', ...IMPURE_GLOBALS.map((name) => ({ name, message: 'Not deterministic, or reaches outside: use a port.' }))],
  'no-restricted-properties': ['error',
    { object: 'Math', property: 'random', message: 'Randomness comes seeded, through a port.' },
    { object: 'Date', property: 'now', message: 'Time comes from the event or the Clock port.' },
    { property: 'localeCompare', message: 'The order depends on the machine: compare with < and >.' },
    { property: 'toLocaleString', message: 'The text depends on the machine.' },
  ],
  'hedgerow/synchronous-and-clockless': 'error',
}

const imports = (patterns: Forbidden[], paths = [decimalPath]): Rules =>
  ({ 'no-restricted-imports': ['error', { paths, patterns }] })

function packageOverrides([folder, rule]: [string, PackageRule]): OxlintOverride[] {
  const pure = rule.pure.map((path) => `${folder}/${path}/**`)
  const isLibrary = folder.startsWith('packages/')
  const patterns = [workspaceExcept(rule.workspace), ...(isLibrary ? [noRunner] : []), ...(isLibrary && rule.node !== true ? [noNode] : [])]
  return [
    { files: [`${folder}/src/**`], rules: imports(patterns) },
    ...Object.entries(rule.folders ?? {}).map(([path, more]): OxlintOverride => (
      { files: [`${folder}/${path}/**`], rules: imports([workspaceExcept([...rule.workspace, ...more]), noRunner, noNode]) })),
    ...(pure.length === 0 ? [] : [{ files: pure, rules: pureRules }]),
  ]
}

const layerOverrides = Object.entries(CORE_LAYERS).map(([layer, below]): OxlintOverride => {
  const above = Object.keys(CORE_LAYERS).filter((other) => other !== layer && !below.includes(other))
  const upward: Forbidden = {
    group: [...above.map((other) => `../${other}/**`), '../index.ts', '@hedgerow/*'],
    message: `core/${layer} imports only ${below.length === 0 ? 'itself' : below.join(', ')}, errors.ts and zod.ts.`,
  }
  return { files: [`packages/core/src/${layer}/**`], rules: imports([upward, noRunner, noNode]) }
})

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest'],
  jsPlugins: ['./tools/lint/plugin.ts'],
  ignorePatterns: ['**/dist/**', '**/node_modules/**', '**/*.cjs'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true, denyWarnings: true },
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    // Brands are made by an assertion inside their own constructor.
    'typescript/no-unsafe-type-assertion': 'off',
    'hedgerow/no-double-assertion': 'error',
    'import/no-default-export': 'error',
    'import/no-cycle': 'error',
    'unicorn/require-module-specifiers': 'off',
    'unicorn/no-array-sort': 'off',
    'eqeqeq': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  },
  overrides: [
    { files: ['packages/*/src/**'], rules: { 'no-console': 'error', 'hedgerow/no-private-accessor': 'error' } },
    { files: ['core', 'strategy-sdk', 'driver-sandbox'].map((name) => `packages/${name}/src/**`), rules: { 'hedgerow/no-literal-destructuring': 'error' } },
    ...Object.entries(PACKAGES).flatMap(packageOverrides),
    ...layerOverrides,
    { files: [DECIMAL_HOME], rules: imports([noRunner, noNode], []) },
    {
      files: ['**/*.test.ts', 'test/**'],
      rules: {
        'max-lines': 'off', 'max-lines-per-function': 'off',
        'no-restricted-imports': 'off', 'no-restricted-globals': 'off', 'no-restricted-properties': 'off',
        'hedgerow/synchronous-and-clockless': 'off', 'hedgerow/no-literal-destructuring': 'off', 'vitest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*'] }], 'vitest/valid-expect': ['error', { maxArgs: 2 }],
      },
    },
    { files: ['*.config.ts', 'examples/**', 'tools/lint/plugin.ts', 'tools/bench/strategies/**'], rules: { 'import/no-default-export': 'off' } },
  ],
})
