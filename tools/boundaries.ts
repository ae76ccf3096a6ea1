/**
 * Who may import whom: the one table behind the lint rules (`oxlint.config.ts`) and `test/boundaries.test.ts`.
 * Arrows point one way; a package that is not listed here fails the test.
 */

/** What one workspace package may use. */
export interface PackageRule {
  readonly name: string
  /** Workspace packages it may import, by name. */
  readonly workspace: readonly string[]
  /** Workspace packages that only a folder of it may import. */
  readonly folders?: Readonly<Record<string, readonly string[]>>
  /** npm packages it may import and must declare. */
  readonly npm: readonly string[]
  /** Those of which nobody else needs the same instance: they come along in what is published, so whoever installs it does not install them. */
  readonly bundled?: readonly string[]
  /** Folders under the package that are synchronous and deterministic: no I/O, clock, timer, randomness or promise. */
  readonly pure: readonly string[]
  /** True for a package that may use Node's own modules: sockets and files are its business. */
  readonly node?: boolean
}

const CORE = '@hedgerow/core'
const SDK = '@hedgerow/strategy-sdk'
const SANDBOX = '@hedgerow/driver-sandbox'
const BYBIT = '@hedgerow/driver-bybit'
const BINANCE = '@hedgerow/driver-binance'
const CCXT = '@hedgerow/driver-ccxt'
const LAB = '@hedgerow/venue-lab'
const REPORT = '@hedgerow/report'

/** What may be imported beside the index of a package. */
export const ENTRIES: readonly string[] = [`${CORE}/zod`, `${SDK}/testing`, `${SDK}/signals`, `${REPORT}/run`]

/** Layers of `packages/core/src`: each folder with the folders it may import. Files beside the folders are `CORE_ROOT`. */
export const CORE_LAYERS: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ['domain'],
  state: ['domain', 'ports', 'metrics'],
  driver: ['domain', 'ports'],
  broker: ['domain', 'ports', 'state', 'driver'],
  session: ['domain', 'ports', 'state', 'driver', 'broker', 'metrics'],
  metrics: ['domain'],
  live: ['domain', 'ports', 'state', 'driver', 'broker', 'session', 'metrics'],
}

/** Layers that may await: the live pump is where promises live. */
export const CORE_ASYNC: readonly string[] = ['live']

/** Files beside the layers that every layer may import. */
export const CORE_ROOT: readonly string[] = ['errors.ts', 'zod.ts']

/** The packages by folder. */
export const PACKAGES: Readonly<Record<string, PackageRule>> = {
  'packages/core': {
    name: CORE,
    workspace: [],
    npm: ['decimal.js', 'zod'],
    pure: Object.keys(CORE_LAYERS).filter((layer) => !CORE_ASYNC.includes(layer)).map((layer) => `src/${layer}`),
  },
  'packages/strategy-sdk': {
    name: SDK,
    workspace: [CORE],
    folders: { 'src/testing': [SANDBOX] },
    npm: ['trading-signals'],
    pure: ['src'],
  },
  'packages/driver-sandbox': { name: SANDBOX, workspace: [CORE], npm: [], pure: ['src'] },
  'packages/driver-ccxt': { name: CCXT, workspace: [CORE], npm: ['ccxt'], pure: [], node: true },
  'packages/driver-bybit': { name: BYBIT, workspace: [CORE, CCXT], npm: [], pure: [] },
  'packages/driver-binance': { name: BINANCE, workspace: [CORE], npm: [], pure: [] },
  'packages/venue-lab': { name: LAB, workspace: [CORE, SANDBOX], npm: ['ws'], pure: [], node: true },
  'packages/report': { name: REPORT, workspace: [CORE], npm: ['@resvg/resvg-js', 'lightweight-charts'], pure: [], node: true },
  'apps/runner': {
    name: 'hedgerow',
    workspace: [CORE, SDK, SANDBOX, BYBIT, BINANCE, REPORT, LAB],
    npm: ['hyparquet', 'hyparquet-writer', 'pino'],
    bundled: ['commander', 'reflect-metadata', 'tsyringe'],
    pure: [],
  },
}

/** The only file that imports decimal.js. */
export const DECIMAL_HOME = 'packages/core/src/domain/decimal.ts'

/** Globals that would make two runs of the same input differ, or reach outside the program. */
export const IMPURE_GLOBALS: readonly string[] = [
  'process', 'performance', 'crypto', 'fetch', 'console', 'Buffer', 'require', 'globalThis',
  'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Intl', 'Worker', 'Atomics',
]
