import { defineConfig } from 'vitest/config'

/** Tests run from `src` with no build: the packages' export maps answer this condition with their sources. */
const conditions = ['@hedgerow/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Nothing here keeps global state, and a process for each file costs a third of the time.
    isolate: false,
    // As many as there are cores: the files that start processes wait more than they compute.
    maxWorkers: '100%',
    // For a machine that is busy with other work: nothing here waits for time to pass.
    testTimeout: 30_000,
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'test/**/*.test.ts',
      'tools/**/*.test.ts',
      'examples/**/*.test.ts',
    ],
  },
})
