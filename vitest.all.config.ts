import { mergeConfig } from 'vitest/config'
import config from './vitest.config.ts'

/** All tests, with those that take long. */
export default mergeConfig(config, { test: { env: { HEDGEROW_TESTS: 'all' } } })
