/** Where the data folder is. */
import { resolve } from 'node:path'

/** The folder in the working directory, where nothing else is said. */
export const DEFAULT_DATA_FOLDER = 'hedgerow-data'

/** The variable that names another. */
export const DATA_FOLDER_VARIABLE = 'HEDGEROW_DATA'

/** The absolute path: what was given (a flag, a key), else what the environment names, else `hedgerow-data` here. */
export function dataFolder(given: string | undefined, cwd: string): string {
  const named = process.env[DATA_FOLDER_VARIABLE]
  return resolve(cwd, given ?? (named === undefined || named === '' ? DEFAULT_DATA_FOLDER : named))
}
