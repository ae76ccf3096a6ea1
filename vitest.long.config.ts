import { defineConfig } from 'vitest/config'
import config from './vitest.config.ts'

/** The files with tests that take long: processes that are killed, pages of every example, whole ranges of real data. */
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: ['test/chaos/**/*.test.ts', 'test/crash/**/*.test.ts', 'test/pitfalls/**/*.test.ts', 'test/live/burst.test.ts', 'test/live/local-venue.test.ts', 'test/docs.test.ts', 'test/report/page.test.ts', 'test/report/figures.test.ts', 'test/report/eth-counterfactual.test.ts', 'test/sweep.test.ts', 'test/four-symbols.test.ts'],
    env: { HEDGEROW_TESTS: 'all', HEDGEROW_WHOLE_RANGE: '1' },
  },
})
